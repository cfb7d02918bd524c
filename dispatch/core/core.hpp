#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "dispatch/core/drone_desk.hpp"
#include "dispatch/core/effects.hpp"
#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/fleet_picture.hpp"
#include "dispatch/core/merchant_desk.hpp"
#include "dispatch/core/operator_command.hpp"

namespace swiftlet::dispatch {

/// The dispatcher: orders and fleet as a deterministic state machine. Inputs in, effects out; it reads no clock,
/// socket, file or random source, so the same inputs give the same effects, and the journal's records alone give the
/// same durable state.
///
/// Inputs carry service time, which must not fall. The caller journals and syncs `records` before any frame leaves.
///
///     core.on_merchant_frame(now, peer, frame);
///     core.tick(now);
///     Effects effects = core.take_effects();   // journal, then send, then plan
class Core {
 public:
  explicit Core(FleetConfig config);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  /// Before anything else: what the journal holds, in its order. Throws BrokenInvariant if it contradicts itself.
  void replay(const Record& record);
  /// Begins a new epoch.
  void start(UtcTime now, const std::string& airspace_hash = {});

  void on_merchant_frame(UtcTime now, const MerchantPeer& peer, std::string_view frame);
  void on_drone_frame(UtcTime now, const DronePeer& peer, std::string_view frame);
  /// The same for a drone in this process, which need not put its message into text first. Precondition: the message
  /// is one that the text's reader would have let in.
  void on_drone_message(UtcTime now, const DronePeer& peer, const DroneMessage& message);
  void on_plan_answer(UtcTime now, const PlanAnswer& answer);
  /// Several times a wall second, whether or not anything came in.
  void tick(UtcTime now);

  /// What an operator's command would do. Changes nothing.
  [[nodiscard]] OperatorResult preview(UtcTime now, const OperatorCommand& command);
  /// Carries it out. The result comes with the effects, and counts once the records beside it have been synced.
  void on_operator_command(UtcTime now, const OperatorCommand& command);

  /// No new orders from here on.
  void drain();

  /// What the inputs since the last call have led to.
  [[nodiscard]] Effects take_effects();

  /// The ETA frames of this second for one merchant.
  [[nodiscard]] std::vector<std::string> eta_frames(UtcTime now, const std::string& merchant);

  /// What an operator sees now: all of it, or only the drones.
  [[nodiscard]] FleetPicture picture(UtcTime now, bool whole);
  /// Why a drone has its order, for an operator. Errors: not_found.
  [[nodiscard]] Expected<nlohmann::json> explain_flight(UtcTime now, const std::string& flight_id);
  [[nodiscard]] bool knows_profile(const std::string& profile) const;

  [[nodiscard]] const DispatchState& state() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The answer to a message of several frames, which is none.
[[nodiscard]] std::string multipart_refusal();

}  // namespace swiftlet::dispatch
