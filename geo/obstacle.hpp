#pragma once

#include <optional>
#include <string>

#include "geo/polygon.hpp"

namespace swiftlet::geo {

/// A prism that nothing may fly into: a footprint in the local frame, from the ground, or from a base
/// above it, to its top above the region's datum.
struct Obstacle {
  std::string id;    ///< the feature's own id where it has one, else its number in the source
  std::string kind;  ///< building, tower, crane, power_line, tree, …
  MultiPolygon footprint;
  double top_msl_m = 0.0;
  std::optional<double> base_msl_m;  ///< of bridges and overhangs; none: it stands on the ground
  Box2 box;                          ///< bounds of the footprint
  double enclosure_m = 0.0;          ///< by how much the footprint may exceed the true shape: above 0 for buffers
};

}  // namespace swiftlet::geo
