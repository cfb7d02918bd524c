#pragma once

#include "geo/policy.hpp"
#include "geo/referee.hpp"
#include "maps/referee/findings.hpp"
#include "maps/referee/flight_path.hpp"

namespace swiftlet::maps::referee {

/// Rules out_of_region, below_ground, min_height_agl and max_height_agl, and the heights of the report. Along each cell
/// of the terrain the height above it is quadratic, so its extremes are found in closed form.
void check_heights(const geo::Policy& policy, const FlightPath& path, geo::RefereeReport& report, Findings& findings);

}  // namespace swiftlet::maps::referee
