#pragma once

#include <nlohmann/json_fwd.hpp>

#include "geo/airspace.hpp"
#include "planner/route.hpp"

namespace swiftlet::dispatch {

/// Terrain, floor, ceiling and path along a route, every few metres over the ground, for a chart:
/// [{"along_m","path_m","terrain_m","floor_m"?,"ceiling_m"?}, …], metres above the region's datum. Floor and ceiling
/// are those that were proven by, and absent where no cell is open.
[[nodiscard]] nlohmann::json route_profile(const geo::AirspacePtr& airspace, const planner::Route& route);

}  // namespace swiftlet::dispatch
