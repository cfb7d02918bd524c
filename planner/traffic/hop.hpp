#pragma once

#include <vector>

#include "geo/local_frame.hpp"
#include "planner/route.hpp"

namespace swiftlet::planner {

/// What the wire rounds times to at either end of a hop, and speeds.
constexpr double kTimeRounding_s = 0.001;
constexpr double kSpeedRounding_m_s = 0.0005;
/// Waypoints are rounded to 10⁻⁸ degrees and 1 mm, and the straight line between two of them in longitude and latitude
/// is within 5 mm of the one in the local frame.
constexpr double kPlaceRounding_m = 0.01;

/// The straight way from a waypoint to the next. Local frame; seconds after departure.
struct Hop {
  geo::Enu3 a;
  geo::Enu3 b;
  double from_s;
  double to_s;
  [[nodiscard]] double duration_s() const { return to_s - from_s; }
  [[nodiscard]] double level_m() const { return (b - a).head<2>().norm(); }
  [[nodiscard]] double length_m() const { return (b - a).norm(); }
  [[nodiscard]] double path_over_ground() const { return length_m() / level_m(); }
  [[nodiscard]] bool vertical() const { return level_m() <= 0.05; }
};

/// Of every two successive waypoints. Precondition: t_s not decreasing (throws std::invalid_argument).
[[nodiscard]] std::vector<Hop> hops_of(const Route& route, const geo::LocalFrame& frame);

/// Nothing is known but that the flight is on the hop.
constexpr double kAnywhere = 1.0;

/// For each hop: after a share u of its time the flight has come at least u less this, at most u plus this, of its way.
/// What that takes of the flight's speed stands at operational_intent().
[[nodiscard]] std::vector<double> openness_of(const Route& route, const std::vector<Hop>& hops);

}  // namespace swiftlet::planner
