#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "geo/live_zones.hpp"

namespace swiftlet::dispatch {

/// What an operator can do. The target is a flight or its drone (hold … divert), an order (reassign, cancel, recall), a
/// drone (withdraw_drone, reinstate_drone), a pad, a merchant or a zone; weather_hold, ground_stop and their ends have
/// none.
enum class OperatorVerb {
  hold,         ///< hovers where it is; on the ground it does not leave
  resume,       ///< goes on after a hold
  return_home,  ///< "return": turns round to its own slot, with the parcel if that is aboard
  land,         ///< straight down where it is: an emergency, the only move without a proven route
  divert,       ///< to a free slot of `args.pad`, and home from there
  reassign,     ///< takes an order whose parcel is not aboard off its drone; `args.drone` is to have it instead
  cancel,       ///< as the merchant's own cancel
  recall,       ///< a parcel that is aboard comes back
  close_pad,    ///< nobody departs to it; who flies to it holds, then goes elsewhere
  open_pad,
  pause_merchant,  ///< no new quotes and orders; those accepted are flown
  resume_merchant,
  weather_hold,  ///< nobody departs, nothing new is accepted
  weather_clear,
  insert_zone,  ///< `args.zone`: flights through it are planned anew at once
  remove_zone,
  ground_stop,     ///< nobody departs; new orders wait
  ground_resume,   ///< departures are let go one by one
  withdraw_drone,  ///< no work until it is reinstated; what it flies it finishes
  reinstate_drone,
  erase_note,  ///< the personal data of an order, which stands beside the journal
};

/// As it stands on the wire: "hold", "return", "close_pad" …
[[nodiscard]] std::string_view name(OperatorVerb verb);
[[nodiscard]] std::optional<OperatorVerb> operator_verb(std::string_view name);

struct OperatorArguments {
  std::string reason = {};         ///< in the operator's words; stands in the audit log and in merchants' histories
  std::string pad = {};            ///< of divert
  std::string drone = {};          ///< of reassign; empty: any other
  std::string zone_document = {};  ///< of insert_zone: the zone as published, JSON; its id is the command's target
  /// The zone read and placed in the airspace's frame, and the hash of the version that has it, or has it no more. Put
  /// in by the service, which holds the airspace, before the core sees the command.
  std::shared_ptr<const geo::LiveZone> zone = {};
  std::string airspace_hash = {};
};

/// One command, as the gateway hands it in. `command_id` is the client's Idempotency-Key: the same command again gets
/// the same answer, another one under the same id is a conflict.
struct OperatorCommand {
  std::string command_id = {};
  std::string by = {};  ///< who is logged in
  OperatorVerb verb = OperatorVerb::hold;
  std::string target = {};
  OperatorArguments args = {};
};

/// One thing that a command changes or makes happen.
struct OperatorEffect {
  std::string kind = {};      ///< order, flight, drone, pad, merchant, zone or service
  std::string id = {};        ///< empty for the service
  std::string from = {};      ///< its state now, in one word
  std::string to = {};        ///< and after
  std::string text = {};      ///< one sentence
  std::string merchant = {};  ///< of an order
};

struct OperatorResult {
  std::string command_id = {};
  std::string state = {};  ///< preview, done, or refused
  std::vector<OperatorEffect> effects = {};
  std::optional<Error> error = {};  ///< of a refused one: not_found, conflict, too_late, bad_request, pad_full …
};

}  // namespace swiftlet::dispatch
