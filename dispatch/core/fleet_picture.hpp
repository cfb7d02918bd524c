#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/core/fleet_link.hpp"
#include "dispatch/core/forecast.hpp"
#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch {

/// One drone as an operator sees it. What is absent is not known.
struct DronePicture {
  std::string id = {};
  std::string profile = {};
  std::string home_pad = {};
  LinkState link = LinkState::silent;
  std::optional<UtcTime> heard_at = {};
  std::optional<Telemetry> telemetry = {};
  double battery_wh = 0.0;
  double battery_full_wh = 0.0;
  double battery_reserve_wh = 0.0;
  bool awaiting_swap = false;
  std::string withdrawn = {};    ///< why it gets no work; empty: it may
  std::string maintenance = {};  ///< why an operator keeps it on the ground; empty: nobody does
  std::string flight_id = {};
  std::string order_id = {};
  std::string purpose = {};    ///< of the flight's current leg
  std::string leg_phase = {};  ///< waiting, issued, flying, landed
  std::string steer = {};      ///< what the flight was told beside its mission; empty: nothing
  std::string steer_cause = {};
};

/// One order with what is expected of it now.
struct OrderPicture {
  std::string id = {};
  std::string merchant = {};
  std::string client_order_id = {};
  OrderState state = OrderState::accepted;
  std::string drone = {};
  std::string flight_id = {};
  Stop pickup = {};
  Stop dropoff = {};
  double mass_kg = 0.0;
  int priority = 5;
  UtcTime created_at = {};
  UtcTime ready_at = {};
  std::optional<UtcTime> deliver_by = {};
  Promise promise = {};
  std::optional<UtcTime> pickup_eta = {};
  std::optional<EtaDistribution> delivery = {};
  std::string cause = {};  ///< what would explain a jump of the ETA now
  std::optional<UtcTime> delivered_at = {};
  std::vector<OrderStep> history = {};
  std::optional<Standstill> standstill = {};
  std::optional<UtcTime> given_up_at = {};  ///< if it stands still until then

  /// The instant after which it is late: what the merchant asked for, else the end of what was promised (p95).
  [[nodiscard]] UtcTime due_at() const { return deliver_by.value_or(promise.delivery.p95); }
};

/// One flight that is not over, with the route of its current leg.
struct FlightPicture {
  std::string id = {};
  std::string order_id = {};
  std::string drone = {};
  std::vector<Leg> legs = {};
  std::size_t leg_index = 0;
  LegPhase phase = LegPhase::waiting;
  UtcTime phase_since = {};
  std::optional<Mission> mission = {};
  std::string kept_by = {};  ///< why it stands on the ground and cannot leave; empty: it can
};

struct PadPicture {
  std::string id = {};
  std::vector<std::string> slot_holders = {};  ///< by slot: the drone that lives on it, stands on it or has it reserved
  std::vector<bool> slot_is_home = {};
};

/// What an operator sees of the dispatcher at an instant: values of their own, so that another thread may hold them.
struct FleetPicture {
  UtcTime at = {};
  std::uint64_t epoch = 0;
  std::vector<DronePicture> drones = {};
  bool whole = false;  ///< else only `drones` is filled
  std::vector<OrderPicture> orders = {};
  std::vector<FlightPicture> flights = {};
  std::vector<PadPicture> pads = {};
  Gates gates = {};
  std::vector<std::string> merchants = {};
};

class FleetOutlook;

/// Only where the drones are and how they do: cheap enough for several times a second.
[[nodiscard]] FleetPicture picture_of_drones(const CoreContext& context);
/// All of it; of orders the live ones and those that ended within the last hour.
[[nodiscard]] FleetPicture whole_picture(const CoreContext& context, const FleetOutlook& outlook);

}  // namespace swiftlet::dispatch
