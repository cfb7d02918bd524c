#include "geo/obstacle_index.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace swiftlet::geo {

ObstacleIndex::ObstacleIndex(const GridFrame& grid)
    : origin_(grid.origin),
      nx_(static_cast<int>(std::floor(grid.nx * grid.cell_m / kBucket_m)) + 1),
      ny_(static_cast<int>(std::floor(grid.ny * grid.cell_m / kBucket_m)) + 1) {}

std::size_t ObstacleIndex::bucket_count(const GridFrame& grid) {
  const ObstacleIndex index(grid);
  return static_cast<std::size_t>(index.nx_) * static_cast<std::size_t>(index.ny_);
}

ObstacleIndex::ObstacleIndex(const GridFrame& grid, const Obstacles& obstacles) : ObstacleIndex(grid) {
  std::vector<std::uint32_t> first(bucket_count(grid) + 1, 0);
  const auto for_each_bucket = [&](const Obstacle& obstacle, auto&& visit) {
    const Span s = span(obstacle.box);
    for (int j = s.j0; j <= s.j1; ++j) {
      for (int i = s.i0; i <= s.i1; ++i) visit(bucket(i, j));
    }
  };
  for (const Obstacle& obstacle : obstacles) for_each_bucket(obstacle, [&](std::size_t b) { ++first[b + 1]; });
  for (std::size_t b = 1; b < first.size(); ++b) first[b] += first[b - 1];
  std::vector<std::uint32_t> items(first.back());
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  for (std::uint32_t k = 0; k < obstacles.size(); ++k) {
    for_each_bucket(obstacles[k], [&](std::size_t b) { items[next[b]++] = k; });
  }
  first_ = FlatArray<std::uint32_t>(std::move(first));
  items_ = FlatArray<std::uint32_t>(std::move(items));
}

ObstacleIndex::ObstacleIndex(const GridFrame& grid, FlatArray<std::uint32_t> first, FlatArray<std::uint32_t> items)
    : ObstacleIndex(grid) {
  if (first.size() != bucket_count(grid) + 1) throw std::invalid_argument("ObstacleIndex: buckets do not fit the grid");
  first_ = std::move(first);
  items_ = std::move(items);
}

ObstacleIndex::Span ObstacleIndex::span(const Box2& box) const {
  const auto nearest = [](double offset_m, int n) {
    return static_cast<int>(std::clamp(std::floor(offset_m / kBucket_m), 0.0, static_cast<double>(n - 1)));
  };
  return {nearest(box.min.x() - origin_.x(), nx_), nearest(box.max.x() - origin_.x(), nx_),
          nearest(box.min.y() - origin_.y(), ny_), nearest(box.max.y() - origin_.y(), ny_)};
}

std::vector<std::size_t> ObstacleIndex::meeting(const Obstacles& obstacles, const Box2& box) const {
  std::vector<std::size_t> found;
  if (first_.empty()) return found;
  const Span s = span(box);
  for (int j = s.j0; j <= s.j1; ++j) {
    for (int i = s.i0; i <= s.i1; ++i) {
      const std::size_t b = bucket(i, j);
      for (std::size_t n = first_[b]; n < first_[b + 1]; ++n) {
        if (obstacles[items_[n]].box.intersects(box)) found.push_back(items_[n]);
      }
    }
  }
  if (s.i0 == s.i1 && s.j0 == s.j1) return found;  // of one bucket they are in order
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace swiftlet::geo
