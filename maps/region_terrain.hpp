#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/raster_obstacles.hpp"
#include "maps/region_manifest.hpp"
#include "maps/terrain_reader.hpp"

namespace swiftlet::maps {

/// The terrain entries of a region, read and placed.
struct RegionTerrain {
  LonLat centre;                      ///< of the first entry's raster: where the local frame is centred
  std::vector<TerrainRaster> ground;  ///< what makes the ground, the last one winning
  std::vector<geo::TerrainGrid> grids;
  std::vector<Surface> surfaces;  ///< what stands on it as a surface model says
  std::vector<std::string> warnings;
};

/// Reads every [[terrain]] entry. The ground is that of the entries of kind "dtm"; where there are none, it is looked
/// for in the surface models (filter_ground), which is warned of. Errors: those of read_terrain, and of placing it.
[[nodiscard]] Expected<RegionTerrain> read_region_terrain(const RegionManifest& manifest);

}  // namespace swiftlet::maps
