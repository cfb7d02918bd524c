#pragma once

#include <string>

#include "geo/airspace.hpp"
#include "planner/route.hpp"

namespace swiftlet::sim {

/// The route seen from above among the obstacles near it, as an inline SVG; `worst` marks a place where given.
[[nodiscard]] std::string route_map_svg(const geo::Airspace& airspace, const planner::Route& route,
                                        const geo::Enu3* worst);
/// Its altitude over the distance flown, with the terrain and the tops of what it passes over or beside (10 m).
[[nodiscard]] std::string altitude_svg(const geo::Airspace& airspace, const planner::Route& route);

}  // namespace swiftlet::sim
