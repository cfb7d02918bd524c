#pragma once

#include <vector>

#include "geo/local_frame.hpp"
#include "planner/route.hpp"
#include "planner/traffic/traffic_rules.hpp"

namespace swiftlet::planner {

/// A piece of the air for a piece of time, as ASTM F3548 has it: all places nearer than `reach_m` over the ground to
/// the segment, between two altitudes, between two instants. Local frame; seconds after departure.
struct IntentVolume {
  geo::Enu2 from_enu;
  geo::Enu2 to_enu;
  double reach_m = 0.0;  ///< half the separation, the lateral error, and what the curve leaves the segment by
  double low_msl_m = 0.0;
  double high_msl_m = 0.0;
  double begins_s = 0.0;
  double ends_s = 0.0;
};

/// Where a flight may be at each instant: its volumes in the order in which they are flown. Whatever it does within its
/// rules, at any instant t it is in one whose [begins_s, ends_s] holds t, at least half the separation from its side.
/// So two flights no two of whose volumes meet in space and time are never too near to each other.
struct OperationalIntent {
  std::vector<IntentVolume> volumes;
  [[nodiscard]] bool empty() const { return volumes.empty(); }
};

/// The volumes of a route's trajectory from `from_s` on: uncertainty is counted from there, where the flight is known
/// to be (0: at departure). Between two waypoints the speed is taken to rise or fall without turning; how far that
/// leaves the place open is added to the volumes.
/// Preconditions: at least two waypoints, t_s not decreasing (throws std::invalid_argument).
[[nodiscard]] OperationalIntent operational_intent(const Route& route, const geo::LocalFrame& frame,
                                                   const TrafficRules& rules, double from_s = 0.0);

/// The volume of a flight that hovers: at `at_enu`, between the two instants.
[[nodiscard]] OperationalIntent hovering_intent(const geo::Enu3& at_enu, const TrafficRules& rules, double begins_s,
                                                double ends_s);

}  // namespace swiftlet::planner
