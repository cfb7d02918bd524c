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
  double reach_m = 0.0;  ///< half the separation, the lateral error, rounding, and what the curve leaves the segment by
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
/// to be (0: at departure; past the end: at its end). What it may still be late for at that instant is held too.
///
/// What is taken of the flight between two waypoints, each of which it passes at its own t_s, and nothing else: where
/// the stated speeds of the whole route agree with its lengths and times, that it is nowhere on a hop slower than at
/// the slower end of it nor faster than at the faster, or that it follows the cubic through both ends with these
/// speeds. On vertical hops, and where they do not agree (times of an autopilot): that it is somewhere on the hop. How
/// far that leaves the place open is added to the volumes, and so is a centimetre for the rounding of waypoints and for
/// lines that are straight in longitude and latitude.
/// Preconditions: at least two waypoints, t_s not decreasing (throws std::invalid_argument).
[[nodiscard]] OperationalIntent operational_intent(const Route& route, const geo::LocalFrame& frame,
                                                   const TrafficRules& rules, double from_s = 0.0);

/// The volume of a flight that hovers: at `at_enu`, between the two instants.
[[nodiscard]] OperationalIntent hovering_intent(const geo::Enu3& at_enu, const TrafficRules& rules, double begins_s,
                                                double ends_s);

}  // namespace swiftlet::planner
