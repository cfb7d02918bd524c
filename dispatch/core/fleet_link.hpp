#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "dispatch/core/effects.hpp"
#include "dispatch/core/route_progress.hpp"

namespace swiftlet::dispatch {

/// What is known of a drone only while it talks: lost with the process, learned again within seconds.
struct DroneLive {
  ConnectionId connection = 0;
  UtcTime heard_at = {};
  std::optional<Telemetry> telemetry = {};
  double battery_wh = 0.0;
  double carried_kg = 0.0;  ///< when it last reported any payload
  std::uint64_t acked_mission_no = 0;
  std::uint64_t acked_command_seq = 0;    ///< answered, with yes or no
  std::uint64_t refused_command_seq = 0;  ///< last answered with no
  UtcTime mission_sent_at = {};
  UtcTime command_sent_at = {};
  UtcTime tracked_at = {};
  RouteProgress progress = {};
  std::optional<UtcTime> off_route_since = {};
  bool told_lost = false;

  /// A pilot or a failsafe has it: it is told nothing, and nothing is expected of it.
  [[nodiscard]] bool is_off_control() const { return telemetry && telemetry->control == ControlState::other; }
  /// May be given work, as far as it says.
  [[nodiscard]] bool is_fit() const {
    return !telemetry || (telemetry->control == ControlState::service && telemetry->battery_age_s <= 0.0);
  }
};

enum class LinkState { silent, fresh, stale, lost };  ///< silent: has not said hello yet

/// The live side of the fleet. Silence is judged in wall seconds (service seconds divided by the speed): the radio
/// does not run faster in a demo.
class FleetLink {
 public:
  explicit FleetLink(double speed) : speed_(speed) {}

  /// When the service began to listen: for 10 s from then on silence means nothing.
  void listen_from(UtcTime now) { listening_since_ = now; }
  /// Whether a drone that has not been heard of since could have been.
  [[nodiscard]] bool grace_is_over(UtcTime now) const { return now > listening_since_ + wall(kGrace_s); }

  [[nodiscard]] const DroneLive* find(const std::string& drone) const;
  DroneLive& at(const std::string& drone) { return live_[drone]; }
  [[nodiscard]] LinkState link(const std::string& drone, UtcTime now) const { return link(find(drone), now); }
  /// Of one that find() gave.
  [[nodiscard]] LinkState link(const DroneLive* live, UtcTime now) const;
  /// The drone that said hello on this connection; empty if none did.
  [[nodiscard]] std::string drone_on(ConnectionId connection) const;
  void attach(const std::string& drone, ConnectionId connection, UtcTime now);
  /// A wall second in service time.
  [[nodiscard]] std::chrono::milliseconds wall(double seconds) const;

 private:
  static constexpr double kGrace_s = 20.0;  // 10 s of grace, then 10 s of silence

  double speed_;
  UtcTime listening_since_;
  std::unordered_map<std::string, DroneLive> live_;  ///< none is taken out
  std::unordered_map<ConnectionId, std::string> drone_by_connection_;
};

}  // namespace swiftlet::dispatch
