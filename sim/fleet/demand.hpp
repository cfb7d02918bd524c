#pragma once

#include <string>
#include <vector>

#include "geo/pad.hpp"
#include "sim/fleet/scenario.hpp"

namespace swiftlet::sim {

/// One customer's wish, and what will really come of it in the kitchen and at the locker.
struct WishedOrder {
  double at_s = 0.0;  ///< after the scenario's begin
  std::string id = {};
  std::string pickup = {};  ///< pads
  std::string dropoff = {};
  double mass_kg = 0.0;
  int priority = 5;
  double said_ready_s = 0.0;  ///< as the kitchen says when the order is placed
  double truly_ready_s = 0.0;
  double slow_s = 0.0;  ///< how much longer the release takes
};

/// The day's orders, in order of time: drawn by hours and surges as a Poisson process, evenly over the kiosks, or read
/// from the scenario's CSV (time_s, id, from, to, priority; mass_kg may stand behind). Deterministic by seed.
/// Errors: value_invalid with file:line for a broken line, for pads that the region does not have, for a place outside.
[[nodiscard]] Expected<std::vector<WishedOrder>> make_demand(const Scenario& scenario,
                                                             const std::vector<geo::Pad>& pads, std::uint64_t seed);

}  // namespace swiftlet::sim
