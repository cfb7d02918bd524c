#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <span>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::planner::autopilot {

/// A multicopter's frame as ArduPilot's simulator describes it: mass, rotors, and a reference test (a steady speed at a
/// steady lean) that gives its drag. The names in frame files are in brackets. The defaults are that simulator's own.
struct Airframe {
  double mass_kg = 3.0;                   ///< [mass]
  double reference_speed_m_s = 15.08;     ///< [refSpd] at reference_lean_deg in still air
  double reference_lean_deg = 45.0;       ///< [refAngle]
  double reference_voltage_v = 12.09;     ///< [refVoltage] in hover
  double reference_current_a = 29.3;      ///< [refCurrent] in hover
  double reference_altitude_msl_m = 593;  ///< [refAlt]
  double reference_temperature_c = 25.0;  ///< [refTempC]
  double disc_area_m2 = 0.385;            ///< [disc_area] all rotors
  double motors = 4;                      ///< [num_motors]
  double momentum_drag = 0.2;             ///< [mdrag_coef]
};

/// A number of a frame, by its name in frame files.
struct FrameKey {
  std::string_view name;
  double Airframe::*member;
  double least, most;
};
[[nodiscard]] std::span<const FrameKey> frame_keys();

/// Reads a frame file (JSON, one object of numbers). Keys that do not concern a mission's time are left.
/// Errors: file_not_found, bad_json, value_invalid.
[[nodiscard]] Expected<Airframe> read_frame_file(const std::filesystem::path& file);

/// Forces on a frame in flight.
class Aerodynamics {
 public:
  /// `air_density_kg_m3` where it flies.
  Aerodynamics(const Airframe& frame, double air_density_kg_m3);

  /// Force of the air on the frame, newtons, in the axes of `heading` and `thrust_direction`: drag of the body on each
  /// of its own axes, and the drag of turning the rotors' stream. `thrust_n` is the rotors' thrust.
  [[nodiscard]] Eigen::Vector3d drag_n(const Eigen::Vector3d& airspeed_m_s, const Eigen::Vector3d& thrust_direction,
                                       const Eigen::Vector2d& heading, double thrust_n) const;

  /// Electric power for that thrust: the reference test's power per newton.
  [[nodiscard]] double power_w(double thrust_n) const { return power_per_thrust_w_n_ * thrust_n; }
  [[nodiscard]] double mass_kg() const { return mass_kg_; }

 private:
  double mass_kg_;
  double body_drag_;      ///< N/(m/s)²
  double momentum_drag_;  ///< N/(m/s) per square root of thrust in newtons
  double power_per_thrust_w_n_;
};

/// Density of dry air in the standard atmosphere's pressure at that altitude, at that temperature.
[[nodiscard]] double air_density_kg_m3(double alt_msl_m, double temperature_c);

}  // namespace swiftlet::planner::autopilot
