#include "planner/autopilot/leg_follower.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace swiftlet::planner::autopilot {
namespace {

Kinematics operator+(const Kinematics& a, const Kinematics& b) {
  return {.position_m = a.position_m + b.position_m,
          .velocity_m_s = a.velocity_m_s + b.velocity_m_s,
          .acceleration_m_s2 = a.acceleration_m_s2 + b.acceleration_m_s2};
}

/// The same, measured from the leg's end.
Kinematics from_end(const LegProfile& leg, Kinematics k) {
  k.position_m -= leg.way_m();
  return k;
}

}  // namespace

LegFollower::LegFollower(const Eigen::Vector3d& start_m, const LegLimits& limits, const Corner& corner)
    : limits_(limits), corner_(corner), origin_m_(start_m), destination_m_(start_m) {
  target_.position_m = start_m;
}

void LegFollower::fly_to(const Eigen::Vector3d& destination_m, const std::optional<Eigen::Vector3d>& next_m) {
  origin_m_ = destination_m_;
  destination_m_ = destination_m;
  previous_ = std::move(present_);
  present_ = flies_through_ && !next_.finished() ? std::move(next_) : LegProfile(destination_m_ - origin_m_, limits_);
  next_ = next_m ? LegProfile(*next_m - destination_m_, limits_) : LegProfile();
  flies_through_ = next_m.has_value();
}

void LegFollower::change_speed(const LegLimits& limits) {
  limits_ = limits;
  present_.change_speed(limits);
  next_.change_speed(limits);
}

bool LegFollower::may_begin_turn() const {
  if (present_.elapsed_s() < present_.slowing_down_begins_s()) return false;
  if (present_.remaining_s() > next_.speeding_up_ends_s()) return false;
  const double half_s = 0.5 * present_.remaining_s();
  const Kinematics turn = from_end(present_, present_.at(present_.elapsed_s() + half_s)) + next_.at(half_s);
  const double slowest = std::min(present_.top_speed_m_s(), next_.top_speed_m_s());
  const double vertical = std::min(present_.vertical_acceleration_m_s2(), next_.vertical_acceleration_m_s2());
  return turn.position_m.norm() < corner_.radius_m && turn.velocity_m_s.norm() < slowest &&
         turn.acceleration_m_s2.head<2>().norm() < corner_.acceleration_m_s2 &&
         std::abs(turn.acceleration_m_s2.z()) < vertical;
}

bool LegFollower::advance(double dt_s) {
  previous_.advance(dt_s);
  present_.advance(dt_s);
  target_ = from_end(previous_, previous_.now()) + present_.now();
  target_.position_m += origin_m_;
  bool passed = present_.finished();
  const bool turning = next_.elapsed_s() > 0.0;
  if (turning || (flies_through_ && may_begin_turn())) {
    next_.advance(dt_s);
    target_ = target_ + next_.now();
    // Half-way through the turn the leg counts as flown.
    if (turning && next_.elapsed_s() >= present_.remaining_s()) passed = true;
  }
  return passed;
}

}  // namespace swiftlet::planner::autopilot
