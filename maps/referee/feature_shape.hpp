#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/plane.hpp"

class OGRGeometry;

namespace swiftlet::maps::referee {

/// What a vector feature draws, in the coordinates of its source: polygons, or the lines and points of a source with a
/// buffer (a point is a line of one point).
struct FeatureShape {
  std::vector<Part> polygons;
  std::vector<Ring> lines;
};

/// Errors: geometry_invalid (empty, of a kind that is no obstacle, coordinates that are not finite, or of a
/// geographic source not degrees on earth) with `where`. Edges longer than longest_edge are cut, so that they stay
/// straight in the source's own coordinates.
[[nodiscard]] Expected<FeatureShape> read_shape(const OGRGeometry* geometry, bool is_geographic, double longest_edge,
                                                const std::string& where);

}  // namespace swiftlet::maps::referee
