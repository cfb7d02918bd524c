#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "geo/disjoint_sets.hpp"
#include "planner/column_grid.hpp"

namespace swiftlet::planner {

/// Which columns connect. Proven ones do through sides where their bands overlap; possible ones also where they touch
/// in a point. Immutable after construction.
class ColumnIslands {
 public:
  /// Takes over what the grid knows of places, and counts islands in it.
  explicit ColumnIslands(ColumnGrid grid, Trust trust);

  /// The number of the island that holds the place; nothing where it is closed or outside.
  [[nodiscard]] std::optional<std::uint32_t> at(const geo::Enu2& p_enu) const;
  /// The islands, each once and in order, of all columns that a square about the place meets, `reach_m` to each side.
  [[nodiscard]] std::vector<std::uint32_t> around(const geo::Enu2& p_enu, double reach_m) const;
  /// The island of a column of the grid.
  [[nodiscard]] std::uint32_t of(std::uint32_t column) const { return island_of_[column]; }
  [[nodiscard]] double area_m2(std::uint32_t island) const { return areas_m2_[island]; }
  /// The number of the largest by area; 0 where there is none.
  [[nodiscard]] std::uint32_t largest() const;
  [[nodiscard]] const ColumnGrid& grid() const { return grid_; }

 private:
  void join(std::uint32_t a, std::uint32_t b);
  void join_sides();
  void join_corners();
  void number();

  ColumnGrid grid_;
  geo::DisjointSets joined_;              ///< columns, until they are numbered
  std::vector<std::uint32_t> island_of_;  ///< by column
  std::vector<double> areas_m2_;
};

/// The cells that have to be divided so that what connects in `fine` connects in a grid whose other cells are whole:
/// where ways through the quarters lead from one island of whole cells to another. By cell, row by row. Not all such
/// ways are taken, but one at least in every neighbourhood. Both are grids of the same view's proven columns; the cells
/// of `whole` are undivided.
[[nodiscard]] std::vector<bool> cells_that_join(const ColumnIslands& whole, const ColumnGrid& fine);

}  // namespace swiftlet::planner
