#pragma once

#include <optional>

#include "geo/error.hpp"
#include "geo/obstacle.hpp"
#include "geo/terrain.hpp"

namespace swiftlet::maps {

/// What a feature says of its top and its base. Several statements may stand side by side: the highest top and the
/// lowest base hold.
struct StatedHeights {
  std::optional<double> height_m;  ///< of the top above the ground
  std::optional<double> top_msl_m;
  std::optional<double> base_height_m;  ///< of the base above the ground
  std::optional<double> base_msl_m;

  [[nodiscard]] bool has_top() const { return height_m || top_msl_m; }
  void state_height(double m);
  void state_base_height(double m);
};

/// Gives an obstacle its top and its base: heights count from the highest terrain under the closed footprint, base
/// heights from the lowest. Errors: value_invalid (a base that is not below the top), without `where`. Precondition:
/// has_top(), and the ground is known.
[[nodiscard]] Expected<void> set_heights(const StatedHeights& stated, const geo::GroundUnder& ground, double sag_m,
                                         geo::Obstacle& obstacle);

}  // namespace swiftlet::maps
