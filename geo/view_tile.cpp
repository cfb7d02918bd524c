#include "geo/view_tile.hpp"

namespace swiftlet::geo {

void TileBands::build_levels(Lower& lower, Upper& upper) {
  for (int level = 1; level <= TileGrid::kLevels; ++level) {
    const auto side = std::size_t{1} << static_cast<unsigned>(TileGrid::kLevels - level);
    const auto of = [&](int l) {
      return (l >= kFirstUpper ? upper.bands.data() : lower.bands.data()) + kFirst[static_cast<std::size_t>(l)];
    };
    const HeightBand* fine = of(level - 1);
    HeightBand* coarse = of(level);
    for (std::size_t j = 0; j < side; ++j) {
      const HeightBand* south = fine + 4 * j * side;
      const HeightBand* north = south + 2 * side;
      for (std::size_t i = 0; i < side; ++i) {
        HeightBand band = south[2 * i];
        band.cut_to(south[2 * i + 1]);
        band.cut_to(north[2 * i]);
        band.cut_to(north[2 * i + 1]);
        coarse[j * side + i] = band;
      }
    }
  }
}

}  // namespace swiftlet::geo
