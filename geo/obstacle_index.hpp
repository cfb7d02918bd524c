#pragma once

#include <vector>

#include "geo/obstacle.hpp"

namespace swiftlet::geo {

/// Finds obstacles by place: buckets of a square grid over the bounds of all footprints.
class ObstacleIndex {
 public:
  explicit ObstacleIndex(const std::vector<Obstacle>& obstacles);

  /// Indices of the obstacles whose bounding box meets `box`, ascending, each once.
  [[nodiscard]] std::vector<std::size_t> meeting(const Box2& box) const;

 private:
  static constexpr double kBucket_m = 64.0;
  struct Span {
    int i0, i1, j0, j1;
  };
  [[nodiscard]] Span span(const Box2& box) const;
  [[nodiscard]] std::size_t bucket(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i);
  }

  const std::vector<Obstacle>& obstacles_;
  Enu2 origin_ = Enu2::Zero();
  int nx_ = 0;
  int ny_ = 0;
  std::vector<std::vector<std::size_t>> buckets_;
};

}  // namespace swiftlet::geo
