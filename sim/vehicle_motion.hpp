#pragma once

#include <cstdint>
#include <optional>

#include "geo/wind.hpp"
#include "planner/energy.hpp"
#include "planner/vehicle.hpp"
#include "sim/flight_path.hpp"
#include "sim/gusts.hpp"

namespace swiftlet::sim {

/// The air that a simulated vehicle flies in.
struct AirOptions {
  geo::Wind wind;     ///< the mean, the same at all heights
  bool gusts = true;  ///< turbulence about it
  std::uint64_t seed = 1;
};

/// A point-mass multirotor that follows a flight path through wind.
///
/// A position controller asks for an acceleration; tilt limits it, and the attitude follows with a lag; drag is
/// linear in airspeed. When the vehicle falls behind (wind too strong), its path clock slows down, so that it
/// arrives late rather than cutting corners. Energy is drawn by the planner's power model at the airspeed and climb
/// rate that are really flown.
///
/// Pure and deterministic: no clock, no I/O; the same seed and the same steps give the same bits.
/// Precision: in wind up to the profile's limit it stays within 2 m of the path.
class VehicleMotion {
 public:
  /// Every step is this long, so that results do not depend on how often somebody looks.
  static constexpr double kStep_s = 0.02;

  /// Precondition: masses, speeds, disc area and efficiency of the profile are positive (throws std::invalid_argument).
  VehicleMotion(const planner::VehicleProfile& profile, const AirOptions& air);

  /// Departs now along `path` from where it stands, with that payload aboard.
  void depart(FlightPath path, double payload_kg);

  /// Takes up `path` in the air, from the present position and speed. Precondition: flying().
  void redirect(FlightPath path);

  /// One kStep_s of flight. Precondition: flying().
  void step();

  /// kStep_s on the ground: only the avionics draw power.
  void step_on_ground();

  /// Slows to a hover on the path, or takes up the mission again.
  void hold(bool wanted) { hold_wanted_ = wanted; }

  [[nodiscard]] bool flying() const { return path_.has_value(); }
  [[nodiscard]] bool holding() const { return hold_wanted_; }
  /// The present phase of the path; only while flying.
  [[nodiscard]] planner::Phase phase() const { return path_->at(path_clock_s_).phase; }
  /// Above the ground, by the route; only while flying.
  [[nodiscard]] double height_agl_m() const { return path_->at(path_clock_s_).height_agl_m; }
  [[nodiscard]] const FlightPath& path() const { return *path_; }
  /// How far along the path's own time the vehicle is; less than the time since departure if it was held back.
  [[nodiscard]] double path_clock_s() const { return path_clock_s_; }
  [[nodiscard]] GeoPoint position() const { return position_; }
  [[nodiscard]] const geo::Enu3& p_enu() const { return p_enu_; }
  [[nodiscard]] const geo::Enu3& v_enu() const { return v_enu_; }
  [[nodiscard]] double battery_wh() const { return battery_wh_; }

  void place(const GeoPoint& position) { position_ = position; }
  void fit_full_battery() { battery_wh_ = profile_.battery_wh; }

 private:
  void advance_path_clock(double lag_m);
  void draw(double power_w);
  void touch_down();
  [[nodiscard]] bool has_touched_down(const FlightPath::Reference& target) const;

  planner::VehicleProfile profile_;
  AirOptions air_;
  DrydenGusts gusts_;
  geo::Enu3 mean_wind_enu_;
  GeoPoint position_;
  double battery_wh_;

  // While flying:
  std::optional<FlightPath> path_;
  std::optional<planner::PowerModel> power_;
  double path_clock_s_ = 0.0;
  double path_rate_ = 0.0;  ///< path seconds a second: 1 on schedule, 0 in a hover
  bool hold_wanted_ = false;
  geo::Enu3 p_enu_ = geo::Enu3::Zero();
  geo::Enu3 v_enu_ = geo::Enu3::Zero();
  geo::Enu3 thrust_acceleration_enu_ = geo::Enu3::Zero();  ///< gravity already taken off
  geo::Enu3 error_integral_enu_ = geo::Enu3::Zero();
};

/// The air's velocity (where the wind blows to), east, north, up.
[[nodiscard]] geo::Enu3 wind_velocity_enu(const geo::Wind& wind);

}  // namespace swiftlet::sim
