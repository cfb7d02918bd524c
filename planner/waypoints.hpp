#pragma once

#include <vector>

#include "geo/airspace.hpp"
#include "planner/speed_profile.hpp"

namespace swiftlet::planner {

/// The trajectory as it is published: points put in so that a straight line in lon/lat and one in the local frame
/// differ by at most 5 mm, then rounded to 10⁻⁸ degrees and 1 mm (times and speeds to three decimals).
[[nodiscard]] std::vector<Waypoint> to_waypoints(const geo::Airspace& airspace, const Trajectory& trajectory);

}  // namespace swiftlet::planner
