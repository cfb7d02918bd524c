#pragma once

#include "planner/route.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::sim {

/// From here straight to the ground, at half the vehicle's descent speed. Not proven: the last resort.
[[nodiscard]] planner::Route straight_down(const GeoPoint& here, double height_agl_m,
                                           const planner::VehicleProfile& vehicle);

/// From `here`, `clock_s` along the route, back along the very line that was flown, to where it began. Geometrically
/// as proven as the route was.
[[nodiscard]] planner::Route back_along(const planner::Route& route, double clock_s, const GeoPoint& here);

}  // namespace swiftlet::sim
