#pragma once

#include <vector>

#include "geo/flat_array.hpp"
#include "geo/terrain_bounds.hpp"

namespace swiftlet::geo {

/// How many people are on the ground, weighted, per km²: the same all over each cell of a grid; beyond the grid the
/// nearest cell stands in. With it the least over larger and larger blocks of cells. Immutable; copies share the
/// values.
class GroundRisk {
 public:
  /// Nothing is known of people: no density anywhere.
  GroundRisk() = default;
  /// `pyramid_per_km2`: what pyramid_of makes. Precondition (throws std::invalid_argument): it fits the grid.
  GroundRisk(const GridFrame& grid, FlatArray<float> pyramid_per_km2);

  /// The densities of the cells (row by row from the south-west), followed by the least of each 2 × 2 of them, of each
  /// 2 × 2 of these, …, up to a single one. Precondition (throws std::invalid_argument): one density a cell.
  [[nodiscard]] static std::vector<float> pyramid_of(const GridFrame& grid, std::vector<float> per_km2);
  [[nodiscard]] static std::size_t pyramid_size(const GridFrame& grid);

  [[nodiscard]] bool empty() const { return grid_.nx == 0; }
  [[nodiscard]] const GridFrame& grid() const { return grid_; }
  [[nodiscard]] std::span<const float> pyramid_per_km2() const {
    pyramid_per_km2_.touch_all();
    return pyramid_per_km2_.span();
  }

  /// People per km². Throws AirspaceDamaged, as all queries here.
  [[nodiscard]] double density_per_km2(const Enu2& p_enu) const;
  /// The mean density along a segment, in people per km²: times its length the line integral, times the seconds flown
  /// at even speed the integral over time. Exact but for rounding: from cell border to cell border. Where a segment
  /// runs along a border the cell to its east or north counts.
  [[nodiscard]] double mean_along_per_km2(const Enu2& a_enu, const Enu2& b_enu) const;
  /// No density in the box is less.
  [[nodiscard]] double least_in_per_km2(const Box2& box) const;

  friend bool operator==(const GroundRisk& a, const GroundRisk& b);

 private:
  struct Level {
    std::size_t first;
    int nx, ny;
  };
  [[nodiscard]] static std::vector<Level> levels_of(const GridFrame& grid);
  [[nodiscard]] double at(const Level& level, int i, int j) const;

  GridFrame grid_;
  std::vector<Level> levels_;
  FlatArray<float> pyramid_per_km2_;
};

}  // namespace swiftlet::geo
