#include "maps/local_geometry.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>
#include <optional>

namespace swiftlet::maps {
namespace {

constexpr int kQuadrantSegments = 16;
constexpr int kMaxVertices = 1'000'000;

/// Brings every vertex of a line into the local frame, in place.
Expected<void> to_local(OGRSimpleCurve& line, const Reprojection& to_wgs84, const geo::LocalFrame& frame) {
  for (int k = 0; k < line.getNumPoints(); ++k) {
    double x = line.getX(k);
    double y = line.getY(k);
    if (!std::isfinite(x) || !std::isfinite(y)) {
      return fail(ErrorCode::geometry_invalid, fmt::format("vertex {} is ({}, {}), which is not finite", k, x, y));
    }
    const double given_x = x;
    const double given_y = y;
    if (!to_wgs84.apply(x, y) || !std::isfinite(x) || !std::isfinite(y) || std::abs(x) > 180.0 || std::abs(y) >= 90.0) {
      return fail(
          ErrorCode::geometry_invalid,
          fmt::format("vertex {} at ({}, {}) is nowhere on Earth in the file's reference system", k, given_x, given_y));
    }
    const geo::Enu2 p = frame.to_local(LonLat{.lon_deg = x, .lat_deg = y});
    line.setPoint(k, p.x(), p.y());
  }
  return {};
}

Expected<void> to_local(OGRGeometry& geometry, const Reprojection& to_wgs84, const geo::LocalFrame& frame) {
  switch (wkbFlatten(geometry.getGeometryType())) {
    case wkbPoint: {
      OGRPoint& point = *geometry.toPoint();
      OGRLineString one;
      one.addPoint(point.getX(), point.getY());
      if (const auto done = to_local(one, to_wgs84, frame); !done) return done;
      point.setX(one.getX(0));
      point.setY(one.getY(0));
      return {};
    }
    case wkbLineString:
      return to_local(*geometry.toLineString(), to_wgs84, frame);
    case wkbPolygon:
      for (OGRLinearRing* ring : *geometry.toPolygon()) {
        if (ring->getNumPoints() < 4 || ring->get_IsClosed() == 0) {
          return fail(ErrorCode::geometry_invalid, "a ring needs at least three corners and must be closed");
        }
        if (const auto done = to_local(*ring, to_wgs84, frame); !done) return done;
        ring->closeRings();
      }
      return {};
    case wkbMultiPoint:
    case wkbMultiLineString:
    case wkbMultiPolygon:
    case wkbGeometryCollection:
      for (OGRGeometry* part : *geometry.toGeometryCollection()) {
        if (const auto done = to_local(*part, to_wgs84, frame); !done) return done;
      }
      return {};
    default:
      return fail(ErrorCode::geometry_invalid,
                  fmt::format("a {} is neither point, line nor polygon", geometry.getGeometryName()));
  }
}

geo::Ring from_ogr(const OGRLinearRing& ring) {
  geo::Ring out;
  for (int k = 0; k + 1 < ring.getNumPoints(); ++k) out.emplace_back(ring.getX(k), ring.getY(k));
  return out;
}

geo::Polygon from_ogr(const OGRPolygon& polygon) {
  geo::Polygon out{.outer = from_ogr(*polygon.getExteriorRing()), .holes = {}};
  for (int k = 0; k < polygon.getNumInteriorRings(); ++k) out.holes.push_back(from_ogr(*polygon.getInteriorRing(k)));
  return out;
}

void collect_polygons(const OGRGeometry& geometry, geo::MultiPolygon& out) {
  const auto type = wkbFlatten(geometry.getGeometryType());
  if (type == wkbPolygon) {
    if (!geometry.IsEmpty()) out.push_back(from_ogr(*geometry.toPolygon()));
  } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection) != 0) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) collect_polygons(*part, out);
  }
}

