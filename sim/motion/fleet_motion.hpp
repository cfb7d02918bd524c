#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "planner/energy.hpp"
#include "sim/flight_path.hpp"
#include "sim/motion/battery_pack.hpp"
#include "sim/motion/random_stream.hpp"
#include "sim/motion/vehicle_limits.hpp"
#include "sim/motion/wind_profile.hpp"

namespace swiftlet::sim {

/// Many multirotors that track trajectories through wind and gusts, ten steps a second; a structure of arrays, and
/// nothing is allocated in a step.
///
/// A position controller asks for an acceleration, across and upward apart; what it asks changes with limited jerk;
/// tilt and thrust bound it, upward first; attitude and thrust follow with a lag; drag is linear in airspeed. A vehicle
/// that falls behind slows its path clock and is late rather than cutting corners. Gusts are MIL-F-8785C's (see
/// gusts.hpp) about a mean wind that grows with height. Power is the planner's model at the airspeed and climb rate
/// really flown, out of a pack that sags. Trajectories of vehicles whose profile names an autopilot carry that
/// autopilot's own timing (planner/autopilot_timing), so tracking them is following as it follows.
///
/// Frame: the flight paths' own, the same for all; z is alt_msl_m. Deterministic: what one vehicle does depends on its
/// own seed and inputs alone, so any number of threads may each step their own vehicles.
/// Precision: in wind up to the profile's limit, gusts included, it stays within 3 m of its path.
class FleetMotion {
 public:
  static constexpr double kStep_s = 0.1;

  FleetMotion(std::size_t vehicles, const WindProfile& profile);

  /// Puts a vehicle of that type on the ground with a fresh pack of that kind. Throws std::invalid_argument as
  /// VehicleLimits does. The profile must outlive this.
  void fit(std::size_t i, const planner::VehicleProfile& type, const BatteryPack& pack, std::uint64_t seed);
  /// A fresh pack, charged.
  void swap(std::size_t i, const BatteryPack& pack);

  /// The mean wind 10 m above the ground that it meets from now on, where it blows to.
  void set_wind(std::size_t i, double east_m_s, double north_m_s);
  /// Shelter and wakes: factors on the mean wind and on the strength of gusts.
  void set_wake(std::size_t i, double mean_factor, double gust_factor);
  /// The thrust left, as a share; 1 when sound.
  void set_thrust_share(std::size_t i, double share);
  /// A fault of the pack: that share of its charge is gone at once.
  void lose_charge(std::size_t i, double share);

  /// Departs along the path from its beginning.
  void depart(std::size_t i, std::shared_ptr<const FlightPath> path, double payload_kg);
  /// Takes up the path in the air, from the present position and speed. Precondition: flying(i).
  void redirect(std::size_t i, std::shared_ptr<const FlightPath> path);
  /// Slows to a hover on the path, or takes up the mission again.
  void hold(std::size_t i, bool wanted) { hold_[i] = wanted ? 1 : 0; }
  /// Ends the flight where it is: it has come down.
  void come_down(std::size_t i) { path_[i].reset(); }

  /// One kStep_s of flight. Precondition: flying(i).
  void step(std::size_t i);
  /// Time on the ground: only the avionics draw power.
  void rest(std::size_t i, double seconds);

  [[nodiscard]] std::size_t size() const { return path_.size(); }
  [[nodiscard]] bool flying(std::size_t i) const { return path_[i] != nullptr; }
  [[nodiscard]] bool holding(std::size_t i) const { return hold_[i] != 0; }
  /// The pack can give no more: what happens next is the caller's to say.
  [[nodiscard]] bool cut_off(std::size_t i) const { return cut_off_[i] != 0; }
  [[nodiscard]] const FlightPath& path(std::size_t i) const { return *path_[i]; }
  [[nodiscard]] double path_clock_s(std::size_t i) const { return clock_[i]; }
  [[nodiscard]] planner::Phase phase(std::size_t i) const { return phase_[i]; }
  [[nodiscard]] geo::Enu3 p_enu(std::size_t i) const { return {px_[i], py_[i], pz_[i]}; }
  [[nodiscard]] geo::Enu3 v_enu(std::size_t i) const { return {vx_[i], vy_[i], vz_[i]}; }
  /// Where the trajectory wanted it at the last step.
  [[nodiscard]] geo::Enu3 wanted_enu(std::size_t i) const { return {rx_[i], ry_[i], rz_[i]}; }
  [[nodiscard]] double height_agl_m(std::size_t i) const { return agl_[i]; }
  [[nodiscard]] double used_wh(std::size_t i) const { return used_wh_[i]; }  ///< electric, since the pack was fitted
  [[nodiscard]] double charge(std::size_t i) const { return left_wh_[i] / pack_[i].capacity_wh; }
  /// What is left, as the vehicle's profile counts energy: the share of charge times the nominal energy.
  [[nodiscard]] double battery_wh(std::size_t i) const { return charge(i) * pack_[i].nominal_wh; }
  [[nodiscard]] double payload_kg(std::size_t i) const { return payload_kg_[i]; }
  [[nodiscard]] double cell_v(std::size_t i) const { return cell_v_[i]; }
  void place(std::size_t i, const geo::Enu3& p_enu);

 private:
  void renew_gusts(std::size_t i);
  void draw(std::size_t i, double power_w, double seconds);
  void touch_down(std::size_t i);

  WindProfile profile_;
  // What it is.
  std::vector<const planner::VehicleProfile*> type_;
  std::vector<VehicleLimits> limits_;
  std::vector<planner::PowerModel> power_;
  std::vector<BatteryPack> pack_;
  std::vector<RandomStream> random_;
  std::vector<double> mass_kg_, payload_kg_, thrust_share_;
  // Where it is, and what it does.
  std::vector<std::shared_ptr<const FlightPath>> path_;
  std::vector<std::size_t> segment_;
  std::vector<double> clock_, rate_;
  std::vector<planner::Phase> phase_;
  std::vector<double> px_, py_, pz_, vx_, vy_, vz_;
  std::vector<double> rx_, ry_, rz_;  // the reference
  std::vector<double> cx_, cy_, cz_;  // asked acceleration, gravity taken off
  std::vector<double> tx_, ty_, tz_;  // thrust's acceleration, gravity taken off
  std::vector<double> ix_, iy_, iz_;  // integral of the error
  // The air.
  std::vector<double> wind_e_, wind_n_, wake_mean_, wake_gust_;
  std::vector<double> gx_, gy_, gz_, keep_h_, keep_w_, kick_h_, kick_w_;
  std::vector<int> gust_age_;
  // The pack.
  std::vector<double> left_wh_, used_wh_, agl_, cell_v_;
  std::vector<char> hold_, cut_off_;
};

}  // namespace swiftlet::sim
