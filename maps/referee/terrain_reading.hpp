#pragma once

#include <memory>
#include <vector>

#include "maps/referee/pixel_prisms.hpp"
#include "maps/referee/terrain.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps::referee {

/// A surface model, before the ground under it is known.
struct SurfaceReading {
  RasterReading raster;
  double min_height_m = 0.0;
};

/// The terrain entries of a region. The ground is that of the terrain models; of the surface models where there are no
/// terrain models, lowered to the least height around.
struct TerrainReading {
  LonLat centre;  ///< of the first entry's hull
  std::unique_ptr<const Terrain> terrain;
  std::vector<SurfaceReading> surfaces;
};

[[nodiscard]] Expected<TerrainReading> read_terrain(const RegionManifest& manifest);

/// The pixels of a raster of heights above the ground as prisms: those above min_height_m, each on the highest terrain
/// under its square.
[[nodiscard]] Expected<PixelPrisms> read_raster_prisms(const ObstacleSource& source, const Terrain& terrain,
                                                       const OGRSpatialReference& local);

/// The cells of one surface model as prisms: those that rise more than its min_height_m above the highest terrain under
/// their square, and that no later model knows all over.
[[nodiscard]] Expected<PixelPrisms> surface_prisms(const std::vector<SurfaceReading>& surfaces, std::size_t which,
                                                   const Terrain& terrain, const OGRSpatialReference& local);

}  // namespace swiftlet::maps::referee
