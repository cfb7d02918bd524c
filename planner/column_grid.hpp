#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "geo/airspace_view.hpp"
#include "geo/huge_pages.hpp"

namespace swiftlet::planner {

/// Whether columns are free as a whole, or may be free somewhere.
enum class Trust { proven, possible };

/// Calls visit(quarter) for the columns that a cell is made of: the cell itself, the quarters of a refined one, or
/// where a cell is closed by its slope alone, its finest squares, whose bands are wider. Legs and meshes see the same
/// columns.
void for_each_column(const geo::AirspaceView& view, int i, int j,
                     const std::function<void(const geo::AirspaceView::Quarter&)>& visit);

/// Whether for_each_column visits parts of the cell rather than the cell.
[[nodiscard]] bool is_divided(const geo::AirspaceView& view, int i, int j);

/// The columns of a view as squares with bands. Coordinates are whole units, kUnitsPerCell a cell, counted from the
/// grid's south-west corner. Made to build meshes, and dropped after.
class ColumnGrid {
 public:
  static constexpr int kUnitsPerCell = 32;  ///< a cell is halved at most five times
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
  static constexpr std::uint32_t kDivided = 0x80000000U;

  struct Column {
    int x, y, side;
    float floor_msl_m, ceiling_msl_m;
    [[nodiscard]] bool open() const { return floor_msl_m <= ceiling_msl_m; }
    [[nodiscard]] bool overlaps(const Column& other) const {
      return std::max(floor_msl_m, other.floor_msl_m) <= std::min(ceiling_msl_m, other.ceiling_msl_m);
    }
  };

  struct Options {
    double finest_m = 0.0;                       ///< what is finer in the view is taken together, on the safe side
    double least_band_m = 0.0;                   ///< proven columns whose band is thinner count as closed
    const std::vector<bool>* divided = nullptr;  ///< the cells that are taken in parts, by number; all if null
  };
  ColumnGrid(const geo::AirspaceView& view, Trust trust, const Options& options);

  [[nodiscard]] const geo::HugePageVector<Column>& columns() const { return columns_; }
  [[nodiscard]] int width() const { return nx_ * kUnitsPerCell; }
  [[nodiscard]] int height() const { return ny_ * kUnitsPerCell; }

  /// The open column over the unit square with that south-west corner; kNone where there is none or outside.
  [[nodiscard]] std::uint32_t at(int x, int y) const {
    if (x < 0 || y < 0 || x >= width() || y >= height()) return kNone;
    const std::uint32_t found = of_cell_[cell(x / kUnitsPerCell, y / kUnitsPerCell)];
    if (found == kNone || (found & kDivided) == 0) return found;
    return places_[(found & ~kDivided) + place(x, y)];
  }
  /// The same over a place.
  [[nodiscard]] std::uint32_t column_at(const geo::Enu2& p_enu) const;
  [[nodiscard]] double unit_m() const { return unit_m_; }
  [[nodiscard]] geo::Enu2 to_units(const geo::Enu2& p_enu) const { return (p_enu - origin_) / unit_m_; }
  [[nodiscard]] geo::Enu2 to_enu(const geo::Enu2& p_units) const { return origin_ + unit_m_ * p_units; }
  /// Widens columns so that ways lead through points where columns of a possible grid touch: what runs along sides
  /// alone then finds them.
  void join_touching_corners();
  /// Whether one band overlaps the next: columns that share a side and so connect.
  [[nodiscard]] bool passable(std::uint32_t a, std::uint32_t b) const {
    return a == b || columns_[a].overlaps(columns_[b]);
  }
  /// How far to go on from a unit square along an axis until another column may begin.
  [[nodiscard]] int end_along_x(int x, int y) const { return end_along(x, y, at(x, y), true); }
  [[nodiscard]] int end_along_y(int x, int y) const { return end_along(x, y, at(x, y), false); }

 private:
  friend class ColumnMesh;

  [[nodiscard]] std::size_t cell(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i);
  }
  [[nodiscard]] std::size_t place(int x, int y) const {
    const auto u = static_cast<std::size_t>((x % kUnitsPerCell) / finest_);
    const auto v = static_cast<std::size_t>((y % kUnitsPerCell) / finest_);
    return v * static_cast<std::size_t>(kUnitsPerCell / finest_) + u;
  }
  [[nodiscard]] int end_along(int x, int y, std::uint32_t column, bool along_x) const;
  [[nodiscard]] geo::AirspaceView::Band band_of(const geo::AirspaceView& view, int i, int j,
                                                const geo::AirspaceView::Quarter& quarter) const;
  [[nodiscard]] bool counts(const geo::AirspaceView::Band& band) const;
  std::uint32_t add(int x, int y, int side, const geo::AirspaceView::Band& band);
  void add_cell(const geo::AirspaceView& view, int i, int j);
  void divide(const geo::AirspaceView& view, int i, int j);
  bool join_at(int x, int y);
  void widen(int x, int y, float floor_msl_m, float ceiling_msl_m);

  Trust trust_;
  Options options_;
  geo::Enu2 origin_;
  double unit_m_;
  int nx_, ny_;  ///< cells
  int finest_;   ///< units
  geo::HugePageVector<Column> columns_;
  geo::HugePageVector<std::uint32_t>
      of_cell_;  ///< a column, or kDivided and where the places of the cell begin, or kNone
  geo::HugePageVector<std::uint32_t> places_;  ///< columns, by finest squares
};

}  // namespace swiftlet::planner
