#pragma once

#include <cstddef>

#include "maps/region_manifest.hpp"
#include "maps/terrain_reader.hpp"

namespace swiftlet::maps {

/// What was done about cells without data.
struct VoidReport {
  std::size_t filled = 0;  ///< cells of small voids, filled
  std::size_t sea = 0;     ///< cells of larger ones, taken as open water
  std::size_t left = 0;    ///< cells that stay without terrain
};

/// Treats the voids of a terrain. A void is a set of cells without data that touch by edges or corners. One of up to
/// max_void_cells takes the mean of the cells with data that touch it, each counted once. A larger one is open water
/// at sea_level_m where the source gives that, and else stays void: nothing flies there unless another source knows
/// the ground.
[[nodiscard]] VoidReport treat_voids(TerrainRaster& raster, const TerrainSource& source);

}  // namespace swiftlet::maps
