#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/obstacle.hpp"
#include "geo/terrain.hpp"
#include "maps/region_manifest.hpp"
#include "maps/terrain_reader.hpp"

namespace swiftlet::maps {

/// The prisms of a raster's pixels. Neighbours with the very same top are one prism, up to 100 m long: its footprint is
/// exactly theirs together. An obstacle's id is "column,row" of its first pixel.
struct RasterObstacles {
  std::vector<geo::Obstacle> obstacles;
  std::size_t pixels = 0;           ///< pixels that became obstacles
  std::size_t ignored_outside = 0;  ///< pixels high enough that lie wholly outside the terrain
  std::size_t unknown = 0;          ///< pixels without data, on which nothing stands
};

/// Reads [[obstacles]] raster = …: each pixel higher than min_height_m is a prism over its square, of its height above
/// the highest terrain under it. A pixel partly outside stands on what terrain there is under it. Errors: those of
/// read_terrain; raster_value_invalid for a height above 2 000 m.
[[nodiscard]] Expected<RasterObstacles> read_raster_obstacles(const ObstacleSource& source,
                                                              const geo::LocalFrame& frame,
                                                              const geo::TerrainModel& terrain);

/// A surface model as read, placed.
struct Surface {
  geo::TerrainGrid grid;
  double min_height_m = 0.0;
};

/// The cells of the k-th surface model as obstacles of kind "surface": each cell whose height is more than min_height_m
/// above the highest terrain under its square. A cell that later models know all over is left to them.
[[nodiscard]] RasterObstacles surface_obstacles(const std::vector<Surface>& surfaces, std::size_t k,
                                                const geo::TerrainModel& terrain);

}  // namespace swiftlet::maps
