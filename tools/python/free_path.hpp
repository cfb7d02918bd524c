#pragma once

#include "geo/airspace_view.hpp"

namespace swiftlet::python {

/// Whether every point of a path's segment, straight in (lon, lat, alt_msl_m) as between a route's waypoints, is proven
/// free in transit. The segment is cut into pieces whose straight line in the local frame differs from it by no more
/// than AirspaceView::kProofMargin_m allows for, and each is tested exactly. False where anything is not finite, or the
/// segment is too long to be cut so (some hundred kilometres). Throws AirspaceDamaged.
[[nodiscard]] bool path_is_free(const geo::AirspaceView& view, const GeoPoint& a, const GeoPoint& b);

}  // namespace swiftlet::python
