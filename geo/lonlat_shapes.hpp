#pragma once

#include "geo/polygon.hpp"

namespace swiftlet::geo {

/// The ring whose edges are straight in lon/lat, in the local frame: points are put in until every edge is within
/// 1 mm of the true one.
[[nodiscard]] Ring ring_from_lonlat(const LocalFrame& frame, const std::vector<LonLat>& corners);

/// A polygon that encloses the geodesic circle, nowhere by more than 5 cm. Precondition: radius_m > 0.
[[nodiscard]] Ring enclosing_geodesic_circle(const LocalFrame& frame, LonLat centre, double radius_m);

}  // namespace swiftlet::geo
