#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "planner/column_grid.hpp"

namespace swiftlet::planner {

/// The columns of a view that are open, merged into rectangles that meet along portals: what any-angle searches run on.
/// Coordinates are the units of ColumnGrid, whole numbers at the corners of rectangles.
///
/// `proven`: columns that are free as a whole, and portals where the bands of both sides overlap; what connects here
/// can be flown. `possible`: every column that any point could be free in, and portals likewise; what does not connect
/// here cannot be flown in the exact geometry, and no way is shorter over the ground than the shortest one here.
///
/// Immutable after construction; safe to read from any number of threads.
class ColumnMesh {
 public:
  using Trust = planner::Trust;
  static constexpr int kUnitsPerCell = ColumnGrid::kUnitsPerCell;
  static constexpr std::uint32_t kNone = ColumnGrid::kNone;
  static constexpr std::int32_t kNoCorner = -1;

  /// The way to go through a side: sides of rectangles are listed in this order.
  enum Heading : std::uint8_t { north, east, south, west };

  /// The common stretch of the sides of two rectangles. `lo` < `hi`, along x for headings north and south, else y.
  struct Portal {
    std::uint32_t to;
    int lo;
    int hi;
    std::int32_t corner_lo;  ///< the corner at which a way may bend; kNoCorner where none stands at that end
    std::int32_t corner_hi;
  };
  struct Rectangle {
    int x0, y0, x1, y1;
    std::uint32_t island;                    ///< rectangles of one number are connected
    std::array<std::uint32_t, 5> portals{};  ///< of heading h: [portals[h], portals[h + 1])
  };
  /// Where something closed ends: a way that bends round it bends here.
  struct Corner {
    int x, y;
    float out_x, out_y;  ///< unit vector away from what is closed
  };

  explicit ColumnMesh(ColumnGrid grid, Trust trust);

  [[nodiscard]] const std::vector<Rectangle>& rectangles() const { return rectangles_; }
  [[nodiscard]] const std::vector<Corner>& corners() const { return corners_; }
  [[nodiscard]] std::span<const Portal> portals(std::uint32_t rectangle, Heading heading) const {
    const Rectangle& r = rectangles_[rectangle];
    return {portals_.data() + r.portals[heading], portals_.data() + r.portals[heading + 1U]};
  }

  /// The rectangle that holds the place; kNone where it is closed or outside.
  [[nodiscard]] std::uint32_t rectangle_at(const geo::Enu2& p_enu) const;
  [[nodiscard]] bool connected(std::uint32_t a, std::uint32_t b) const {
    return rectangles_[a].island == rectangles_[b].island;
  }

  /// Rectangles on the island of one.
  [[nodiscard]] std::size_t island_size(std::uint32_t rectangle) const {
    return island_sizes_[rectangles_[rectangle].island];
  }

  [[nodiscard]] geo::Enu2 to_units(const geo::Enu2& p_enu) const { return (p_enu - origin_) / unit_m_; }
  [[nodiscard]] geo::Enu2 to_enu(const geo::Enu2& p_units) const { return origin_ + unit_m_ * p_units; }
  [[nodiscard]] double unit_m() const { return unit_m_; }
  /// No column's band is thinner.
  [[nodiscard]] double least_band_m() const { return least_band_m_; }

 private:
  friend class MeshBuilder;
  geo::Enu2 origin_;
  double unit_m_;
  double least_band_m_;
  int nx_;  ///< cells
  int ny_;
  int finest_ = kUnitsPerCell;                  ///< units
  geo::HugePageVector<std::uint32_t> of_cell_;  ///< as in ColumnGrid, with rectangles for columns
  geo::HugePageVector<std::uint32_t> places_;
  std::vector<Rectangle> rectangles_;
  std::vector<std::size_t> island_sizes_;
  std::vector<Portal> portals_;
  std::vector<Corner> corners_;
};

}  // namespace swiftlet::planner
