#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "geo/polygon.hpp"

namespace swiftlet::geo {

/// A window of square cells in the local frame: cell (i, j), 0 ≤ i < nx, is the closed square whose south-west corner
/// is origin + cell_m · (i, j).
struct CellWindow {
  Enu2 origin = Enu2::Zero();
  double cell_m = 2.0;
  int nx = 0;
  int ny = 0;
};

/// A set of cells of a window, one bit each. Kept and cleared rather than made anew: filling it allocates only when the
/// window grows.
class CoverMask {
 public:
  /// Empties the mask and fits it to a window.
  void reset(const CellWindow& window);

  /// Adds every cell whose closed square comes nearer than reach_m to the closed footprint. Errs outwards, by less than
  /// a micrometre. Precondition: reach_m > 0.
  void add_near(const MultiPolygon& footprint, double reach_m);

  /// Adds cells of which every point certainly lies within reach_m of the footprint. Exact along single edges, inwards
  /// of the truth where only several edges together reach over a cell. Nothing where reach_m is not above 0.
  void add_within(const MultiPolygon& footprint, double reach_m);

  /// Adds cells that lie inside the footprint and farther than rim_m from its edges with every point.
  void add_inside(const MultiPolygon& footprint, double rim_m);

  /// Calls visit(j, i0, i1) for every run of set cells i0 … i1 (inclusive), row by row.
  template <class Visit>
  void for_each_run(Visit&& visit) const {
    for (int j = row0_; j <= row1_; ++j) {
      const std::uint64_t* row = bits_.data() + static_cast<std::size_t>(j) * words_;
      int i = 0;
      while (i < window_.nx) {
        i = next(row, i, true);
        if (i >= window_.nx) break;
        const int end = next(row, i, false);
        visit(j, i, end - 1);
        i = end;
      }
    }
  }

 private:
  /// The first cell from i on that is set (or not set), or nx.
  [[nodiscard]] int next(const std::uint64_t* row, int i, bool set) const {
    std::size_t word = static_cast<std::size_t>(i) / 64;
    std::uint64_t rest = (set ? row[word] : ~row[word]) & (~std::uint64_t{0} << (static_cast<unsigned>(i) % 64));
    while (rest == 0) {
      if (++word >= words_) return window_.nx;
      rest = set ? row[word] : ~row[word];
    }
    return std::min(window_.nx, static_cast<int>(word * 64) + std::countr_zero(rest));
  }

  void set(int j, double from, double to);
  void clear(int j, int i0, int i1);
  [[nodiscard]] bool no_edge_near(const MultiPolygon& footprint, double reach) const;
  void add_all_if_inside(const MultiPolygon& footprint);
  void add_centres_inside(const MultiPolygon& footprint);

  CellWindow window_;
  std::size_t words_ = 0;
  int row0_ = 0;  ///< rows that may hold something: row0_ … row1_
  int row1_ = -1;
  std::vector<std::uint64_t> bits_;
  std::vector<double> crossings_;
};

}  // namespace swiftlet::geo
