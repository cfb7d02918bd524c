#include "geo/floating_obstacles.hpp"

#include <algorithm>
#include <cmath>

#include "geo/airspace_view.hpp"

namespace swiftlet::geo {

TakenAltitudes::TakenAltitudes(const Obstacle& floating, const Policy& policy)
    : below_msl_m(*floating.base_msl_m - policy.vertical_clearance_m - AirspaceView::kProofMargin_m),
      above_msl_m(floating.top_msl_m + policy.vertical_clearance_m + AirspaceView::kProofMargin_m) {
  // Bands may be kept in floats: rounded outwards.
  below_msl_m = rounded_down(below_msl_m);
  above_msl_m = rounded_up(above_msl_m);
}

bool clears(const Obstacle& floating, const Policy& policy, const Enu3& a_enu, const Enu3& b_enu) {
  const TakenAltitudes taken(floating, policy);
  const double dz = b_enu.z() - a_enu.z();
  if (std::min(a_enu.z(), b_enu.z()) >= taken.above_msl_m || std::max(a_enu.z(), b_enu.z()) <= taken.below_msl_m) {
    return true;
  }
  // The part of the segment that is between, closed: its ends are no better than what lies between them.
  double t0 = 0.0;
  double t1 = 1.0;
  if (dz != 0.0) {
    const double at_below = (taken.below_msl_m - a_enu.z()) / dz;
    const double at_above = (taken.above_msl_m - a_enu.z()) / dz;
    t0 = std::clamp(std::min(at_below, at_above), 0.0, 1.0);
    t1 = std::clamp(std::max(at_below, at_above), 0.0, 1.0);
  }
  const Enu3 p = a_enu + t0 * (b_enu - a_enu);
  const Enu3 q = a_enu + t1 * (b_enu - a_enu);
  const double reach = policy.lateral_clearance_m + AirspaceView::kProofMargin_m;
  Box2 box;
  box.include({p.x(), p.y()});
  box.include({q.x(), q.y()});
  return !floating.box.intersects(box.grown(reach)) ||
         distance_m(floating.footprint, Enu2(p.x(), p.y()), Enu2(q.x(), q.y())) >= reach;
}

FloatingObstacles::FloatingObstacles(const GridFrame& grid, const Obstacles& obstacles, const Policy& policy) {
  if (!policy.fly_under) return;
  const TileGrid tiles(grid);
  const double tile_m = grid.cell_m * TileGrid::kCells;
  for (std::uint32_t k = 0; k < obstacles.size(); ++k) {
    if (!floats(obstacles[k], policy)) continue;
    if (of_tile_.empty()) of_tile_.resize(tiles.count());
    const Box2 box = obstacles[k].box.grown(policy.lateral_clearance_m + 2.0 * AirspaceView::kProofMargin_m);
    const auto tile = [&](double offset_m, int n) {
      return static_cast<int>(std::clamp(std::floor(offset_m / tile_m), -1.0, static_cast<double>(n)));
    };
    const int ti1 = std::min(tiles.nx - 1, tile(box.max.x() - grid.origin.x(), tiles.nx));
    const int tj1 = std::min(tiles.ny - 1, tile(box.max.y() - grid.origin.y(), tiles.ny));
    for (int tj = std::max(0, tile(box.min.y() - grid.origin.y(), tiles.ny)); tj <= tj1; ++tj) {
      for (int ti = std::max(0, tile(box.min.x() - grid.origin.x(), tiles.nx)); ti <= ti1; ++ti) {
        of_tile_[tiles.index(ti, tj)].push_back(k);
      }
    }
  }
}

}  // namespace swiftlet::geo
