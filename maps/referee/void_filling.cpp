#include "maps/referee/void_filling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace swiftlet::maps::referee {
namespace {

/// Which cells belong together.
class Unions {
 public:
  explicit Unions(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t root(std::size_t n) {
    while (parent_[n] != n) n = parent_[n] = parent_[parent_[n]];
    return n;
  }
  void join(std::size_t a, std::size_t b) { parent_[root(a)] = root(b); }

 private:
  std::vector<std::size_t> parent_;
};

struct Void {
  std::size_t cells = 0;
  double rim_sum_m = 0.0;
  std::size_t rim_cells = 0;
};

template <class Visit>
void each_neighbour(const RasterReading& raster, std::size_t cell, Visit&& visit) {
  const int column = static_cast<int>(cell % static_cast<std::size_t>(raster.columns));
  const int row = static_cast<int>(cell / static_cast<std::size_t>(raster.columns));
  for (int dr = -1; dr <= 1; ++dr) {
    for (int dc = -1; dc <= 1; ++dc) {
      const int c = column + dc;
      const int r = row + dr;
      if ((dc == 0 && dr == 0) || c < 0 || r < 0 || c >= raster.columns || r >= raster.rows) continue;
      visit(static_cast<std::size_t>(r) * static_cast<std::size_t>(raster.columns) + static_cast<std::size_t>(c));
    }
  }
}

}  // namespace

void fill_voids(RasterReading& raster, int most_cells, std::optional<double> sea_level_m) {
  const auto missing = [&](std::size_t cell) { return std::isnan(raster.values[cell]); };
  const std::size_t n = raster.values.size();
  Unions unions(n);
  for (std::size_t cell = 0; cell < n; ++cell) {
    if (!missing(cell)) continue;
    each_neighbour(raster, cell, [&](std::size_t near) {
      if (missing(near)) unions.join(cell, near);
    });
  }
  std::vector<Void> voids(n);
  std::set<std::size_t> touched;
  for (std::size_t cell = 0; cell < n; ++cell) {
    if (missing(cell)) {
      ++voids[unions.root(cell)].cells;
      continue;
    }
    touched.clear();
    each_neighbour(raster, cell, [&](std::size_t near) {
      if (missing(near)) touched.insert(unions.root(near));
    });
    for (const std::size_t root : touched) {
      voids[root].rim_sum_m += raster.values[cell];
      ++voids[root].rim_cells;
    }
  }
  std::vector<double> filled = raster.values;
  for (std::size_t cell = 0; cell < n; ++cell) {
    if (!missing(cell)) continue;
    const Void& whole = voids[unions.root(cell)];
    if (whole.cells <= static_cast<std::size_t>(most_cells)) {
      filled[cell] = whole.rim_sum_m / static_cast<double>(whole.rim_cells);
    } else if (sea_level_m) {
      filled[cell] = *sea_level_m;
    }
  }
  raster.values = std::move(filled);
}

void lower_to_ground(RasterReading& raster, int radius_columns, int radius_rows) {
  struct Offset {
    int columns, rows;
  };
  std::vector<Offset> window;
  const auto square = [](int a) { return static_cast<std::int64_t>(a) * a; };
  for (int dr = -radius_rows; dr <= radius_rows; ++dr) {
    for (int dc = -radius_columns; dc <= radius_columns; ++dc) {
      if (square(dc) * square(radius_rows) + square(dr) * square(radius_columns) <=
          square(radius_columns) * square(radius_rows)) {
        window.push_back({dc, dr});
      }
    }
  }
  const std::vector<double> surface = raster.values;
  for (int row = 0; row < raster.rows; ++row) {
    for (int column = 0; column < raster.columns; ++column) {
      double& ground = raster.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(raster.columns) +
                                     static_cast<std::size_t>(column)];
      if (std::isnan(ground)) continue;
      for (const Offset& offset : window) {
        const int c = column + offset.columns;
        const int r = row + offset.rows;
        if (c < 0 || r < 0 || c >= raster.columns || r >= raster.rows) continue;
        ground = std::fmin(ground, surface[static_cast<std::size_t>(r) * static_cast<std::size_t>(raster.columns) +
                                           static_cast<std::size_t>(c)]);
      }
    }
  }
}

}  // namespace swiftlet::maps::referee
