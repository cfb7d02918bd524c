#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/referee.hpp"
#include "maps/referee/instruments.hpp"
#include "maps/referee/plane.hpp"
#include "maps/referee/terrain.hpp"

namespace swiftlet::maps::referee {

/// An end of a piece in every frame that is needed.
struct PathPoint {
  GeoPoint geo = {};
  Point2 local = {};
  double t_s = 0.0;
  int segment = 0;  ///< the segment that begins here or that this point cuts
  bool in_hull = false;
  std::optional<double> ground_m = {};  ///< the terrain there
};

/// A straight piece of a segment of the path, short enough (100 m) to be straight in every frame to a fraction of a
/// millimetre.
struct Piece {
  const PathPoint* a = nullptr;
  const PathPoint* b = nullptr;
  int segment = 0;
  std::vector<Interval> en_route{Interval{}};  ///< what no terminal exempts from floor and clearances
  std::vector<TerrainSpan> terrain = {};       ///< along the whole piece

  [[nodiscard]] double alt_msl_m(double s) const {
    return a->geo.alt_msl_m + s * (b->geo.alt_msl_m - a->geo.alt_msl_m);
  }
  [[nodiscard]] double t_s(double s) const { return a->t_s + s * (b->t_s - a->t_s); }
  [[nodiscard]] GeoPoint at(double s) const;
  [[nodiscard]] Point2 local(double s) const {
    return {a->local.x + s * (b->local.x - a->local.x), a->local.y + s * (b->local.y - a->local.y)};
  }
  [[nodiscard]] Box box() const;
};

/// The whole path, cut into pieces. Pieces refer to points, so it is neither copied nor moved.
struct FlightPath {
  std::vector<PathPoint> points;
  std::vector<std::size_t> waypoint;  ///< index into points of path[i]
  std::vector<Piece> pieces;          ///< only those that lie in the hull

  FlightPath() = default;
  FlightPath(const FlightPath&) = delete;
  FlightPath& operator=(const FlightPath&) = delete;
};

/// What is wrong with the path as such (rule "path"); nothing where it can be judged.
[[nodiscard]] std::optional<std::string> what_is_malformed(const geo::RouteUnderTest& route);

/// Cuts the path. Precondition: it is well formed. A centimetre outside the terrain counts as inside.
void lay_out(const geo::RouteUnderTest& route, const Terrain& terrain, const Instruments& instruments,
             FlightPath& path);

}  // namespace swiftlet::maps::referee
