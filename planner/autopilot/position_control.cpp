#include "planner/autopilot/position_control.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "planner/gravity.hpp"

namespace swiftlet::planner::autopilot {
namespace {

using Eigen::Vector2d;

/// Shortens a vector to a length; whether it had to.
bool shorten(Vector2d& v, double length) {
  const double norm = v.norm();
  if (norm <= length) return false;
  v *= length / norm;
  return true;
}

double low_pass_share(double cut_off_hz, double dt_s) {
  return dt_s / (dt_s + 1.0 / (2.0 * std::numbers::pi * cut_off_hz));
}

/// The error beyond which the square-root law asks for more than `speed`.
double error_for_speed(double speed, double p, double limit) {
  return speed <= limit / p ? speed / p : 0.5 * speed * speed / limit + 0.5 * limit / (p * p);
}

/// Cuts an acceleration to a length; what is across the way goes before what is along it.
bool limit_acceleration(const Vector2d& velocity, Vector2d& acceleration, double most) {
  if (acceleration.norm() <= most) return false;
  const double speed = velocity.norm();
  if (speed <= 0.0) return shorten(acceleration, most);
  const Vector2d ahead = velocity / speed;
  double along = acceleration.dot(ahead);
  Vector2d across = acceleration - along * ahead;
  if (shorten(across, most)) {
    along = 0.0;
  } else {
    const double room = std::sqrt(std::max(0.0, most * most - across.squaredNorm()));
    along = std::clamp(along, -room, room);
  }
  acceleration = across + along * ahead;
  return true;
}

}  // namespace

double square_root_law(double error, double p, double limit, double dt_s) {
  const double size = std::abs(error);
  const double linear = limit / (p * p);
  double out = size > linear ? std::sqrt(2.0 * limit * (size - 0.5 * linear)) : size * p;
  if (dt_s > 0.0) out = std::min(out, size / dt_s);
  return std::copysign(out, error);
}

HorizontalControl::HorizontalControl(const ArduPilotParameters& parameters, double speed_m_s)
    : parameters_(parameters),
      speed_m_s_(speed_m_s),
      lean_acceleration_m_s2_(kGravity_m_s2 * std::tan(parameters.lean_angle_max_deg * std::numbers::pi / 180.0)) {}

Vector2d HorizontalControl::update(const Kinematics& target, const Vector2d& position_m, const Vector2d& velocity_m_s,
                                   double dt_s) {
  const ArduPilotParameters& p = parameters_;
  position_error_m_ = target.position_m.head<2>() - position_m;
  shorten(position_error_m_, error_for_speed(speed_m_s_, p.position_p_1_s, p.wp_acceleration_m_s2));
  Vector2d wanted_velocity = target.velocity_m_s.head<2>();
  const double distance = position_error_m_.norm();
  if (distance > 0.0) {
    wanted_velocity +=
        square_root_law(distance, p.position_p_1_s, p.wp_acceleration_m_s2) / distance * position_error_m_;
  }

  const Vector2d error = wanted_velocity - velocity_m_s;
  if (first_) {
    velocity_error_m_s_ = error;
    first_ = false;
  } else {
    const Vector2d last = velocity_error_m_s_;
    velocity_error_m_s_ += low_pass_share(p.velocity_filter_hz, dt_s) * (error - velocity_error_m_s_);
    velocity_error_rate_m_s2_ += low_pass_share(p.velocity_d_filter_hz, dt_s) *
                                 ((velocity_error_m_s_ - last) / dt_s - velocity_error_rate_m_s2_);
  }
  // The integral may turn but not grow in the direction in which the lean is at its limit.
  const Vector2d step = p.velocity_i_1_s2 * dt_s * velocity_error_m_s_;
  const double length = integral_m_s2_.norm();
  integral_m_s2_ += step;
  if (step.dot(limited_towards_) > 0.0) shorten(integral_m_s2_, length);
  shorten(integral_m_s2_, p.velocity_i_max_m_s2);

  Vector2d acceleration = p.velocity_p_1_s * velocity_error_m_s_ + integral_m_s2_ +
                          p.velocity_d * velocity_error_rate_m_s2_ + target.acceleration_m_s2.head<2>();
  limited_towards_ = acceleration;
  if (!limit_acceleration(target.velocity_m_s.head<2>(), acceleration, lean_acceleration_m_s2_)) {
    limited_towards_.setZero();
  }
  return acceleration;
}

void VerticalShaper::move(double dt_s) {
  height_m_ += dt_s * (speed_m_s_ + 0.5 * acceleration_m_s2_ * dt_s);
  speed_m_s_ += acceleration_m_s2_ * dt_s;
}

void VerticalShaper::shape_speed(double speed_m_s, double dt_s) {
  const double p = limits_.jerk_m_s3 / limits_.acceleration_m_s2;
  const double wanted = std::clamp(square_root_law(speed_m_s - speed_m_s_, p, limits_.jerk_m_s3, dt_s),
                                   -limits_.acceleration_m_s2, limits_.acceleration_m_s2);
  const double most = limits_.jerk_m_s3 * dt_s;
  acceleration_m_s2_ += std::clamp(wanted - acceleration_m_s2_, -most, most);
}

void VerticalShaper::towards_height(double height_m, double dt_s) {
  move(dt_s);
  const double p = 0.5 * limits_.jerk_m_s3 / limits_.acceleration_m_s2;
  const double wanted = square_root_law(height_m - height_m_, p, 0.5 * limits_.acceleration_m_s2, dt_s);
  shape_speed(std::clamp(wanted, -limits_.speed_down_m_s, limits_.speed_up_m_s), dt_s);
}

void VerticalShaper::towards_speed(double speed_m_s, double dt_s) {
  move(dt_s);
  shape_speed(speed_m_s, dt_s);
}

}  // namespace swiftlet::planner::autopilot
