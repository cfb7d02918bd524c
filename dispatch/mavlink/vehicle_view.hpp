#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "dispatch/mavlink/frame.hpp"
#include "geo/geo_point.hpp"

namespace swiftlet::mavlink {

/// The steady clock of this machine: MAVLink's own time-outs run in it, whatever the service's clock does.
using WallTime = std::chrono::steady_clock::time_point;

enum class Autopilot { ardupilot, px4 };

/// What a vehicle has last said of itself.
class VehicleView {
 public:
  struct Position {
    LonLat at;
    double alt_msl_m = 0.0;  ///< above the sea level of the vehicle's own geoid
    double height_above_home_m = 0.0;
    double v_e_m_s = 0.0;
    double v_n_m_s = 0.0;
    double v_u_m_s = 0.0;
  };
  enum class Landed { unknown, on_ground, in_air };

  /// Takes a message of the vehicle's autopilot.
  void take(const Message& message, WallTime now);

  /// Nothing for an autopilot that is neither of the two, or a vehicle that is no multicopter.
  [[nodiscard]] std::optional<Autopilot> autopilot() const { return autopilot_; }
  /// Why there is none, once there was a heartbeat.
  [[nodiscard]] const std::string& unsupported() const { return unsupported_; }
  [[nodiscard]] bool armed() const { return armed_; }
  [[nodiscard]] std::uint32_t custom_mode() const { return custom_mode_; }
  [[nodiscard]] Landed landed() const { return landed_; }
  [[nodiscard]] const std::optional<Position>& position() const { return position_; }
  /// How many positions have come: a new one is told by it.
  [[nodiscard]] std::uint64_t positions() const { return positions_; }
  /// How many heartbeats have come.
  [[nodiscard]] std::uint64_t heartbeats() const { return heartbeats_; }
  /// From 0 to 1, when it was last known.
  [[nodiscard]] std::optional<double> battery_share() const { return battery_share_; }
  /// Since the first report, where the vehicle counts it.
  [[nodiscard]] std::optional<double> used_wh() const { return used_wh_; }
  [[nodiscard]] const std::optional<LonLat>& home() const { return home_; }
  /// Asked for before a new one is waited for.
  void forget_home() { home_.reset(); }
  /// The mission item that it flies to; counted as the vehicle does.
  [[nodiscard]] std::optional<std::uint16_t> current_item() const { return current_item_; }
  void forget_current_item() { current_item_.reset(); }
  /// The last warning or worse, in the vehicle's words.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

  [[nodiscard]] std::optional<WallTime> heard_at() const { return heard_at_; }
  [[nodiscard]] std::optional<WallTime> position_at() const { return position_at_; }
  [[nodiscard]] std::optional<WallTime> landed_at() const {
    return landed_at_;
  }  ///< when it last said whether it stands
  /// When it last knew its battery; what it says may be that it does not.
  [[nodiscard]] std::optional<WallTime> battery_at() const { return battery_at_; }

 private:
  void take(const Heartbeat& heartbeat);
  void take_battery(int percent, std::optional<double> used_wh, WallTime now);

  std::optional<Autopilot> autopilot_;
  std::string unsupported_;
  bool armed_ = false;
  std::uint32_t custom_mode_ = 0;
  Landed landed_ = Landed::unknown;
  std::optional<Position> position_;
  std::uint64_t positions_ = 0;
  std::uint64_t heartbeats_ = 0;
  std::uint32_t boot_ms_ = 0;
  std::optional<double> battery_share_;
  std::optional<double> used_wh_;
  std::optional<LonLat> home_;
  std::optional<std::uint16_t> current_item_;
  std::string complaint_;
  std::optional<WallTime> heard_at_, position_at_, landed_at_, battery_at_;
};

/// What one MAVLink text field says: up to its first zero.
[[nodiscard]] std::string text_of(const Statustext& status);

}  // namespace swiftlet::mavlink
