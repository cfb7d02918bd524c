#include "geo/view_tile.hpp"

#include <cmath>

namespace swiftlet::geo {

namespace {

/// Where a leaning floor lies less than this below the level one, it is not worth looking at.
constexpr double kWorth_m = 0.3;

/// Marks a band for TileBands::leans, rounding its floor up by one place if need be.
void mark(HeightBand& band, bool leans) {
  if (TileBands::leans(band) != leans)
    band.floor_msl_m = std::nextafter(band.floor_msl_m, std::numeric_limits<float>::infinity());
}

}  // namespace

std::span<TileBands::Block> TileBands::of_level(std::size_t level, Lower& lower, Upper& upper) {
  const std::size_t count = std::size_t{1} << (2 * (TileGrid::kLevels - level));
  const std::span<Block> like = level >= kFirstUpper ? std::span<Block>(upper.blocks) : std::span<Block>(lower.blocks);
  return like.subspan(kFirst[level], count);
}

void TileBands::build_levels(Lower& lower, Upper& upper) {
  upper.blocks.fill({HeightBand::closed(), {}});
  for (std::size_t level = 1; level <= TileGrid::kLevels; ++level) {
    const std::span<Block> coarse = of_level(level, lower, upper);
    for (std::size_t n = 0; n < coarse.size(); ++n) {
      HeightBand band = HeightBand::unlimited();
      for (std::size_t fine = 4 * n; fine < 4 * n + 4; ++fine) {
        band.cut_to(level == 1 ? lower.cells[fine] : of_level(level - 1, lower, upper)[fine].band);
      }
      mark(band, false);
      coarse[n] = {band, {}};
    }
  }
}

void TileBands::lean(Lower& lower, Upper& upper, std::span<const FloorPatch> cells) {
  for (std::size_t level = 1; level <= kLastLeaning; ++level) {
    const std::size_t size = std::size_t{1} << (2 * level);
    const double middle = 0.5 * static_cast<double>(std::size_t{1} << level);
    std::span<const FloorPatch> rest = cells;
    for (Block& block : of_level(level, lower, upper)) {
      block.leaning = LeaningFloor::over(rest.first(size));
      mark(block.band, block.band.floor_msl_m - block.leaning.msl_m(middle, middle) > kWorth_m);
      rest = rest.subspan(size);
    }
  }
}

}  // namespace swiftlet::geo
