#include "maps/local_geometry.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>
#include <optional>

namespace swiftlet::maps {
namespace {

constexpr int kQuadrantSegments = 16;
constexpr int kMaxVertices = 1'000'000;

/// A place of a file in the local frame. Errors: geometry_invalid.
Expected<geo::Enu2> to_local(double x, double y, const Reprojection& to_wgs84, const geo::LocalFrame& frame) {
  if (!std::isfinite(x) || !std::isfinite(y)) {
    return fail(ErrorCode::geometry_invalid, fmt::format("a vertex is at ({}, {}), which is not finite", x, y));
  }
  double lon = x;
  double lat = y;
  if (!to_wgs84.apply(lon, lat) || !std::isfinite(lon) || !std::isfinite(lat) || std::abs(lon) > 180.0 ||
      std::abs(lat) >= 90.0) {
    return fail(ErrorCode::geometry_invalid,
                fmt::format("a vertex at ({}, {}) is nowhere on Earth in the file's reference system", x, y));
  }
  return frame.to_local(LonLat{.lon_deg = lon, .lat_deg = lat});
}

/// Brings a line into the local frame, in place. An edge is straight in the file's reference system, and bent in the
/// local frame: points are put in until every chord is within 1 mm of it.
Expected<void> to_local(OGRSimpleCurve& line, const Reprojection& to_wgs84, const geo::LocalFrame& frame) {
  constexpr double kTolerance_m = 0.001;
  constexpr double kNeverBent_m = 50.0;  // chords this short are off by under 0.1 mm in any projection of use
  constexpr int kMaxDepth = 16;
  std::vector<geo::Enu2> out;
  struct Edge {
    double x0, y0, x1, y1;
    geo::Enu2 from, to;
    int depth;
  };
  for (int k = 0; k < line.getNumPoints(); ++k) {
    const auto p = to_local(line.getX(k), line.getY(k), to_wgs84, frame);
    if (!p) return Unexpected(p.error());
    if (k == 0) {
      out.push_back(*p);
      continue;
    }
    std::vector<Edge> open{{line.getX(k - 1), line.getY(k - 1), line.getX(k), line.getY(k), out.back(), *p, 0}};
    while (!open.empty()) {
      const Edge e = open.back();
      open.pop_back();
      if ((e.to - e.from).norm() > kNeverBent_m && e.depth < kMaxDepth) {
        const double xm = 0.5 * (e.x0 + e.x1);
        const double ym = 0.5 * (e.y0 + e.y1);
        const auto middle = to_local(xm, ym, to_wgs84, frame);
        if (!middle) return Unexpected(middle.error());
        // The quarter points tell of an edge that bends both ways.
        const auto quarter = to_local(0.5 * (e.x0 + xm), 0.5 * (e.y0 + ym), to_wgs84, frame);
        if (!quarter) return Unexpected(quarter.error());
        if (std::max(geo::point_segment_distance_m(*middle, e.from, e.to),
                     geo::point_segment_distance_m(*quarter, e.from, e.to)) > kTolerance_m) {
          open.push_back({xm, ym, e.x1, e.y1, *middle, e.to, e.depth + 1});
          open.push_back({e.x0, e.y0, xm, ym, e.from, *middle, e.depth + 1});
          continue;
        }
      }
      out.push_back(e.to);
    }
  }
  line.setNumPoints(static_cast<int>(out.size()));
  for (std::size_t k = 0; k < out.size(); ++k) line.setPoint(static_cast<int>(k), out[k].x(), out[k].y());
  return {};
}

Expected<void> to_local(OGRGeometry& geometry, const Reprojection& to_wgs84, const geo::LocalFrame& frame) {
  switch (wkbFlatten(geometry.getGeometryType())) {
    case wkbPoint: {
      OGRPoint& point = *geometry.toPoint();
      const auto p = to_local(point.getX(), point.getY(), to_wgs84, frame);
      if (!p) return Unexpected(p.error());
      point.setX(p->x());
      point.setY(p->y());
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

std::optional<std::string> defect(const geo::MultiPolygon& shape, std::string_view coordinates) {
  if (shape.empty()) return "it is empty";
  const CPLErrorStateBackuper keep_what_reading_reported;
  // Parts may share edges, as roof pieces do; so each is checked by itself.
  for (const geo::Polygon& polygon : shape) {
    const auto ogr = to_ogr({polygon});
    // A line there and back is left with some 10^-9 m of width by rounding; nothing that is built is that thin.
    constexpr double kThinnest_m = 1e-6;
    if (ogr->get_Area() <= kThinnest_m * ogr->getGeometryRef(0)->getExteriorRing()->get_Length()) {
      return "it has no area";
    }
    if (ogr->getGeometryRef(0)->IsValid() == 0) {
      const std::string reason = CPLGetLastErrorMsg();
      return "it is not a simple polygon" + (reason.empty() ? "" : fmt::format(" ({}, in {})", reason, coordinates));
    }
  }
  return std::nullopt;
}

Expected<LocalShape> to_local_polygons(const OGRGeometry& geometry, const Reprojection& to_wgs84,
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
  if (local->getDimension() == 2) {  // a buffer is for what has no footprint of its own
    geo::MultiPolygon as_given;
    collect_polygons(*local, as_given);
    if (const auto wrong = defect(as_given)) return fail(ErrorCode::geometry_invalid, *wrong);
    return LocalShape{.polygons = std::move(as_given), .enclosure_m = 0.0};
  }
  // Chords of a buffer's arcs run inside the true circle; a wider radius lets the polygon enclose it.
  const double enclosing_m = buffer_m / std::cos(std::numbers::pi / (4 * kQuadrantSegments));
  local.reset(local->Buffer(enclosing_m, kQuadrantSegments));
  geo::MultiPolygon shape;
  if (local) collect_polygons(*local, shape);
  if (const auto wrong = defect(shape)) return fail(ErrorCode::geometry_invalid, "its buffer: " + *wrong);
  return LocalShape{.polygons = std::move(shape), .enclosure_m = enclosing_m - buffer_m};
}

}  // namespace swiftlet::maps
