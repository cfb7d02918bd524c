#pragma once

#include <array>
#include <limits>
#include <vector>

#include "geo/flat_array.hpp"

namespace swiftlet::geo {

/// A quadtree of bands over a grid of cells: a block's floor is the highest of its cells' floors, its ceiling the
/// lowest of their ceilings, so that what is free in the block's band is free in every cell of it (maximum mipmaps,
/// Tevs, Ihrke and Seidel 2008). Level 0 are the cells; block (i, j) of level n holds blocks (2i..2i+1, 2j..2j+1) of
/// level n − 1. What lies beyond the grid is closed. All levels lie in one flat array, the cells first.
class BandPyramid {
 public:
  struct Band {
    float floor;
    float ceiling;
  };

  [[nodiscard]] static constexpr Band closed() {
    return {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
  }

  BandPyramid() = default;
  /// Builds the levels over the cells' bands, row by row.
  BandPyramid(int nx, int ny, std::vector<Band> cells);
  /// Over all levels as bands() gave them. Precondition: bands.size() == band_count(nx, ny).
  BandPyramid(int nx, int ny, FlatArray<Band> bands);

  [[nodiscard]] static std::size_t band_count(int nx, int ny);
  [[nodiscard]] int top_level() const { return top_level_; }
  [[nodiscard]] const FlatArray<Band>& bands() const { return bands_; }

  [[nodiscard]] const Band& at(int level, int i, int j) const {
    static constexpr Band kClosed = closed();
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
  FlatArray<Band> bands_;
};

}  // namespace swiftlet::geo
