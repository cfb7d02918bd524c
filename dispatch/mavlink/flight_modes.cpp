#include "dispatch/mavlink/flight_modes.hpp"

#include "dispatch/mavlink/commands.hpp"

namespace swiftlet::mavlink {
namespace {

// ArduPilot (Copter) counts its modes; PX4 has a main mode and, of AUTO, a sub mode.
constexpr std::uint32_t kCopterAuto = 3, kCopterGuided = 4, kCopterLand = 9, kCopterBrake = 17;
constexpr std::uint32_t kPx4Auto = 4;
constexpr std::uint32_t kPx4Loiter = 3, kPx4Mission = 4, kPx4Land = 6;
constexpr std::uint32_t kNone = 0xFFFF'FFFF;
constexpr float kCustomMode = 1.0F;  ///< MAV_MODE_FLAG_CUSTOM_MODE_ENABLED

std::uint32_t copter_mode(FlightMode mode) {
  switch (mode) {
    case FlightMode::ready:
      return kCopterGuided;
    case FlightMode::mission:
      return kCopterAuto;
    case FlightMode::hold:
      return kCopterBrake;
    case FlightMode::land:
      return kCopterLand;
    case FlightMode::other:
      break;
  }
  return kNone;
}

std::uint32_t px4_sub_mode(FlightMode mode) {
  switch (mode) {
    case FlightMode::ready:
    case FlightMode::hold:
      return kPx4Loiter;
    case FlightMode::mission:
      return kPx4Mission;
    case FlightMode::land:
      return kPx4Land;
    case FlightMode::other:
      break;
  }
  return kNone;
}

}  // namespace

bool is_in(FlightMode mode, Autopilot autopilot, std::uint32_t custom_mode) {
  if (autopilot == Autopilot::ardupilot) return custom_mode == copter_mode(mode);
  const std::uint32_t main_mode = (custom_mode >> 16U) & 0xFFU;
  return main_mode == kPx4Auto && custom_mode >> 24U == px4_sub_mode(mode);
}

CommandLong set_mode(FlightMode mode, Autopilot autopilot) {
  CommandLong command = command_of(CommandId::do_set_mode);
  command.param1 = kCustomMode;
  if (autopilot == Autopilot::ardupilot) {
    command.param2 = static_cast<float>(copter_mode(mode));
  } else {
    command.param2 = static_cast<float>(kPx4Auto);
    command.param3 = static_cast<float>(px4_sub_mode(mode));
  }
  return command;
}

}  // namespace swiftlet::mavlink
