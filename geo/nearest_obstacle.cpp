#include "geo/nearest_obstacle.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::geo {
namespace {

double vertical_gap_m(const Obstacle& obstacle, double z_msl_m) {
  const double below = obstacle.base_msl_m ? *obstacle.base_msl_m - z_msl_m : 0.0;
  return std::max({0.0, z_msl_m - obstacle.top_msl_m, below});
}

}  // namespace

std::optional<ObstacleDistance> nearest_obstacle(const AirspaceView& view, const Enu3& p_enu) {
  const Obstacles& obstacles = view.airspace().obstacles;
  if (obstacles.empty() || !p_enu.allFinite()) return std::nullopt;
  const Enu2 xy(p_enu.x(), p_enu.y());
  const Box2 extent = view.grid().extent();
  // From here on a ring holds everything: what lies beyond the extent is in the index's outer buckets.
  const double everything_m = (extent.max - extent.min).norm() + (xy - 0.5 * (extent.min + extent.max)).norm() + 1e6;
  std::optional<ObstacleDistance> nearest;
  for (double radius_m = 32.0;; radius_m *= 2.0) {
    for (const std::size_t k : view.obstacles_near(xy, radius_m)) {
      const double horizontal = distance_m(obstacles[k].footprint, xy);
      const double vertical = vertical_gap_m(obstacles[k], p_enu.z());
      const double distance = std::hypot(horizontal, vertical);
      if (!nearest || distance < nearest->distance_m) nearest = ObstacleDistance{k, distance, horizontal, vertical};
    }
    // What is beyond the ring is farther than its radius, whatever its height.
    if ((nearest && nearest->distance_m <= radius_m) || radius_m > everything_m) return nearest;
  }
}

}  // namespace swiftlet::geo
