#pragma once

#include <optional>

#include "planner/autopilot/leg_profile.hpp"

namespace swiftlet::planner::autopilot {

/// Moves a target along straight legs in the way of ArduPilot Copter 4.x: a waypoint that another one follows is not
/// stopped at; the target then begins the next leg while it still ends the present one, as soon as the turn's middle
/// lies within the waypoint's radius and asks for no more than the corner's acceleration.
class LegFollower {
 public:
  struct Corner {
    double radius_m = 0.0;
    double acceleration_m_s2 = 0.0;
  };

  LegFollower(const Eigen::Vector3d& start_m, const LegLimits& limits, const Corner& corner);

  /// Begins the leg to a destination; with `next`, the destination after it, flown through without a stop.
  void fly_to(const Eigen::Vector3d& destination_m, const std::optional<Eigen::Vector3d>& next_m);
  /// A new speed for the leg that is flown and the next.
  void change_speed(const LegLimits& limits);

  /// Moves the target on by a span of the legs' own time. True once it has passed the destination.
  [[nodiscard]] bool advance(double dt_s);

  [[nodiscard]] const Kinematics& target() const { return target_; }
  [[nodiscard]] const Eigen::Vector3d& destination_m() const { return destination_m_; }
  [[nodiscard]] bool flies_through() const { return flies_through_; }

 private:
  [[nodiscard]] bool may_begin_turn() const;

  LegLimits limits_;
  Corner corner_;
  Eigen::Vector3d origin_m_;
  Eigen::Vector3d destination_m_;
  bool flies_through_ = false;
  LegProfile previous_, present_, next_;
  Kinematics target_;
};

}  // namespace swiftlet::planner::autopilot
