#pragma once

#include <cstdint>
#include <vector>

#include "geo/flat_array.hpp"
#include "geo/obstacles.hpp"
#include "geo/terrain_bounds.hpp"

namespace swiftlet::geo {

/// Finds obstacles by place: buckets of a square grid over the extent, in two flat arrays. What lies beyond the extent
/// is in the buckets at its edge.
class ObstacleIndex {
 public:
  ObstacleIndex() = default;
  ObstacleIndex(const GridFrame& grid, const Obstacles& obstacles);
  /// Over arrays as first() and items() gave them. Precondition: first.size() == bucket_count(grid) + 1.
  ObstacleIndex(const GridFrame& grid, FlatArray<std::uint32_t> first, FlatArray<std::uint32_t> items);

  [[nodiscard]] static std::size_t bucket_count(const GridFrame& grid);
  [[nodiscard]] const FlatArray<std::uint32_t>& first() const { return first_; }
  [[nodiscard]] const FlatArray<std::uint32_t>& items() const { return items_; }

  /// Indices of the obstacles whose bounding box meets `box`, ascending, each once. Precondition: `obstacles` are those
  /// that the index was made of.
  [[nodiscard]] std::vector<std::size_t> meeting(const Obstacles& obstacles, const Box2& box) const;

 private:
  static constexpr double kBucket_m = 64.0;
  struct Span {
    int i0, i1, j0, j1;
  };
  explicit ObstacleIndex(const GridFrame& grid);
  [[nodiscard]] Span span(const Box2& box) const;
  [[nodiscard]] std::size_t bucket(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i);
  }

  Enu2 origin_ = Enu2::Zero();
  int nx_ = 0;
  int ny_ = 0;
  FlatArray<std::uint32_t> first_;  ///< bucket b holds items_[first_[b]] … items_[first_[b + 1] − 1]
  FlatArray<std::uint32_t> items_;
};

}  // namespace swiftlet::geo
