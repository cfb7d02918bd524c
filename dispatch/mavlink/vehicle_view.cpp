#include "dispatch/mavlink/vehicle_view.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace swiftlet::mavlink {
namespace {

constexpr std::uint8_t kArmed = 0x80;
constexpr std::uint8_t kArduPilot = 3;
constexpr std::uint8_t kPx4 = 12;
/// Quadrotor, coaxial, helicopter, hexa-, octo-, tri-, dodeca-, deca- and any multirotor (MAV_TYPE).
constexpr std::array<std::uint8_t, 9> kHovering{2, 3, 4, 13, 14, 15, 29, 35, 43};
constexpr std::uint8_t kWarning = 4;  ///< MAV_SEVERITY; smaller is worse
constexpr std::uint32_t kRestart_ms = 10'000;
constexpr std::int32_t kMostUsed_hJ = 3'600'000;  ///< 100 kWh: more is no count
constexpr double kWhPerHectojoule = 100.0 / 3600.0;

/// A position of 0, 0 is none: it is what is sent before there is a fix.
std::optional<LonLat> place(std::int32_t lat, std::int32_t lon) {
  const LonLat at{.lon_deg = lon * 1e-7, .lat_deg = lat * 1e-7};
  const bool on_earth = std::abs(at.lat_deg) <= 90.0 && std::abs(at.lon_deg) <= 180.0;
  return on_earth && (lat != 0 || lon != 0) ? std::optional(at) : std::nullopt;
}

VehicleView::Landed landed_of(std::uint8_t state) {
  switch (state) {
    case 1:
      return VehicleView::Landed::on_ground;
    case 2:  // in the air
    case 3:  // taking off
    case 4:  // landing
      return VehicleView::Landed::in_air;
    default:
      return VehicleView::Landed::unknown;
  }
}

}  // namespace

std::string text_of(const Statustext& status) {
  const auto end = std::find(status.text.begin(), status.text.end(), '\0');
  std::string text(status.text.begin(), end);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return text;
}

void VehicleView::take(const Heartbeat& heartbeat) {
  const bool hovers = std::find(kHovering.begin(), kHovering.end(), heartbeat.type) != kHovering.end();
  autopilot_.reset();
  unsupported_.clear();
  if (!hovers) {
    unsupported_ = fmt::format("it is no multicopter (MAV_TYPE {})", heartbeat.type);
  } else if (heartbeat.autopilot == kArduPilot) {
    autopilot_ = Autopilot::ardupilot;
  } else if (heartbeat.autopilot == kPx4) {
    autopilot_ = Autopilot::px4;
  } else {
    unsupported_ = fmt::format("its autopilot (MAV_AUTOPILOT {}) is neither ArduPilot nor PX4", heartbeat.autopilot);
  }
  ++heartbeats_;
  armed_ = (heartbeat.base_mode & kArmed) != 0;
  custom_mode_ = heartbeat.custom_mode;
}

void VehicleView::take_battery(int percent, std::optional<double> used_wh, WallTime now) {
  const bool share_known = percent >= 0 && percent <= 100;
  if (used_wh) used_wh_ = used_wh;
  if (share_known) battery_share_ = percent / 100.0;
  if (share_known || used_wh) battery_at_ = now;
}

void VehicleView::take(const Message& message, WallTime now) {
  heard_at_ = now;
  if (const auto* heartbeat = std::get_if<Heartbeat>(&message)) {
    take(*heartbeat);
  } else if (const auto* p = std::get_if<GlobalPositionInt>(&message)) {
    // One that was overtaken on its way is old; a clock that begins anew is a vehicle that was started anew.
    const bool overtaken = p->time_boot_ms < boot_ms_ && boot_ms_ - p->time_boot_ms < kRestart_ms;
    if (const auto at = place(p->lat, p->lon); at && !overtaken) {
      boot_ms_ = p->time_boot_ms;
      position_ = Position{.at = *at,
                           .alt_msl_m = p->alt * 1e-3,
                           .height_above_home_m = p->relative_alt * 1e-3,
                           .v_e_m_s = p->vy * 1e-2,
                           .v_n_m_s = p->vx * 1e-2,
                           .v_u_m_s = -p->vz * 1e-2};
      position_at_ = now;
      ++positions_;
    }
  } else if (const auto* state = std::get_if<ExtendedSysState>(&message)) {
    landed_ = landed_of(state->landed_state);
    landed_at_ = now;
  } else if (const auto* battery = std::get_if<BatteryStatus>(&message)) {
    if (battery->id != 0) return;
    const bool counted = battery->energy_consumed >= 0 && battery->energy_consumed < kMostUsed_hJ;
    const auto used = counted ? std::optional(battery->energy_consumed * kWhPerHectojoule) : std::nullopt;
    take_battery(battery->battery_remaining, used, now);
  } else if (const auto* system = std::get_if<SysStatus>(&message)) {
    take_battery(system->battery_remaining, std::nullopt, now);
  } else if (const auto* home = std::get_if<HomePosition>(&message)) {
    if (const auto at = place(home->latitude, home->longitude)) home_ = at;
  } else if (const auto* current = std::get_if<MissionCurrent>(&message)) {
    current_item_ = current->seq;
  } else if (const auto* status = std::get_if<Statustext>(&message)) {
    if (status->severity <= kWarning) complaint_ = text_of(*status);
  }
}

}  // namespace swiftlet::mavlink
