#pragma once

#include <algorithm>
#include <limits>
#include <vector>

namespace swiftlet::geo {

/// A quadtree of bands over a grid of cells: a block's floor is the highest of its cells' floors, its ceiling the
/// lowest of their ceilings, so that what is free in the block's band is free in every cell of it (maximum mipmaps,
/// Tevs, Ihrke and Seidel 2008). Level 0 are the cells; block (i, j) of level n holds blocks (2i..2i+1, 2j..2j+1) of
/// level n − 1. What lies beyond the grid is closed.
class BandPyramid {
 public:
  struct Band {
    double floor;
    double ceiling;
  };

  [[nodiscard]] static constexpr Band closed() {
    return {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  }

  template <class CellBand>
  BandPyramid(int nx, int ny, CellBand&& cell_band) {
    Level cells{nx, ny, {}};
    cells.bands.reserve(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny));
    for (int j = 0; j < ny; ++j) {
      for (int i = 0; i < nx; ++i) cells.bands.push_back(cell_band(i, j));
    }
    levels_.push_back(std::move(cells));
    while (levels_.back().nx > 1 || levels_.back().ny > 1) levels_.push_back(halved(levels_.back()));
  }

  [[nodiscard]] int top_level() const { return static_cast<int>(levels_.size()) - 1; }

  [[nodiscard]] const Band& at(int level, int i, int j) const {
    static constexpr Band kClosed = closed();
    const Level& l = levels_[static_cast<std::size_t>(level)];
    return i < l.nx && j < l.ny ? l.bands[index(l, i, j)] : kClosed;
  }

 private:
  struct Level {
    int nx;
    int ny;
    std::vector<Band> bands;
  };

  static std::size_t index(const Level& l, int i, int j) {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(l.nx) + static_cast<std::size_t>(i);
  }

  static Level halved(const Level& fine) {
    Level coarse{(fine.nx + 1) / 2, (fine.ny + 1) / 2, {}};
    coarse.bands.assign(static_cast<std::size_t>(coarse.nx) * static_cast<std::size_t>(coarse.ny),
                        {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()});
    for (int j = 0; j < fine.ny; ++j) {
      for (int i = 0; i < fine.nx; ++i) {
        Band& block = coarse.bands[index(coarse, i / 2, j / 2)];
        const Band& cell = fine.bands[index(fine, i, j)];
        block.floor = std::max(block.floor, cell.floor);
        block.ceiling = std::min(block.ceiling, cell.ceiling);
      }
    }
    return coarse;
  }

  std::vector<Level> levels_;
};

}  // namespace swiftlet::geo
