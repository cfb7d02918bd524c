#pragma once

#include "geo/wind.hpp"
#include "planner/autopilot/airframe.hpp"
#include "planner/autopilot/ardupilot_parameters.hpp"
#include "planner/autopilot/position_control.hpp"

namespace swiftlet::planner::autopilot {

/// A frame in the air under ArduPilot's position control: leans after its commands with a lag, is slowed by drag and
/// carried by wind. East, north, up of home.
class Multicopter {
 public:
  /// `ground_msl_m`: altitude of home.
  Multicopter(const ArduPilotParameters& parameters, const Airframe& frame, const geo::Wind& wind, double ground_msl_m);

  /// One step after a target.
  void step(const Kinematics& target, double dt_s);

  void set_speed(double speed_m_s) { control_.set_speed(speed_m_s); }

  [[nodiscard]] const Eigen::Vector3d& position_m() const { return position_m_; }
  [[nodiscard]] const Eigen::Vector3d& velocity_m_s() const { return velocity_m_s_; }
  /// Target less position, as the control takes notice of it.
  [[nodiscard]] Eigen::Vector3d position_error_m() const;
  [[nodiscard]] double energy_j() const { return energy_j_; }

 private:
  [[nodiscard]] Eigen::Vector3d wind_at(double height_m) const;

  ArduPilotParameters parameters_;
  Aerodynamics air_;
  Eigen::Vector2d wind_m_s_;
  HorizontalControl control_;
  double lag_s_;
  Eigen::Vector3d position_m_ = Eigen::Vector3d::Zero();
  Eigen::Vector3d velocity_m_s_ = Eigen::Vector3d::Zero();
  Eigen::Vector2d lean_m_s2_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d heading_ = Eigen::Vector2d(0.0, 1.0);
  double vertical_m_s2_ = 0.0;
  double vertical_error_m_ = 0.0;
  double thrust_n_;
  double energy_j_ = 0.0;
};

}  // namespace swiftlet::planner::autopilot
