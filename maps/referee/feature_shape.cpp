#include "maps/referee/feature_shape.hpp"

#include <fmt/core.h>
#include <ogr_geometry.h>

#include <cmath>
#include <memory>

namespace swiftlet::maps::referee {
namespace {

class ShapeReader {
 public:
  ShapeReader(bool is_geographic, double longest_edge, const std::string& where)
      : is_geographic_(is_geographic), longest_edge_(longest_edge), where_(where) {}

  std::optional<Error> read(const OGRGeometry& geometry, FeatureShape& shape) const {
    switch (wkbFlatten(geometry.getGeometryType())) {
      case wkbPolygon:
        return read_polygon(*geometry.toPolygon(), shape);
      case wkbLineString:
        return read_line(*geometry.toLineString(), shape);
      case wkbPoint:
        return read_point(*geometry.toPoint(), shape);
      case wkbMultiPolygon:
      case wkbMultiLineString:
      case wkbMultiPoint:
      case wkbGeometryCollection:
        for (const OGRGeometry* member : geometry.toGeometryCollection()) {
          if (auto error = read(*member, shape)) return error;
        }
        return std::nullopt;
      default:
        return invalid(fmt::format("is a {}; expected points, lines or polygons", geometry.getGeometryName()));
    }
  }

 private:
  [[nodiscard]] Error invalid(std::string message) const {
    return {.code = ErrorCode::geometry_invalid, .message = std::move(message), .where = where_};
  }

  std::optional<Error> read_points(const OGRSimpleCurve& curve, Ring& out) const {
    for (int i = 0; i < curve.getNumPoints(); ++i) {
      const Point2 p{curve.getX(i), curve.getY(i)};
      if (auto error = check(p, i)) return error;
      if (!out.empty()) cut(out.back(), p, out);
      out.push_back(p);
    }
    if (out.empty()) return invalid("has an empty line or ring");
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Error> check(Point2 p, int vertex) const {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) {
      return invalid(fmt::format("vertex {} is ({}, {}); expected finite coordinates", vertex, p.x, p.y));
    }
    if (is_geographic_ && (std::abs(p.x) > 180.0 || std::abs(p.y) > 90.0)) {
      return invalid(
          fmt::format("vertex {} is ({}, {}); expected longitude and latitude in degrees", vertex, p.x, p.y));
    }
    return std::nullopt;
  }

  void cut(Point2 a, Point2 b, Ring& out) const {
    constexpr double kMostPieces = 100'000.0;
    const double pieces = std::min(kMostPieces, std::ceil(std::hypot(b.x - a.x, b.y - a.y) / longest_edge_));
    for (double k = 1.0; k < pieces; k += 1.0) {
      out.push_back({a.x + k / pieces * (b.x - a.x), a.y + k / pieces * (b.y - a.y)});
    }
  }

  std::optional<Error> read_polygon(const OGRPolygon& polygon, FeatureShape& shape) const {
    Part part;
    for (const OGRLinearRing* ring : polygon) {
      if (auto error = read_points(*ring, part.rings.emplace_back())) return error;
    }
    if (part.rings.empty()) return invalid("has an empty polygon");
    shape.polygons.push_back(std::move(part));
    return std::nullopt;
  }

  std::optional<Error> read_line(const OGRLineString& line, FeatureShape& shape) const {
    return read_points(line, shape.lines.emplace_back());
  }

  std::optional<Error> read_point(const OGRPoint& point, FeatureShape& shape) const {
    if (point.IsEmpty()) return invalid("has an empty point");
    const Point2 p{point.getX(), point.getY()};
    if (auto error = check(p, 0)) return error;
    shape.lines.push_back({p});
    return std::nullopt;
  }

  bool is_geographic_;
  double longest_edge_;
  const std::string& where_;
};

}  // namespace

Expected<FeatureShape> read_shape(const OGRGeometry* geometry, bool is_geographic, double longest_edge,
                                  const std::string& where) {
  if (geometry == nullptr || geometry->IsEmpty()) return fail(ErrorCode::geometry_invalid, "has no geometry", where);
  std::unique_ptr<OGRGeometry> straightened;
  if (geometry->hasCurveGeometry(TRUE)) {
    straightened.reset(geometry->getLinearGeometry());
    geometry = straightened.get();
  }
  FeatureShape shape;
  if (auto error = ShapeReader(is_geographic, longest_edge, where).read(*geometry, shape)) {
    return tl::make_unexpected(std::move(*error));
  }
  return shape;
}

}  // namespace swiftlet::maps::referee
