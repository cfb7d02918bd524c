#pragma once

#include "maps/terrain_reader.hpp"

namespace swiftlet::maps {

/// The ground under a surface model that stands alone: at every cell with data the least height of the cells round it.
/// A cell at (dc, dr) counts where (dc/kc)² + (dr/kr)² ≤ 1, kc and kr being the radius in whole columns and rows, to
/// the nearest and at least 1. What is wider than twice the radius is taken for ground.
void filter_ground(TerrainRaster& raster, int kc, int kr);

}  // namespace swiftlet::maps
