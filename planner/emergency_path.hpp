#pragma once

#include "planner/route.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// From here straight to the ground, at half the vehicle's descent speed. Not proven: the last resort.
[[nodiscard]] Route straight_down(const GeoPoint& here, double height_agl_m, const VehicleProfile& vehicle);

/// From `here`, `clock_s` along the route, back along the very line that was flown, to where it began. Geometrically
/// as proven as the route was.
[[nodiscard]] Route back_along(const Route& route, double clock_s, const GeoPoint& here);

}  // namespace swiftlet::planner
