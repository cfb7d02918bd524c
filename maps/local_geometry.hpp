#pragma once

#include <ogr_geometry.h>

#include "geo/error.hpp"
#include "geo/polygon.hpp"
#include "maps/gdal_files.hpp"

// Private to maps: from OGR geometries to polygons of the local frame and back.
namespace swiftlet::maps {

/// A footprint in the local frame, and by how much it may exceed the true shape.
struct LocalShape {
  geo::MultiPolygon polygons;
  double enclosure_m = 0.0;
};

/// Checks a geometry as a file gives it and brings it into the local frame: polygons as they are, points and lines as
/// polygons that enclose their buffer (by under 0.2 % of it). Errors: geometry_invalid, without `where`.
[[nodiscard]] Expected<LocalShape> to_local_polygons(const OGRGeometry& geometry, const Reprojection& to_wgs84,
                                                     const geo::LocalFrame& frame, double buffer_m);

/// Nothing if the shape is a valid footprint, else what is wrong with it, in words that call its plane `coordinates`.
[[nodiscard]] std::optional<std::string> defect(const geo::MultiPolygon& shape,
                                                std::string_view coordinates = "the local frame");

[[nodiscard]] std::unique_ptr<OGRMultiPolygon> to_ogr(const geo::MultiPolygon& shape);
[[nodiscard]] geo::MultiPolygon from_ogr(const OGRMultiPolygon& shape);

}  // namespace swiftlet::maps
