#pragma once

#include <Eigen/Core>

#include "planner/autopilot/ardupilot_parameters.hpp"
#include "planner/autopilot/leg_profile.hpp"

namespace swiftlet::planner::autopilot {

/// ArduPilot's horizontal position control: a square-root law on the position, PID on the velocity, the target's own
/// velocity and acceleration fed forward, and the whole cut to what the greatest lean gives.
class HorizontalControl {
 public:
  HorizontalControl(const ArduPilotParameters& parameters, double speed_m_s);

  /// The speed that corrections may use.
  void set_speed(double speed_m_s) { speed_m_s_ = speed_m_s; }

  /// The acceleration to lean for.
  [[nodiscard]] Eigen::Vector2d update(const Kinematics& target, const Eigen::Vector2d& position_m,
                                       const Eigen::Vector2d& velocity_m_s, double dt_s);

  /// What the position control was off by last time, as far as it takes notice of it.
  [[nodiscard]] const Eigen::Vector2d& position_error_m() const { return position_error_m_; }

 private:
  ArduPilotParameters parameters_;
  double speed_m_s_;
  double lean_acceleration_m_s2_;
  Eigen::Vector2d position_error_m_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d velocity_error_m_s_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d velocity_error_rate_m_s2_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d integral_m_s2_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d limited_towards_ = Eigen::Vector2d::Zero();
  bool first_ = true;
};

/// A vertical target that is shaped with limited speed, acceleration and jerk: take-off and landing.
class VerticalShaper {
 public:
  struct Limits {
    double speed_up_m_s, speed_down_m_s, acceleration_m_s2, jerk_m_s3;
  };
  VerticalShaper(double height_m, const Limits& limits) : height_m_(height_m), limits_(limits) {}

  void towards_height(double height_m, double dt_s);
  void towards_speed(double speed_m_s, double dt_s);

  [[nodiscard]] double height_m() const { return height_m_; }
  [[nodiscard]] double speed_m_s() const { return speed_m_s_; }
  [[nodiscard]] double acceleration_m_s2() const { return acceleration_m_s2_; }

 private:
  void move(double dt_s);
  void shape_speed(double speed_m_s, double dt_s);

  double height_m_;
  double speed_m_s_ = 0.0;
  double acceleration_m_s2_ = 0.0;
  Limits limits_;
};

/// A proportional law near zero that turns into a square root where it would ask for more than `limit` of its own rate
/// of change; dt > 0 keeps it from overshooting within a step.
[[nodiscard]] double square_root_law(double error, double p, double limit, double dt_s = 0.0);

}  // namespace swiftlet::planner::autopilot
