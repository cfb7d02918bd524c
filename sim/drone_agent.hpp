#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "sim/drone_messages.hpp"
#include "sim/vehicle_motion.hpp"

namespace swiftlet::sim {

struct AgentOptions {
  std::string drone;
  planner::VehicleProfile profile;
  AirOptions air;  ///< its seed also draws how long loading and releasing take
  double telemetry_hz = 2.0;
  double swap_s = 30.0;
};

/// The on-board side of the drone link: takes missions, flies them, reports, and refuses what it should.
///
/// idle → (mission) waiting for its departure → flying → landed → loading | releasing | swapping → idle …
/// Commands: hold and resume; return, back along the proven line that it came by; land, straight down, after which it
/// stands and waits to be fetched; divert, along a proven route that comes with it.
/// A lost link changes nothing about the flight: the mission aboard is flown to its end, events wait.
///
/// Pure and deterministic: time comes in by advance(), messages by receive(), and what it says is fetched with
/// take_outbox(). It lives in service time, in steps of VehicleMotion::kStep_s.
class DroneAgent {
 public:
  explicit DroneAgent(const AgentOptions& options);

  /// What to say on a new connection. Not sent through the outbox: it comes first.
  [[nodiscard]] DroneHello hello() const;

  /// The service knows this drone now. The agent's clock is set to the reply's time without living through the
  /// difference; events that were not acknowledged go out again.
  void link_up(const HelloReply& reply);
  void link_down() { link_up_ = false; }
  [[nodiscard]] bool linked() const { return link_up_; }

  void receive(const ServiceMessage& message);

  /// Lives up to service time `now`. Nothing happens before the first link_up().
  void advance(UtcTime now);

  [[nodiscard]] std::vector<DroneMessage> take_outbox();

  [[nodiscard]] std::string_view phase() const;
  [[nodiscard]] const VehicleMotion& motion() const { return motion_; }
  [[nodiscard]] double payload_kg() const { return payload_kg_; }

 private:
  enum class GroundTask { none, loading, releasing, swapping };

  void take(const Mission& mission);
  void take(const Command& command);
  [[nodiscard]] std::string why_not(const Mission& mission) const;
  [[nodiscard]] std::string why_not(const Command& command) const;
  void obey(const Command& command);
  void step();
  void on_ground();
  void depart();
  void land();
  void finish_ground_task();
  [[nodiscard]] GroundTask task_after_landing() const;
  [[nodiscard]] bool at_home() const;
  void say(std::string_view kind, std::string fault = {});
  void say_again();
  void report();

  AgentOptions options_;
  VehicleMotion motion_;
  std::mt19937_64 random_;

  bool link_up_ = false;
  std::int64_t epoch_ = 0;
  double speed_ = 1.0;
  UtcTime now_{};
  bool placed_ = false;
  std::optional<GeoPoint> home_;

  std::optional<Mission> mission_;  ///< the last one accepted
  bool departed_ = false;           ///< on that mission
  bool lands_out_ = false;          ///< on its way straight down
  std::int64_t last_mission_no_ = 0;
  std::string last_route_hash_;
  std::int64_t last_command_seq_ = 0;
  GroundTask task_ = GroundTask::none;
  UtcTime task_ends_;
  double payload_kg_ = 0.0;
  bool battery_fault_said_ = false;

  std::int64_t next_no_ = 0;  ///< of events
  std::int64_t next_n_ = 0;   ///< of telemetry
  UtcTime next_report_;
  UtcTime next_say_again_;
  std::map<std::int64_t, DroneEvent> unacknowledged_;
  std::vector<DroneMessage> outbox_;
};

}  // namespace swiftlet::sim
