#pragma once

#include <cstdint>

#include "dispatch/mavlink/vehicle_view.hpp"

namespace swiftlet::mavlink {

/// What a bridge has a vehicle do; each autopilot has modes of its own for it.
enum class FlightMode {
  ready,    ///< in which it can be armed by a ground station: ArduPilot GUIDED, PX4 AUTO.LOITER
  mission,  ///< AUTO; AUTO.MISSION
  hold,     ///< stops and stays where it is, whatever a pilot's sticks do: BRAKE; AUTO.LOITER
  land,     ///< straight down: LAND; AUTO.LAND
  other,    ///< whatever else: a pilot's, or a failsafe's
};

/// Whether the vehicle is in it. Ready and hold are one mode for PX4.
[[nodiscard]] bool is_in(FlightMode mode, Autopilot autopilot, std::uint32_t custom_mode);

/// MAV_CMD_DO_SET_MODE for it. Precondition: not other.
[[nodiscard]] CommandLong set_mode(FlightMode mode, Autopilot autopilot);

}  // namespace swiftlet::mavlink
