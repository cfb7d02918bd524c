#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/state.hpp"
#include "dispatch/protocol/drone_message.hpp"
#include "sim/fleet/scenario.hpp"
#include "sim/fleet/separation.hpp"
#include "sim/motion/fleet_motion.hpp"

namespace swiftlet::sim {

/// A mission as a drone in this process takes it: the route itself instead of its text.
struct MissionAboard {
  std::uint64_t epoch = 0;
  std::uint64_t mission_no = 0;
  std::string flight_id = {};
  std::shared_ptr<const planner::Route> route = {};
  dispatch::LegPurpose purpose = dispatch::LegPurpose::pickup;
  double parcel_kg = 0.0;
  double truly_ready_s = 0.0;  ///< when the kitchen really has the parcel
  double slow_s = 0.0;         ///< how much longer the customer takes
};

/// The on-board side of a whole fleet: takes missions and commands, flies, loads, releases, has batteries changed, and
/// says so until it is acknowledged. Second by second; flying itself is FleetMotion's. What one drone does depends on
/// its own seed, messages and the wind alone.
class OnboardFleet {
 public:
  OnboardFleet(const dispatch::FleetConfig& config, const geo::LocalFrame& frame, const Scenario& scenario,
               const WindProfile& profile, std::uint64_t seed);

  struct Said {
    std::size_t drone;
    dispatch::DroneMessage message;
  };

  /// The service has answered the drone's hello.
  void linked(std::size_t i, std::uint64_t epoch);
  /// The connection is gone; it says hello again at that second.
  void cut(std::size_t i, double hello_at_s);
  void take(std::size_t i, const MissionAboard& mission);
  /// What it answers.
  [[nodiscard]] dispatch::CommandAck take_command(std::size_t i, std::uint64_t epoch, std::uint64_t command_seq,
                                                  const std::string& verb);
  void acknowledge(std::size_t i, std::uint64_t event_no);

  /// Silent in both directions until then; it flies on.
  void lose_link(std::size_t i, double until_s);
  /// Out of service for good, where it stands or falls.
  void break_down(std::size_t i);
  void sag(std::size_t i, double share) { motion_.lose_charge(i, share); }
  void degrade_motor(std::size_t i, double share) { motion_.set_thrust_share(i, 1.0 - share); }

  /// What happens on the ground and on board at this second; what is said goes to `said`.
  void act(double now_s, UtcTime now, std::vector<Said>& said);
  /// One second of flight for all, in steps; positions of every step are kept for the separation watch.
  void fly(double now_s, double wind_e_m_s, double wind_n_m_s, double gust_strength, unsigned threads);

  static constexpr int kSteps = 10;
  /// Those in the air at that step of the last second.
  [[nodiscard]] const std::vector<SeparationWatch::Aircraft>& in_air(int step) const {
    return in_air_[static_cast<std::size_t>(step)];
  }

  [[nodiscard]] std::size_t size() const { return drones_.size(); }
  [[nodiscard]] bool flying(std::size_t i) const { return motion_.flying(i); }
  [[nodiscard]] std::size_t flying() const { return flying_.size(); }
  [[nodiscard]] bool silent(std::size_t i, double now_s) const { return now_s < drones_[i].silent_until_s; }
  [[nodiscard]] bool broken(std::size_t i) const { return drones_[i].broken; }
  [[nodiscard]] GeoPoint position(std::size_t i) const { return drones_[i].position; }
  [[nodiscard]] const FleetMotion& motion() const { return motion_; }
  [[nodiscard]] double flown_s() const { return flown_s_; }
  [[nodiscard]] double used_wh() const { return used_wh_; }
  [[nodiscard]] std::uint64_t swaps() const { return swaps_; }
  [[nodiscard]] std::uint64_t came_down() const { return came_down_; }

 private:
  enum class Task { none, loading, releasing, swapping };
  struct Drone {
    const planner::VehicleProfile* type = nullptr;
    std::string id;
    RandomStream random{0};
    double ageing = 0.0;
    bool linked = false;
    bool broken = false;
    double hello_at_s = 0.0;
    double silent_until_s = 0.0;
    std::uint64_t epoch = 0, mission_no = 0, command_seq = 0, n = 0, event_no = 0;
    MissionAboard mission;
    bool has_mission = false;
    bool lands_out = false;  ///< told to come down where it is
    bool departed = false;
    bool was_flying = false;
    double landed_at_s = 0.0;
    Task task = Task::none;
    double task_ends_s = 0.0;
    double payload_kg = 0.0;
    double next_report_s = 0.0;
    double next_repeat_s = 0.0;
    GeoPoint position;
    geo::Enu3 p_enu;
    std::vector<dispatch::DroneEvent> unacknowledged;
  };

  void say(std::size_t i, dispatch::DroneEventKind kind, UtcTime at, std::vector<Said>& said,
           const std::string& detail = {});
  void land(std::size_t i, double now_s, UtcTime now, std::vector<Said>& said);
  void finish_task(std::size_t i, UtcTime now, std::vector<Said>& said);
  void report(std::size_t i, UtcTime now, std::vector<Said>& said);
  void obey(std::size_t i, const std::string& verb);
  [[nodiscard]] std::string phase(std::size_t i) const;
  [[nodiscard]] BatteryPack pack_of(const Drone& drone) const;

  const Scenario& scenario_;
  geo::LocalFrame frame_;
  FleetMotion motion_;
  std::vector<Drone> drones_;
  std::vector<std::size_t> flying_;
  std::vector<std::vector<SeparationWatch::Aircraft>> in_air_;
  std::vector<float> track_;  // a second of positions: drone by drone, step by step
  std::vector<int> steps_flown_;
  double flown_s_ = 0.0;
  double used_wh_ = 0.0;
  std::uint64_t swaps_ = 0;
  std::uint64_t came_down_ = 0;
};

}  // namespace swiftlet::sim
