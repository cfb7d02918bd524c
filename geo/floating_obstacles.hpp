#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/height_band.hpp"
#include "geo/obstacles.hpp"
#include "geo/policy.hpp"
#include "geo/view_tile.hpp"

namespace swiftlet::geo {

/// Whether a policy lets flights pass below an obstacle. Such obstacles do not stand in the floors of a view: they are
/// a layer of their own, tested one by one and exactly.
[[nodiscard]] inline bool floats(const Obstacle& obstacle, const Policy& policy) {
  return policy.fly_under && obstacle.base_msl_m.has_value();
}

/// The altitudes that an obstacle takes from whoever is nearer than the lateral clearance: above `below`, below
/// `above`. With AirspaceView::kProofMargin_m to spare.
struct TakenAltitudes {
  double below_msl_m;
  double above_msl_m;

  TakenAltitudes(const Obstacle& floating, const Policy& policy);

  /// What is left of a band: below the obstacle where there is room, else above it.
  template <class Band>
  void cut(Band& band) const {
    using Height = decltype(band.floor_msl_m);
    if (below_msl_m >= band.floor_msl_m) {
      band.ceiling_msl_m = std::min(band.ceiling_msl_m, static_cast<Height>(below_msl_m));
    } else {
      band.floor_msl_m = std::max(band.floor_msl_m, static_cast<Height>(above_msl_m));
    }
  }
};

/// Whether every point of the segment a-b keeps its clearance from a floating obstacle: above, below or beside it.
/// Exact; symmetric up to rounding, which the margin covers.
[[nodiscard]] bool clears(const Obstacle& floating, const Policy& policy, const Enu3& a_enu, const Enu3& b_enu);

/// The floating obstacles that may matter in each tile.
class FloatingObstacles {
 public:
  FloatingObstacles() = default;
  FloatingObstacles(const GridFrame& grid, const Obstacles& obstacles, const Policy& policy);

  [[nodiscard]] std::span<const std::uint32_t> near_tile(std::size_t tile) const {
    return of_tile_.empty() ? std::span<const std::uint32_t>() : of_tile_[tile];
  }

 private:
  std::vector<std::vector<std::uint32_t>> of_tile_;  ///< empty where nothing floats
};

}  // namespace swiftlet::geo
