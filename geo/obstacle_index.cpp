#include "geo/obstacle_index.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::geo {

ObstacleIndex::ObstacleIndex(const std::vector<Obstacle>& obstacles) : obstacles_(obstacles) {
  if (obstacles.empty()) return;
  Box2 all;
  for (const Obstacle& obstacle : obstacles) {
    all.include(obstacle.box.min);
    all.include(obstacle.box.max);
  }
  origin_ = all.min;
  nx_ = static_cast<int>((all.max.x() - all.min.x()) / kBucket_m) + 1;
  ny_ = static_cast<int>((all.max.y() - all.min.y()) / kBucket_m) + 1;
  buckets_.resize(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_));
  for (std::size_t k = 0; k < obstacles.size(); ++k) {
    const Span s = span(obstacles[k].box);
    for (int j = s.j0; j <= s.j1; ++j) {
      for (int i = s.i0; i <= s.i1; ++i) buckets_[bucket(i, j)].push_back(k);
    }
  }
}

ObstacleIndex::Span ObstacleIndex::span(const Box2& box) const {
  const auto nearest = [](double offset_m, int n) {
    return static_cast<int>(std::clamp(std::floor(offset_m / kBucket_m), 0.0, static_cast<double>(n - 1)));
  };
  return {nearest(box.min.x() - origin_.x(), nx_), nearest(box.max.x() - origin_.x(), nx_),
          nearest(box.min.y() - origin_.y(), ny_), nearest(box.max.y() - origin_.y(), ny_)};
}

std::vector<std::size_t> ObstacleIndex::meeting(const Box2& box) const {
  std::vector<std::size_t> found;
  if (buckets_.empty()) return found;
  const Span s = span(box);
  for (int j = s.j0; j <= s.j1; ++j) {
    for (int i = s.i0; i <= s.i1; ++i) {
      for (const std::size_t k : buckets_[bucket(i, j)]) {
        if (obstacles_[k].box.intersects(box)) found.push_back(k);
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace swiftlet::geo
