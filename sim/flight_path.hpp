#pragma once

#include <cstddef>
#include <vector>

#include "geo/local_frame.hpp"
#include "planner/route.hpp"

namespace swiftlet::sim {

/// A route as a function of time: where its trajectory wants the vehicle to be, t_s after departure.
///
/// Frame: local east-north-up about the route's first waypoint or the frame given, metres; z is alt_msl_m.
/// Between waypoints the position is straight; the distance along it follows a cubic through the waypoints' times
/// with their speeds as slopes (exact where the speed changes at a constant rate), limited so that it never runs
/// backwards. Passes every waypoint at its own t_s.
class FlightPath {
 public:
  /// Preconditions: at least two waypoints, t_s not decreasing (throws std::invalid_argument).
  explicit FlightPath(const planner::Route& route);
  /// The same in a frame of the caller's: one frame for all that fly in a region.
  FlightPath(const planner::Route& route, const geo::LocalFrame& frame);

  struct Reference {
    geo::Enu3 p_enu;
    geo::Enu3 v_enu;
    geo::Enu3 a_enu;
    double height_agl_m = 0.0;
    planner::Phase phase = planner::Phase::takeoff;
  };

  /// The reference at t_s; before departure and after touchdown it stands still at the ends.
  [[nodiscard]] Reference at(double t_s) const;
  /// The same for one that asks in rising t_s and keeps `segment` from call to call (0 at first): no search.
  [[nodiscard]] Reference at(double t_s, std::size_t& segment) const;

  [[nodiscard]] double duration_s() const { return knots_.back().t_s; }
  [[nodiscard]] const geo::Enu3& start() const { return knots_.front().p_enu; }
  [[nodiscard]] const geo::Enu3& end() const { return knots_.back().p_enu; }
  [[nodiscard]] const geo::LocalFrame& frame() const { return frame_; }

  /// The distance from p to the nearest point of the flown curve, metres.
  [[nodiscard]] double distance_m(const geo::Enu3& p_enu) const;

 private:
  [[nodiscard]] Reference on_segment(std::size_t segment, double t_s) const;

  struct Knot {
    geo::Enu3 p_enu;
    double t_s;
    double along_m;    ///< distance flown up to here
    double speed_m_s;  ///< along the path
    double height_agl_m;
    planner::Phase phase;  ///< of the segment that begins here
  };

  geo::LocalFrame frame_;
  std::vector<Knot> knots_;
};

}  // namespace swiftlet::sim
