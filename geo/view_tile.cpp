#include "geo/view_tile.hpp"

namespace swiftlet::geo {

void TileBands::build_levels(Lower& lower, std::span<const FloorPatch> floors, Upper& upper) {
  for (std::size_t level = 1; level <= TileGrid::kLevels; ++level) {
    const auto of = [&](std::size_t l) {
      return (l >= kFirstUpper ? upper.bands.data() : lower.bands.data()) + kFirst[l];
    };
    const HeightBand* fine = of(level - 1);
    HeightBand* coarse = of(level);
    for (std::size_t n = 0; n < std::size_t{1} << (2 * (TileGrid::kLevels - level)); ++n) {
      coarse[n] = fine[4 * n];
      for (std::size_t quarter = 1; quarter < 4; ++quarter) coarse[n].cut_to(fine[4 * n + quarter]);
    }
  }
  std::size_t next = 0;
  for (std::size_t level = kFirstLeaning; level <= kLastLeaning; ++level) {
    const std::size_t size = std::size_t{1} << (2 * level);
    for (std::size_t first = 0; first < ViewTile::kCells; first += size) {
      upper.leaning[next++] = LeaningFloor::over(floors.subspan(first, size));
    }
  }
}

}  // namespace swiftlet::geo
