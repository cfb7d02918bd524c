#pragma once

#include <random>
#include <vector>

#include "geo/local_frame.hpp"
#include "planner/route.hpp"
#include "planner/traffic/traffic_rules.hpp"

namespace swiftlet::planner::test {

/// A flight drawn at random whose true motion is known in closed form: straight up, over the ground at speeds that
/// change evenly, straight down, from rest to rest on every leg of its own.
class DrawnFlight {
 public:
  /// Within a square of that side, on one of a few pads, so that flights meet.
  DrawnFlight(std::mt19937_64& random, double side_m, int pads);

  [[nodiscard]] Route route(const geo::LocalFrame& frame) const;
  [[nodiscard]] double duration_s() const { return points_.back().t_s; }
  /// Where the trajectory is at that time after departure; on the ground before and after.
  [[nodiscard]] geo::Enu3 at(double t_s) const;

 private:
  struct Point {
    geo::Enu3 p_enu;
    double t_s;
    double speed_m_s;  ///< along the path
  };
  void fly_to(const geo::Enu3& to, double speed_m_s, double acceleration_m_s2);

  std::vector<Point> points_;
};

/// How one flight departs from its trajectory: anything that the rules allow, often the worst of it.
class Misbehaviour {
 public:
  Misbehaviour(std::mt19937_64& random, const TrafficRules& rules);
  /// The time of the trajectory that it is at when `elapsed_s` have gone since it was to depart.
  [[nodiscard]] double flown_s(double elapsed_s) const;
  [[nodiscard]] geo::Enu3 off_enu(double elapsed_s) const;

 private:
  double offset_s_;
  double drift_;
  double lateral_m_;
  double vertical_m_;
  double turn_1_s_;
  double phase_;
};

}  // namespace swiftlet::planner::test
