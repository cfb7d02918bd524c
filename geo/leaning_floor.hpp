#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "geo/height_band.hpp"

namespace swiftlet::geo {

/// The floor over a cell: nowhere higher than the bilinear patch through these, above the datum; +∞ where it is closed.
struct FloorPatch {
  float sw, se, nw, ne;

  [[nodiscard]] static FloorPatch level(float floor_msl_m) {
    return {floor_msl_m, floor_msl_m, floor_msl_m, floor_msl_m};
  }
  /// That of a cell of which nothing but its band is known.
  [[nodiscard]] static FloorPatch of(const HeightBand& band) {
    return level(band.open() ? band.floor_msl_m : HeightBand::closed().floor_msl_m);
  }
};

/// A plane over a square block of cells that no cell's floor rises above: what lies on or above it all along is above
/// every floor that it passes. On a slope it is lower than the block's level floor by about half of what the slope
/// climbs across the block.
struct LeaningFloor {
  static constexpr double kStep_m = 1.0 / 256.0;

  float corner_msl_m = std::numeric_limits<float>::infinity();  ///< at the block's south-west corner
  std::int16_t per_cell_east = 0;                               ///< in steps
  std::int16_t per_cell_north = 0;

  /// u, v: cells to the east and north of the block's south-west corner.
  [[nodiscard]] double msl_m(double u, double v) const {
    return double{corner_msl_m} + kStep_m * (u * per_cell_east + v * per_cell_north);
  }

  /// Over a block of at most 8 by 8 cells, whose floors are given along the Z-curve: with the slope that fits them
  /// best, the least plane above them. Infinitely high over a block with a closed cell.
  [[nodiscard]] static LeaningFloor over(std::span<const FloorPatch> cells);
};

}  // namespace swiftlet::geo
