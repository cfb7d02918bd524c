#pragma once

#include <vector>

#include "planner/flight_curve.hpp"

namespace swiftlet::planner {

/// A point of the trajectory. Between two of them the speed changes evenly.
struct TimedPoint {
  geo::Enu3 p_enu;
  double t_s = 0.0;
  double speed_m_s = 0.0;  ///< ground speed; on a vertical segment the vertical one
  double ground_speed_m_s = 0.0;
  Phase phase = Phase::cruise;
};

struct Trajectory {
  std::vector<TimedPoint> points;
  double length_m = 0.0;
  [[nodiscard]] double duration_s() const { return points.back().t_s; }
};

/// The fastest passage of the curve within the vehicle's limits: ground speed by the wind triangle of each segment,
/// climb, descent and landing speeds, acceleration along the line and in curves (together never above the limit), rest
/// at every stop. A forward and a backward pass over the points; then a point is put in wherever the acceleration
/// changes within a segment. Its duration is not finite where the wind lets no progress be made on a segment.
[[nodiscard]] Trajectory timed(const FlightCurve& curve, const FlightLimits& limits);

}  // namespace swiftlet::planner
