#pragma once

#include <optional>

#include "maps/referee/dem.hpp"

namespace swiftlet::maps::referee {

/// Fills voids, sets of cells without data that touch by edges or corners: those of up to `most_cells` with the mean of
/// all cells with data that touch the void, larger ones with sea_level_m where it is given.
void fill_voids(RasterReading& raster, int most_cells, std::optional<double> sea_level_m);

/// The ground of a surface model that stands alone: each cell takes the least value of the cells at (dc, dr) from it
/// with (dc / radius_columns)² + (dr / radius_rows)² ≤ 1.
void lower_to_ground(RasterReading& raster, int radius_columns, int radius_rows);

}  // namespace swiftlet::maps::referee
