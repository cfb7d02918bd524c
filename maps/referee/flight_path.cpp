#include "maps/referee/flight_path.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace swiftlet::maps::referee {
namespace {

constexpr double kLongestPiece_m = 100.0;
constexpr double kMetresPerDegree = 111'320.0;
constexpr double kLongestFlight_s = 1e7;
constexpr double kHighest_m = 1e5;

double rough_length_m(const GeoPoint& a, const GeoPoint& b) {
  const double cosine = std::cos(a.lat_deg * std::numbers::pi / 180.0);
  return kMetresPerDegree * std::hypot((b.lon_deg - a.lon_deg) * cosine, b.lat_deg - a.lat_deg);
}

GeoPoint between(const GeoPoint& a, const GeoPoint& b, double s) {
  return {.lon_deg = a.lon_deg + s * (b.lon_deg - a.lon_deg),
          .lat_deg = a.lat_deg + s * (b.lat_deg - a.lat_deg),
          .alt_msl_m = a.alt_msl_m + s * (b.alt_msl_m - a.alt_msl_m)};
}

/// The places of points in the pixel coordinates of every source.
class PixelTable {
 public:
  PixelTable(std::size_t points, std::size_t sources) : sources_(sources), pixels_(points * sources) {}
  [[nodiscard]] std::span<Point2> of(std::size_t point) { return {&pixels_[point * sources_], sources_}; }

 private:
  std::size_t sources_;
  std::vector<Point2> pixels_;
};

/// Fills local coordinates and ground; points without an image in the local frame or outside the terrain end up out of
/// the hull.
PixelTable place(std::vector<PathPoint>& points, const Terrain& terrain, const Instruments& instruments) {
  std::vector<Point2> lonlat;
  lonlat.reserve(points.size());
  for (const PathPoint& p : points) lonlat.push_back({p.geo.lon_deg, p.geo.lat_deg});
  std::vector<Point2> local = lonlat;
  // A point without an image comes back infinite, and is then outside the hull.
  (void)instruments.local_from_lonlat.apply(local);
  PixelTable pixels(points.size(), terrain.sources().size());
  for (std::size_t k = 0; k < terrain.sources().size(); ++k) {
    std::vector<Point2> crs = lonlat;
    (void)instruments.terrain_from_lonlat[k].apply(crs);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Point2 pixel = terrain.sources()[k].dem.pixel(crs[i]);
      constexpr Point2 kNowhere{-1e9, -1e9};
      pixels.of(i)[k] = std::isfinite(pixel.x) && std::isfinite(pixel.y) ? pixel : kNowhere;
    }
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].local = local[i];
    points[i].ground_m = terrain.height_m(pixels.of(i));
    points[i].in_hull = std::isfinite(local[i].x) && std::isfinite(local[i].y) && points[i].ground_m.has_value();
  }
  return pixels;
}

}  // namespace

GeoPoint Piece::at(double s) const { return between(a->geo, b->geo, s); }

Box Piece::box() const {
  Box box;
  box.include(a->local);
  box.include(b->local);
  return box;
}

std::optional<std::string> what_is_malformed(const geo::RouteUnderTest& route) {
  if (route.path.size() < 2) return fmt::format("has {} points; expected two or more", route.path.size());
  if (route.t_s.size() != route.path.size()) {
    return fmt::format("has {} points and {} times; expected one time a point", route.path.size(), route.t_s.size());
  }
  if (!(route.time_uncertainty_s >= 0.0 && route.time_uncertainty_s <= kLongestFlight_s)) {
    return fmt::format("has a time uncertainty of {} s", route.time_uncertainty_s);
  }
  for (std::size_t i = 0; i < route.path.size(); ++i) {
    const GeoPoint& p = route.path[i];
    if (!(std::abs(p.lon_deg) <= 180.0 && std::abs(p.lat_deg) <= 90.0 && std::abs(p.alt_msl_m) <= kHighest_m)) {
      return fmt::format("point {} is ({}, {}, {}); expected degrees on earth and metres", i, p.lon_deg, p.lat_deg,
                         p.alt_msl_m);
    }
    if (!(std::abs(route.t_s[i]) <= kLongestFlight_s))
      return fmt::format("point {} is reached at {} s", i, route.t_s[i]);
    if (i > 0 && route.t_s[i] < route.t_s[i - 1]) {
      return fmt::format("point {} is reached at {} s, before point {} at {} s", i, route.t_s[i], i - 1,
                         route.t_s[i - 1]);
    }
  }
  return std::nullopt;
}

void lay_out(const geo::RouteUnderTest& route, const Terrain& terrain, const Instruments& instruments,
             FlightPath& path) {
  std::vector<PathPoint> corners;
  for (std::size_t i = 0; i < route.path.size(); ++i) {
    corners.push_back({.geo = route.path[i], .t_s = route.t_s[i], .segment = static_cast<int>(i)});
  }
  (void)place(corners, terrain, instruments);

  for (std::size_t i = 0; i < corners.size(); ++i) {
    path.waypoint.push_back(path.points.size());
    path.points.push_back(corners[i]);
    if (i + 1 == corners.size()) break;
    const PathPoint& a = corners[i];
    const PathPoint& b = corners[i + 1];
    // A segment that ends outside the hull is a violation as it stands, and may be thousands of kilometres long.
    if (!a.in_hull || !b.in_hull) continue;
    const double pieces = std::ceil(rough_length_m(a.geo, b.geo) / kLongestPiece_m);
    for (double k = 1.0; k < pieces; k += 1.0) {
      path.points.push_back({.geo = between(a.geo, b.geo, k / pieces),
                             .t_s = a.t_s + k / pieces * (b.t_s - a.t_s),
                             .segment = a.segment});
    }
  }
  PixelTable pixels = place(path.points, terrain, instruments);
  for (std::size_t i = 0; i + 1 < path.points.size(); ++i) {
    const PathPoint& a = path.points[i];
    const PathPoint& b = path.points[i + 1];
    if (!a.in_hull || !b.in_hull) continue;
    Piece& piece = path.pieces.emplace_back(Piece{.a = &a, .b = &b, .segment = a.segment});
    terrain.walk(pixels.of(i), pixels.of(i + 1), piece.terrain);
  }
}

}  // namespace swiftlet::maps::referee
