#include "sim/vehicle_motion.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>

namespace swiftlet::sim {
namespace {

using geo::Enu3;

// A small multirotor: 20 m/s of airspeed at 30° of tilt, hence g·tan 30° / 20 m/s of linear drag.
constexpr double kDrag_per_s = 0.283;
constexpr double kMostTilt_m_s2 = 6.9;  // g·tan 35°
constexpr double kAttitudeLag_s = 0.2;
constexpr double kMostUpward_m_s2 = 4.0;
constexpr double kMostDownward_m_s2 = 3.0;

// Poles near 1 rad/s, well below the attitude's 5 rad/s; the integral takes out the mean wind.
constexpr double kPosition_per_s2 = 2.2;
constexpr double kVelocity_per_s = 2.6;
constexpr double kIntegral_per_s3 = 0.7;
constexpr double kMostIntegral_m_s2 = 4.5;

// The path clock runs on time up to the first lag and stands still from the second.
constexpr double kLagOnTime_m = 1.0;
constexpr double kLagStandstill_m = 2.0;
constexpr double kHoldRamp_per_s = 0.15;

Enu3 within_tilt(Enu3 a) {
  const double level = a.head<2>().norm();
  if (level > kMostTilt_m_s2) a.head<2>() *= kMostTilt_m_s2 / level;
  a.z() = std::clamp(a.z(), -kMostDownward_m_s2, kMostUpward_m_s2);
  return a;
}

void require_positive(double value, const char* field) {
  if (!(value > 0.0)) throw std::invalid_argument(std::string("vehicle profile: ") + field + " must be positive");
}

}  // namespace

Enu3 wind_velocity_enu(const geo::Wind& wind) {
  const double from_rad = wind.from_deg * std::numbers::pi / 180.0;
  return {-wind.speed_m_s * std::sin(from_rad), -wind.speed_m_s * std::cos(from_rad), 0.0};
}

VehicleMotion::VehicleMotion(const planner::VehicleProfile& profile, const AirOptions& air)
    : profile_(profile),
      air_(air),
      gusts_(air.seed),
      mean_wind_enu_(wind_velocity_enu(air.wind)),
      battery_wh_(profile.battery_wh) {
  require_positive(profile.empty_mass_kg, "empty_mass_kg");
  require_positive(profile.rotor_disc_area_m2, "rotor_disc_area_m2");
  require_positive(profile.hover_efficiency, "hover_efficiency");
  require_positive(profile.battery_wh, "battery_wh");
}

void VehicleMotion::depart(FlightPath path, double payload_kg) {
  path_ = std::move(path);
  power_.emplace(profile_, payload_kg);
  path_clock_s_ = 0.0;
  path_rate_ = 1.0;
  hold_wanted_ = false;
  p_enu_ = path_->frame().to_local(position_);
  v_enu_.setZero();
  thrust_acceleration_enu_.setZero();
  // The autopilot knows the mean wind from its forecast: it leans into it from the first moment.
  error_integral_enu_ = -kDrag_per_s * mean_wind_enu_;
}

void VehicleMotion::redirect(FlightPath path) {
  path_ = std::move(path);
  path_clock_s_ = 0.0;
  hold_wanted_ = false;
  p_enu_ = path_->frame().to_local(position_);
}

void VehicleMotion::advance_path_clock(double lag_m) {
  const double room = std::clamp((kLagStandstill_m - lag_m) / (kLagStandstill_m - kLagOnTime_m), 0.0, 1.0);
  const double wanted = hold_wanted_ ? 0.0 : 1.0;
  const double ramp = kHoldRamp_per_s * kStep_s;
  path_rate_ += std::clamp(wanted - path_rate_, -ramp, ramp);
  path_clock_s_ += kStep_s * path_rate_ * room;
}

void VehicleMotion::step() {
  const FlightPath::Reference target = path_->at(path_clock_s_);

  Enu3 air_enu = mean_wind_enu_;
  if (air_.gusts) {
    air_enu += gusts_.advance(kStep_s, air_.wind.speed_m_s, target.height_agl_m, (v_enu_ - mean_wind_enu_).norm());
  }

  const Enu3 v_wanted_enu = path_rate_ * target.v_enu;
  const Enu3 error_enu = target.p_enu - p_enu_;
  error_integral_enu_ += kIntegral_per_s3 * kStep_s * error_enu;
  error_integral_enu_ = error_integral_enu_.cwiseMax(-kMostIntegral_m_s2).cwiseMin(kMostIntegral_m_s2);
  const Enu3 asked_enu =
      within_tilt(path_rate_ * path_rate_ * target.a_enu + kDrag_per_s * v_wanted_enu + kPosition_per_s2 * error_enu +
                  kVelocity_per_s * (v_wanted_enu - v_enu_) + error_integral_enu_);

  thrust_acceleration_enu_ += (kStep_s / kAttitudeLag_s) * (asked_enu - thrust_acceleration_enu_);
  const Enu3 acceleration_enu = thrust_acceleration_enu_ - kDrag_per_s * (v_enu_ - air_enu);
  v_enu_ += kStep_s * acceleration_enu;
  p_enu_ += kStep_s * v_enu_;
  position_ = path_->frame().to_geo(p_enu_);

  const Enu3 airspeed_enu = v_enu_ - air_enu;
  draw(power_->power_w(airspeed_enu.head<2>().norm(), airspeed_enu.z()));

  const double speed_m_s = target.v_enu.norm();
  const double lag_m = speed_m_s > 0.0 ? error_enu.dot(target.v_enu) / speed_m_s : error_enu.norm();
  advance_path_clock(std::max(lag_m, 0.0));
  if (has_touched_down(path_->at(path_clock_s_))) touch_down();
}

bool VehicleMotion::has_touched_down(const FlightPath::Reference& target) const {
  return path_clock_s_ >= path_->duration_s() && p_enu_.z() - target.p_enu.z() < 0.1 &&
         (p_enu_ - target.p_enu).head<2>().norm() < 1.0;
}

void VehicleMotion::touch_down() {
  p_enu_.z() = path_->end().z();
  v_enu_.setZero();
  position_ = path_->frame().to_geo(p_enu_);
  path_.reset();
}

void VehicleMotion::step_on_ground() { draw(profile_.avionics_power_w); }

void VehicleMotion::draw(double power_w) { battery_wh_ = std::max(0.0, battery_wh_ - power_w * kStep_s / 3600.0); }

}  // namespace swiftlet::sim
