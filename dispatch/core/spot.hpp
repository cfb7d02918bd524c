#pragma once

#include <string>
#include <tuple>

#include "geo/geo_point.hpp"
#include "planner/plan_request.hpp"

namespace swiftlet::dispatch {

/// One slot of a pad, or a bare point: where exactly one drone may stand.
struct Spot {
  std::string pad = {};  ///< empty for a bare point
  int slot = 0;
  LonLat at = {};

  /// "H1/0" or "@4.83000000,45.76000000": two spots with the same key are the same place.
  [[nodiscard]] std::string key() const;
  [[nodiscard]] planner::Place place() const;
  friend bool operator==(const Spot&, const Spot&) = default;
};

/// Straight over the ground, metres; within 0.5 % over the extent of a region.
[[nodiscard]] double distance_m(LonLat a, LonLat b);

}  // namespace swiftlet::dispatch
