#pragma once

#include <optional>

#include "geo/airspace_view.hpp"

namespace swiftlet::geo {

/// The obstacle that is nearest to a point.
struct ObstacleDistance {
  std::size_t index;    ///< into airspace().obstacles
  double distance_m;    ///< in space; 0 inside
  double horizontal_m;  ///< to its footprint; 0 over, in or under it
  double vertical_m;    ///< above its top or below its base; 0 at altitudes between
};

/// The nearest obstacle in space: exact distances to the prisms, each from its base (or the ground, and all that is
/// below it) to its top. Among equally near ones the first in the airspace. Nothing where there are no obstacles or the
/// point is not finite. Looks in rings round the point: some microseconds in a city.
[[nodiscard]] std::optional<ObstacleDistance> nearest_obstacle(const AirspaceView& view, const Enu3& p_enu);

}  // namespace swiftlet::geo
