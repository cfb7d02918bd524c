#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dispatch/drone_link/drone.hpp"
#include "sim/vehicle_motion.hpp"

namespace swiftlet::sim {

using drone_link::Command;
using drone_link::CommandAck;
using drone_link::DroneEvent;
using drone_link::DroneHello;
using drone_link::DroneMessage;
using drone_link::EventAck;
using drone_link::HelloReply;
using drone_link::Mission;
using drone_link::MissionAck;
using drone_link::Purpose;
using drone_link::ServiceMessage;
using drone_link::Telemetry;

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
class DroneAgent final : public drone_link::Drone {
 public:
  explicit DroneAgent(const AgentOptions& options);

  [[nodiscard]] std::string_view name() const override { return options_.drone; }
  [[nodiscard]] DroneHello hello() const override;

  /// The service knows this drone now. The agent's clock is set to the reply's time without living through the
  /// difference; events that were not acknowledged go out again.
  void link_up(const HelloReply& reply) override;
  void link_down() override { link_up_ = false; }
  [[nodiscard]] bool linked() const override { return link_up_; }

  void receive(const ServiceMessage& message) override;

  /// Lives up to service time `now`. Nothing happens before the first link_up().
  void advance(UtcTime now) override;

  [[nodiscard]] std::vector<DroneMessage> take_outbox() override;

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

/// One agent for each.
[[nodiscard]] std::vector<std::unique_ptr<drone_link::Drone>> agents_of(const std::vector<AgentOptions>& drones);

}  // namespace swiftlet::sim
