#include "geo/band_pyramid.hpp"

#include <algorithm>
#include <stdexcept>

namespace swiftlet::geo {

void BandPyramid::lay_out(int nx, int ny) {
  std::size_t first = 0;
  top_level_ = 0;
  while (true) {
    levels_[static_cast<std::size_t>(top_level_)] = {nx, ny, first};
    if (nx <= 1 && ny <= 1) return;
    first += static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
    nx = (nx + 1) / 2;
    ny = (ny + 1) / 2;
    ++top_level_;
  }
}

std::size_t BandPyramid::band_count(int nx, int ny) {
  std::size_t count = static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  while (nx > 1 || ny > 1) {
    nx = (nx + 1) / 2;
    ny = (ny + 1) / 2;
    count += static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  }
  return count;
}

BandPyramid::BandPyramid(int nx, int ny, std::vector<HeightBand> base) {
  lay_out(nx, ny);
  const std::size_t count = band_count(nx, ny);
  if (base.size() != levels_[0].first + static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny)) {
    throw std::invalid_argument("BandPyramid: bands do not fit the grid");
  }
  base.resize(count, HeightBand::unlimited());
  for (std::size_t level = 0; level < static_cast<std::size_t>(top_level_); ++level) {
    const Level& fine = levels_[level];
    const Level& coarse = levels_[level + 1];
    for (int j = 0; j < fine.ny; ++j) {
      const HeightBand* from =
          base.data() + fine.first + static_cast<std::size_t>(j) * static_cast<std::size_t>(fine.nx);
      HeightBand* to =
          base.data() + coarse.first + static_cast<std::size_t>(j / 2) * static_cast<std::size_t>(coarse.nx);
      for (int i = 0; i < fine.nx; ++i) to[i / 2].cut_to(from[i]);
    }
  }
  bands_ = FlatArray<HeightBand>(std::move(base));
}

BandPyramid::BandPyramid(int nx, int ny, FlatArray<HeightBand> bands) : bands_(std::move(bands)) {
  lay_out(nx, ny);
  if (bands_.size() != band_count(nx, ny)) throw std::invalid_argument("BandPyramid: bands do not fit the grid");
}

}  // namespace swiftlet::geo
