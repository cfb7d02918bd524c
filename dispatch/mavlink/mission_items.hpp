#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dispatch/mavlink/vehicle_view.hpp"
#include "planner/mission/mission.hpp"

namespace swiftlet::mavlink {

enum class AltitudeOf { sea, home, nothing };

/// An item at a place.
[[nodiscard]] MissionItemInt item_at(const LonLat& at, double altitude_m, AltitudeOf frame, std::uint16_t command);

/// A mission as its vehicle keeps it: ArduPilot has home as item 0 and what is flown from 1 on, PX4 from 0 on.
/// Places are rounded to 10⁻⁷ degrees (1.1 cm), as the protocol has it; heights count from home.
[[nodiscard]] std::vector<MissionItemInt> mission_items(const planner::mission::Mission& mission, Autopilot autopilot);

/// The first item that is flown.
[[nodiscard]] std::uint16_t first_item(Autopilot autopilot);

/// Why what the vehicle has is not what it was given, in words; nothing where it is. Heights may differ by 1.1 cm and
/// speeds by 1 cm/s, for autopilots store them more coarsely; where ArduPilot keeps home is its own business, and a
/// fence's corners have no height.
[[nodiscard]] std::optional<std::string> difference(const std::vector<MissionItemInt>& given,
                                                    const std::vector<MissionItemInt>& found, Autopilot autopilot);

}  // namespace swiftlet::mavlink
