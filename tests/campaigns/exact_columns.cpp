#include "tests/campaigns/exact_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>

namespace swiftlet::campaign {
namespace {

constexpr double kBlock_m = 32.0;  ///< obstacles are gathered block by block

}  // namespace

ExactColumns::ExactColumns(const geo::Airspace& airspace, const geo::Policy& policy, const geo::Box2& area,
                           double step_m)
    : origin_(area.min),
      step_m_(step_m),
      nx_(static_cast<std::size_t>((area.max.x() - area.min.x()) / step_m)),
      ny_(static_cast<std::size_t>((area.max.y() - area.min.y()) / step_m)),
      terrain_(nx_ * ny_, std::numeric_limits<float>::quiet_NaN()),
      floor_(nx_ * ny_, std::numeric_limits<float>::quiet_NaN()) {
  const auto block = static_cast<std::size_t>(kBlock_m / step_m);
  const auto fill = [&](std::size_t i0, std::size_t j0) {
    const std::size_t i1 = std::min(nx_, i0 + block);
    const std::size_t j1 = std::min(ny_, j0 + block);
    const geo::Box2 reach = geo::Box2{point(i0, j0), point(i1 - 1, j1 - 1)}.grown(policy.lateral_clearance_m);
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t j = j0; j < j1; ++j) {
      for (std::size_t i = i0; i < i1; ++i) {
        const auto terrain = airspace.terrain.height_msl_m(point(i, j));
        if (!terrain) continue;
        lowest = std::min(lowest, *terrain);
        terrain_[j * nx_ + i] = static_cast<float>(*terrain);
        floor_[j * nx_ + i] = static_cast<float>(*terrain + policy.min_height_agl_m);
      }
    }
    std::vector<const geo::Obstacle*> near;
    for (const geo::Obstacle& obstacle : airspace.obstacles) {
      if (!obstacle.box.intersects(reach)) continue;
      if (obstacle.top_msl_m + policy.vertical_clearance_m > lowest + policy.min_height_agl_m)
        near.push_back(&obstacle);
    }
    std::sort(near.begin(), near.end(), [](auto* a, auto* b) { return a->top_msl_m > b->top_msl_m; });
    for (std::size_t j = j0; j < j1; ++j) {
      for (std::size_t i = i0; i < i1; ++i) {
        float& floor = floor_[j * nx_ + i];
        const geo::Enu2 p = point(i, j);
        for (const geo::Obstacle* obstacle : near) {
          const auto over = static_cast<float>(obstacle->top_msl_m + policy.vertical_clearance_m);
          if (!(over > floor)) break;
          if (obstacle->box.grown(policy.lateral_clearance_m).contains(p) &&
              geo::distance_m(obstacle->footprint, p) < policy.lateral_clearance_m) {
            floor = over;
            break;
          }
        }
      }
    }
  };
  const auto half = [&](std::size_t from) {
    for (std::size_t j0 = from * block; j0 < ny_; j0 += 2 * block) {
      for (std::size_t i0 = 0; i0 < nx_; i0 += block) fill(i0, j0);
    }
  };
  const std::jthread other(half, std::size_t{1});
  half(0);
}

ExactColumns::Components ExactColumns::components(double max_height_agl_m) const {
  std::vector<std::uint32_t> joined(nx_ * ny_);
  std::iota(joined.begin(), joined.end(), 0U);
  const auto root = [&](std::uint32_t n) {
    while (joined[n] != n) n = joined[n] = joined[joined[n]];
    return n;
  };
  const auto ceiling = [&](std::size_t n) { return terrain_[n] + static_cast<float>(max_height_agl_m); };
  const auto join = [&](std::size_t a, std::size_t b) {
    if (!(std::max(floor_[a], floor_[b]) <= std::min(ceiling(a), ceiling(b)))) return;
    const std::uint32_t ra = root(static_cast<std::uint32_t>(a));
    const std::uint32_t rb = root(static_cast<std::uint32_t>(b));
    joined[std::max(ra, rb)] = std::min(ra, rb);
  };
  for (std::size_t j = 0; j < ny_; ++j) {
    for (std::size_t i = 0; i < nx_; ++i) {
      if (i + 1 < nx_) join(j * nx_ + i, j * nx_ + i + 1);
      if (j + 1 < ny_) join(j * nx_ + i, (j + 1) * nx_ + i);
    }
  }
  std::vector<std::uint32_t> points(joined.size(), 0);
  std::vector<std::uint32_t> roots;
  for (std::uint32_t n = 0; n < joined.size(); ++n) {
    if (!is_free(n % nx_, n / nx_, max_height_agl_m)) continue;
    const std::uint32_t r = root(n);
    if (points[r]++ == 0) roots.push_back(r);
  }
  std::stable_sort(roots.begin(), roots.end(), [&](auto a, auto b) { return points[a] > points[b]; });
  Components found;
  std::vector<std::uint32_t>& number = points;
  for (std::uint32_t k = 0; k < roots.size(); ++k) {
    found.areas_m2.push_back(number[roots[k]] * step_m_ * step_m_);
    number[roots[k]] = k;
  }
  found.of_point.assign(joined.size(), kClosed);
  for (std::uint32_t n = 0; n < joined.size(); ++n) {
    if (is_free(n % nx_, n / nx_, max_height_agl_m)) found.of_point[n] = number[root(n)];
  }
  return found;
}

}  // namespace swiftlet::campaign
