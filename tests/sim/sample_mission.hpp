#pragma once

#include "planner/route.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::sim::testing {

/// A 9.5 kg hexacopter with round numbers.
[[nodiscard]] planner::VehicleProfile sample_vehicle();

/// Up, two legs of 900 m and 600 m with a right angle between them, and down again: rest to rest on every leg, with
/// waypoints where the speed stops changing. Starts at 4.83° E 45.76° N, 168 m MSL.
[[nodiscard]] planner::Route sample_route(UtcTime depart);

/// The same flown backwards in space: from its end to its start.
[[nodiscard]] planner::Route sample_route_back(UtcTime depart);

}  // namespace swiftlet::sim::testing