int count_vertices(const OGRGeometry& geometry) {
  const auto type = wkbFlatten(geometry.getGeometryType());
  int n = 0;
  if (type == wkbLineString) n = geometry.toLineString()->getNumPoints();
  if (type == wkbPolygon) {
    for (const OGRLinearRing* ring : *geometry.toPolygon()) n += ring->getNumPoints();
  }
  if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection) != 0) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) n += count_vertices(*part);
  }
  return n;
}

}  // namespace

std::unique_ptr<OGRMultiPolygon> to_ogr(const geo::MultiPolygon& shape) {
  auto out = std::make_unique<OGRMultiPolygon>();
  const auto ring_of = [](const geo::Ring& ring) {
    OGRLinearRing r;
    for (const geo::Enu2& p : ring) r.addPoint(p.x(), p.y());
    r.closeRings();
    return r;
  };
  for (const geo::Polygon& polygon : shape) {
    OGRPolygon p;
    OGRLinearRing outer = ring_of(polygon.outer);
    p.addRing(&outer);
    for (const geo::Ring& hole : polygon.holes) {
      OGRLinearRing inner = ring_of(hole);
      p.addRing(&inner);
    }
    out->addGeometry(&p);
  }
  return out;
}

geo::MultiPolygon from_ogr(const OGRMultiPolygon& shape) {
  geo::MultiPolygon out;
  collect_polygons(shape, out);
  return out;
}

std::optional<std::string> defect(const geo::MultiPolygon& shape) {
  if (shape.empty()) return "it is empty";
  CPLErrorReset();
  // Parts may share edges, as roof pieces do; so each is checked by itself.
  for (const geo::Polygon& polygon : shape) {
    const auto ogr = to_ogr({polygon});
    if (ogr->get_Area() <= 0.0) return "it has no area";
    if (ogr->getGeometryRef(0)->IsValid() == 0) {
      const std::string reason = CPLGetLastErrorMsg();
      return "it is not a simple polygon" + (reason.empty() ? "" : " (" + reason + ", in the local frame)");
    }
  }
  return std::nullopt;
}

Expected<geo::MultiPolygon> to_local_polygons(const OGRGeometry& geometry, const Reprojection& to_wgs84,
                                              const geo::LocalFrame& frame, double buffer_m) {
  if (geometry.IsEmpty()) return fail(ErrorCode::geometry_invalid, "it is empty");
  if (const int n = count_vertices(geometry); n > kMaxVertices) {
    return fail(ErrorCode::geometry_invalid, fmt::format("it has {} vertices; at most {} are read", n, kMaxVertices));
  }
  std::unique_ptr<OGRGeometry> local(geometry.hasCurveGeometry(1) != 0 ? geometry.getLinearGeometry()
                                                                       : geometry.clone());
  local->flattenTo2D();
  if (const auto done = to_local(*local, to_wgs84, frame); !done) return Unexpected(done.error());
  if (local->getDimension() < 2 && buffer_m <= 0.0) {
    return fail(ErrorCode::geometry_invalid,
                fmt::format("a {} has no footprint of its own; give buffer_m above 0", geometry.getGeometryName()));
  }
  if (local->getDimension() == 2) {
    geo::MultiPolygon as_given;
    collect_polygons(*local, as_given);
    if (const auto wrong = defect(as_given)) return fail(ErrorCode::geometry_invalid, *wrong);
    if (buffer_m <= 0.0) return as_given;
  }
  // Chords of a buffer's arcs run inside the true circle; a wider radius lets the polygon enclose it.
  const double enclosing_m = buffer_m / std::cos(std::numbers::pi / (4 * kQuadrantSegments));
  local.reset(local->Buffer(enclosing_m, kQuadrantSegments));
  geo::MultiPolygon shape;
  if (local) collect_polygons(*local, shape);
  if (const auto wrong = defect(shape)) return fail(ErrorCode::geometry_invalid, "its buffer: " + *wrong);
  return shape;
}

}  // namespace swiftlet::maps
