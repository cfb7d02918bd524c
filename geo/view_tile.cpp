#include "geo/view_tile.hpp"

#include <cmath>

namespace swiftlet::geo {

namespace {

/// Where a leaning floor lies less than this below the level one, it is not worth waiting for.
constexpr double kWorth_m = 0.3;

/// Marks a band for TileBands::leans, rounding its floor up by one place if need be.
void mark(HeightBand& band, bool leans) {
  if (TileBands::leans(band) != leans)
    band.floor_msl_m = std::nextafter(band.floor_msl_m, std::numeric_limits<float>::infinity());
}

HeightBand* of_level(std::size_t level, TileBands::Lower& lower, TileBands::Upper& upper) {
  return (level >= TileBands::kFirstUpper ? upper.bands.data() : lower.bands.data()) + TileBands::kFirst[level];
}

}  // namespace

void TileBands::build_levels(Lower& lower, Upper& upper) {
  for (std::size_t level = 1; level <= TileGrid::kLevels; ++level) {
    const HeightBand* fine = of_level(level - 1, lower, upper);
    HeightBand* coarse = of_level(level, lower, upper);
    for (std::size_t n = 0; n < std::size_t{1} << (2 * (TileGrid::kLevels - level)); ++n) {
      coarse[n] = fine[4 * n];
      for (std::size_t quarter = 1; quarter < 4; ++quarter) coarse[n].cut_to(fine[4 * n + quarter]);
      mark(coarse[n], false);
    }
  }
}

void LeaningFloors::fill(std::span<const FloorPatch> cells, TileBands::Lower& lower, TileBands::Upper& upper) {
  std::size_t next = 0;
  for (std::size_t level = kFirstLevel; level <= kLastLevel; ++level) {
    const std::size_t size = std::size_t{1} << (2 * level);
    HeightBand* const bands = of_level(level, lower, upper);
    for (std::size_t n = 0; n < ViewTile::kCells / size; ++n) {
      const LeaningFloor leaning = LeaningFloor::over(cells.subspan(n * size, size));
      const double middle = 0.5 * static_cast<double>(std::size_t{1} << level);
      mark(bands[n], bands[n].floor_msl_m - leaning.msl_m(middle, middle) > kWorth_m);
      floors[next++] = leaning;
    }
  }
}

}  // namespace swiftlet::geo
