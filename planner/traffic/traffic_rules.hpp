#pragma once

namespace swiftlet::planner {

/// What flights keep from each other, and how exactly they keep to their own trajectories.
///
/// Two flights must never be nearer than `across_m` over the ground and `up_m` in height at once. A flight is at any
/// instant within `lateral_error_m` and `vertical_error_m` of a place of its trajectory, and that place is one that the
/// trajectory passes at most early(t) after and late(t) before the instant, where t is the time flown and
/// early(t) = early_s + growth · t, late(t) = late_s + growth · t.
struct TrafficRules {
  double across_m = 20.0;
  double up_m = 10.0;
  double lateral_error_m = 3.0;   ///< the controller's: gusts included, and what it cuts off corners
  double vertical_error_m = 1.5;  ///< the same
  double early_s = 1.0;
  double late_s = 2.0;    ///< a drone looks at its clock once a second, and a link takes its time
  double growth = 0.005;  ///< of the time flown: errors of wind and speed

  [[nodiscard]] double early_after_s(double flown_s) const { return early_s + growth * flown_s; }
  [[nodiscard]] double late_after_s(double flown_s) const { return late_s + growth * flown_s; }
};

}  // namespace swiftlet::planner
