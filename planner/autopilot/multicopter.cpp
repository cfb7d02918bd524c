#include "planner/autopilot/multicopter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "planner/gravity.hpp"

namespace swiftlet::planner::autopilot {
namespace {

/// From a lean asked for to the lean flown: the input shaping's time constant, and that of the inner loops and motors.
constexpr double kInnerLoops_s = 0.10;
constexpr double kThrottle_s = 0.08;
constexpr double kTypicalHeight_m = 60.0;  ///< for the density of the air
/// Below this share of its speed the vehicle keeps its heading.
constexpr double kTurnsAt_m_s = 0.5;
constexpr double kLeastVertical_m_s2 = -0.8 * kGravity_m_s2;

}  // namespace

Multicopter::Multicopter(const ArduPilotParameters& parameters, const Airframe& frame, const geo::Wind& wind,
                         double ground_msl_m)
    : parameters_(parameters),
      air_(frame, air_density_kg_m3(ground_msl_m + kTypicalHeight_m, frame.reference_temperature_c)),
      control_(parameters, parameters.wp_speed_m_s),
      lag_s_(parameters.attitude_input_s + kInnerLoops_s),
      thrust_n_(frame.mass_kg * kGravity_m_s2) {
  const double from = wind.from_deg * std::numbers::pi / 180.0;
  wind_m_s_ = -wind.speed_m_s * Eigen::Vector2d(std::sin(from), std::cos(from));
}

Eigen::Vector3d Multicopter::wind_at(double height_m) const {
  const ArduPilotParameters& p = parameters_;
  double share = 1.0;
  if (p.wind_profile_type == 0.0 && height_m < p.wind_profile_height_m) {
    share = std::sqrt(std::max(0.0, height_m) / p.wind_profile_height_m);
  } else if (p.wind_profile_type == 2.0) {
    const double speed = wind_m_s_.norm();
    const double more = (height_m - p.wind_profile_height_m) * p.wind_profile_coefficient;
    share = speed > 0.0 ? std::max(0.0, speed + more) / speed : 1.0;
  }
  return {share * wind_m_s_.x(), share * wind_m_s_.y(), 0.0};
}

Eigen::Vector3d Multicopter::position_error_m() const {
  return {control_.position_error_m().x(), control_.position_error_m().y(), vertical_error_m_};
}

void Multicopter::step(const Kinematics& target, double dt_s) {
  const ArduPilotParameters& p = parameters_;
  const Eigen::Vector2d wanted = control_.update(target, position_m_.head<2>(), velocity_m_s_.head<2>(), dt_s);
  lean_m_s2_ += dt_s / (dt_s + lag_s_) * (wanted - lean_m_s2_);

  vertical_error_m_ = target.position_m.z() - position_m_.z();
  const double climb = target.velocity_m_s.z() +
                       square_root_law(vertical_error_m_, p.vertical_position_p_1_s, p.wp_vertical_acceleration_m_s2);
  const double lift = target.acceleration_m_s2.z() + p.vertical_velocity_p_1_s * (climb - velocity_m_s_.z());
  vertical_m_s2_ += dt_s / (dt_s + kThrottle_s) * (std::max(lift, kLeastVertical_m_s2) - vertical_m_s2_);

  const Eigen::Vector2d ahead = target.velocity_m_s.head<2>();
  if (ahead.norm() > kTurnsAt_m_s) heading_ = ahead.normalized();
  const Eigen::Vector3d up = Eigen::Vector3d(lean_m_s2_.x(), lean_m_s2_.y(), kGravity_m_s2).normalized();
  const Eigen::Vector3d drag = air_.drag_n(velocity_m_s_ - wind_at(position_m_.z()), up, heading_, thrust_n_);
  // The throttle is what keeps the vertical acceleration asked for, whatever the lean and the drag.
  const double mass = air_.mass_kg();
  thrust_n_ = std::max(0.0, (mass * (kGravity_m_s2 + vertical_m_s2_) - drag.z()) / up.z());
  const Eigen::Vector3d acceleration = (thrust_n_ * up + drag) / mass - Eigen::Vector3d(0.0, 0.0, kGravity_m_s2);

  position_m_ += dt_s * (velocity_m_s_ + 0.5 * dt_s * acceleration);
  velocity_m_s_ += dt_s * acceleration;
  energy_j_ += dt_s * air_.power_w(thrust_n_);
}

}  // namespace swiftlet::planner::autopilot
