#pragma once

#include "geo/airspace.hpp"

namespace swiftlet::geo {

/// How much of what could be free under a low ceiling a view proves free, zones left out.
struct ProvenShare {
  double max_height_agl_m;  ///< the ceiling; all else is the region's policy
  double proven_m2;         ///< ground that is proven free at some altitude
  double possible_m2;       ///< ground that may be free at some altitude: no less than is free in the exact geometry
  std::size_t components;   ///< of what is proven, those of 100 m² and more
  double largest_m2;        ///< the largest component

  /// A lower bound of the share of the exact free area that is proven free.
  [[nodiscard]] double at_least() const { return possible_m2 > 0.0 ? proven_m2 / possible_m2 : 1.0; }
};

/// Takes some tenths of a second for a city. Precondition: max_height_agl_m is above the policy's min_height_agl_m.
[[nodiscard]] ProvenShare proven_share(const AirspacePtr& airspace, double max_height_agl_m);

}  // namespace swiftlet::geo
