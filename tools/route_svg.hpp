#pragma once

#include <string>

#include "geo/airspace.hpp"
#include "planner/route.hpp"

namespace swiftlet::tools {

/// A picture by which a person can judge a route: the plan with buildings shaded by height, zones and pads, and below
/// it the profile with terrain, floor, ceiling and path. One self-contained SVG. Precondition: the route has waypoints.
[[nodiscard]] std::string route_svg(const geo::AirspacePtr& airspace, const planner::Route& route,
                                    const geo::Policy& policy);

}  // namespace swiftlet::tools
