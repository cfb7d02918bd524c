#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "dispatch/protocol/order_state.hpp"
#include "sim/fleet/fleet_setup.hpp"
#include "sim/fleet/separation.hpp"
#include "sim/fleet/track_recorder.hpp"

namespace swiftlet::sim {

/// What became of one order. Times in seconds after the scenario's begin; below 0 where it did not happen.
struct OrderOutcome {
  std::string order_id = {};  ///< empty: refused
  std::string refusal = {};   ///< the code
  std::string state = {};     ///< at the end
  double promised_s = -1.0, promised_p05_s = -1.0, promised_p95_s = -1.0;
  double taken_off_s = -1.0;  ///< with the parcel
  double delivered_s = -1.0;
  bool placed = false;  ///< false where the day was cut before it
};

/// One line of an ETA frame, as the merchant got it.
struct EtaSample {
  std::uint32_t order = 0;
  float at_s = 0.0F;
  float eta_s = 0.0F, p05_s = 0.0F, p10_s = 0.0F, p90_s = 0.0F, p95_s = 0.0F;
  dispatch::OrderState stage = dispatch::OrderState::accepted;
  [[nodiscard]] bool airborne() const;  ///< the parcel is in the air
};

/// How a rehearsed day went.
struct FleetOutcome {
  std::vector<OrderOutcome> orders = {};  ///< as in RehearsedDay::orders
  std::vector<EtaSample> etas = {};
  SeparationRecord separation = {};
  std::vector<std::string> intrusions_told = {};  ///< as SeparationRecord::first(): what both were at
  std::vector<double> traffic_delays_s = {};      ///< one a departure: that it waited for others
  std::vector<TrackSample> tracks = {};           ///< of those in the air, as often as was asked for
  std::vector<int> flying_by_minute = {};
  std::vector<int> waiting_by_minute = {};
  double simulated_s = 0.0;
  double flown_s = 0.0;
  double used_wh = 0.0;
  std::uint64_t swaps = 0;
  std::uint64_t came_down = 0;
  std::uint64_t records = 0;
  std::size_t planned = 0;
  std::size_t remembered = 0;
  std::uint64_t alarms = 0;
  int crashes = 0;
  std::map<std::string, std::uint64_t> faults = {};
  std::vector<std::string> broken_invariants = {};  ///< empty if all held
  std::string log_hash = {};
  bool complete = true;  ///< false where it was interrupted
  // Of the wall, in seconds:
  double wall_s = 0.0, motion_s = 0.0, core_s = 0.0, planning_s = 0.0;
};

/// swiftlet.simulate_fleet/1.
[[nodiscard]] nlohmann::ordered_json fleet_json(const Scenario& scenario, const RehearsedDay& day,
                                                const FleetOutcome& outcome, std::uint64_t seed,
                                                const std::string& version);
/// A line an order.
[[nodiscard]] std::string fleet_csv(const RehearsedDay& day, const FleetOutcome& outcome);

}  // namespace swiftlet::sim
