#pragma once

#include <vector>

#include "geo/error.hpp"
#include "maps/referee/dem.hpp"
#include "maps/referee/prism.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps::referee {

/// Reads one vector source as prisms in the local frame. Features wholly outside the hull of the terrain's cell centres
/// are left out. Errors name the file and the feature: geometry_invalid, height_missing, value_invalid,
/// outside_terrain (a feature partly off the terrain), crs_missing, and those of open_vector.
[[nodiscard]] Expected<std::vector<Prism>> read_prisms(const ObstacleSource& source, const TerrainRaster& terrain,
                                                       const OGRSpatialReference& local, const GeosContext& context);

}  // namespace swiftlet::maps::referee
