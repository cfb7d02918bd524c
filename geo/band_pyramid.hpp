#pragma once

#include <array>
#include <vector>

#include "geo/flat_array.hpp"
#include "geo/height_band.hpp"

namespace swiftlet::geo {

/// A quadtree of bands over a grid, above the tiles of a view: a block's floor is the highest of its parts' floors, its
/// ceiling the lowest of their ceilings. Level 0 is the grid itself; block (i, j) of level n holds blocks
/// (2i..2i+1, 2j..2j+1) of level n − 1. What lies beyond the grid is closed. All levels lie in one flat array.
class BandPyramid {
 public:
  BandPyramid() = default;
  /// Builds the levels over the bands of level 0, row by row.
  BandPyramid(int nx, int ny, std::vector<HeightBand> base);
  /// Over all levels as bands() gave them. Precondition: bands.size() == band_count(nx, ny).
  BandPyramid(int nx, int ny, FlatArray<HeightBand> bands);

  [[nodiscard]] static std::size_t band_count(int nx, int ny);
  [[nodiscard]] int top_level() const { return top_level_; }
  [[nodiscard]] const FlatArray<HeightBand>& bands() const { return bands_; }

  [[nodiscard]] const HeightBand& at(int level, int i, int j) const {
    static constexpr HeightBand kClosed = HeightBand::closed();
    const Level& l = levels_[static_cast<std::size_t>(level)];
    if (i >= l.nx || j >= l.ny) return kClosed;
    return bands_[l.first + static_cast<std::size_t>(j) * static_cast<std::size_t>(l.nx) + static_cast<std::size_t>(i)];
  }

 private:
  struct Level {
    int nx = 0;
    int ny = 0;
    std::size_t first = 0;
  };
  void lay_out(int nx, int ny);

  std::array<Level, 32> levels_;
  int top_level_ = 0;
  FlatArray<HeightBand> bands_;
};

}  // namespace swiftlet::geo
