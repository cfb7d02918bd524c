#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/referee.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::tools {

/// What a published route says of itself that no vehicle of its type can fly: faster over the ground than its highest
/// airspeed with the strongest wind it may fly in, faster up or down than it climbs or descends, less energy than the
/// least power takes in the time, more left than a full battery holds or less than the route's own policy keeps. One
/// violation of rule "claim" each; a claim that is absent is not judged. Wind and payload are not in a route, so that
/// these are bounds, not the model's own figures.
[[nodiscard]] std::vector<geo::Violation> beyond_the_vehicle(const nlohmann::json& source,
                                                             const geo::RouteUnderTest& route,
                                                             const planner::VehicleProfile& vehicle);

}  // namespace swiftlet::tools
