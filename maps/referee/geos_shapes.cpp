#include "maps/referee/geos_shapes.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace swiftlet::maps::referee {
namespace {

constexpr int kQuadrantSegments = 16;

GEOSCoordSequence* sequence(const GeosContext& context, const Ring& points) {
  std::vector<double> xy;
  xy.reserve(2 * points.size());
  for (const Point2& p : points) xy.insert(xy.end(), {p.x, p.y});
  return GEOSCoordSeq_copyFromBuffer_r(context.get(), xy.data(), static_cast<unsigned>(points.size()), 0, 0);
}

GEOSGeometry* made(GEOSGeometry* geometry) {
  if (geometry == nullptr) throw std::runtime_error("GEOS could not make a geometry from checked coordinates");
  return geometry;
}

Ring ring_of(const GeosContext& context, const GEOSGeometry* line) {
  const GEOSCoordSequence* coordinates = GEOSGeom_getCoordSeq_r(context.get(), line);
  unsigned size = 0;
  GEOSCoordSeq_getSize_r(context.get(), coordinates, &size);
  Ring ring(size);
  for (unsigned i = 0; i < size; ++i) GEOSCoordSeq_getXY_r(context.get(), coordinates, i, &ring[i].x, &ring[i].y);
  return ring;
}

std::vector<Part> parts_of(const GeosContext& context, const GEOSGeometry* shape) {
  std::vector<Part> parts;
  const int count = GEOSGetNumGeometries_r(context.get(), shape);
  for (int i = 0; i < count; ++i) {
    const GEOSGeometry* polygon = GEOSGetGeometryN_r(context.get(), shape, i);
    if (GEOSGeomTypeId_r(context.get(), polygon) != GEOS_POLYGON || GEOSisEmpty_r(context.get(), polygon) != 0)
      continue;
    Part part;
    part.rings.push_back(ring_of(context, GEOSGetExteriorRing_r(context.get(), polygon)));
    const int holes = GEOSGetNumInteriorRings_r(context.get(), polygon);
    for (int k = 0; k < holes; ++k) {
      part.rings.push_back(ring_of(context, GEOSGetInteriorRingN_r(context.get(), polygon, k)));
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace

void GeosGeometryDestroy::operator()(GEOSGeometry* geometry) const {
  static thread_local const GeosContext context;
  GEOSGeom_destroy_r(context.get(), geometry);
}

GeosGeometry to_geos(const GeosContext& context, const Part& part) {
  std::vector<GEOSGeometry*> rings;
  rings.reserve(part.rings.size());
  for (const Ring& ring : part.rings) {
    rings.push_back(made(GEOSGeom_createLinearRing_r(context.get(), sequence(context, ring))));
  }
  return GeosGeometry(made(GEOSGeom_createPolygon_r(context.get(), rings.front(), rings.data() + 1,
                                                    static_cast<unsigned>(rings.size() - 1))));
}

GeosGeometry to_geos(const GeosContext& context, Point2 a, Point2 b) {
  if (a.x == b.x && a.y == b.y) return GeosGeometry(made(GEOSGeom_createPointFromXY_r(context.get(), a.x, a.y)));
  return GeosGeometry(made(GEOSGeom_createLineString_r(context.get(), sequence(context, {a, b}))));
}

std::optional<std::string> what_is_invalid(const GeosContext& context, const Part& part) {
  for (const Ring& ring : part.rings) {
    if (ring.size() < 4) return "a ring needs three corners and the first one again";
    if (ring.front().x != ring.back().x || ring.front().y != ring.back().y) return "a ring is not closed";
  }
  const GeosGeometry polygon = to_geos(context, part);
  if (GEOSisValid_r(context.get(), polygon.get()) != 1) {
    char* reason = GEOSisValidReason_r(context.get(), polygon.get());
    std::string said = reason == nullptr ? "not a valid polygon" : reason;
    GEOSFree_r(context.get(), reason);
    return said;
  }
  double area = 0.0;
  if (GEOSArea_r(context.get(), polygon.get(), &area) != 1 || !(area > 0.0)) return "it has no area";
  return std::nullopt;
}

std::vector<Part> buffered(const GeosContext& context, const Ring& line_or_point, double radius_m) {
  const GeosGeometry source(line_or_point.size() == 1 ? to_geos(context, line_or_point[0], line_or_point[0])
                                                      : GeosGeometry(made(GEOSGeom_createLineString_r(
                                                            context.get(), sequence(context, line_or_point)))));
  const double enclosing = radius_m / std::cos(std::numbers::pi / (4.0 * kQuadrantSegments));
  const GeosGeometry shape(made(GEOSBuffer_r(context.get(), source.get(), enclosing, kQuadrantSegments)));
  return parts_of(context, shape.get());
}

std::vector<Part> convex_hull(const GeosContext& context, const std::vector<Part>& parts) {
  Ring corners;
  for (const Part& part : parts) corners.insert(corners.end(), part.rings.front().begin(), part.rings.front().end());
  if (corners.size() < 2) return {};
  const GeosGeometry line(made(GEOSGeom_createLineString_r(context.get(), sequence(context, corners))));
  const GeosGeometry hull(made(GEOSConvexHull_r(context.get(), line.get())));
  return parts_of(context, hull.get());
}

std::vector<Part> grown(const GeosContext& context, const Part& part, double by_m) {
  const GeosGeometry source = to_geos(context, part);
  const GeosGeometry shape(made(GEOSBuffer_r(context.get(), source.get(), by_m, 64)));
  return parts_of(context, shape.get());
}

}  // namespace swiftlet::maps::referee
