#pragma once

#include <vector>

#include "dispatch/mavlink/messages.hpp"
#include "planner/mission/mission.hpp"

namespace swiftlet::mavlink {

// What goes to a vehicle beside its mission, by the same protocol, as lists of their own (MAV_MISSION_TYPE).
inline constexpr std::uint8_t kMissionList = 0;
inline constexpr std::uint8_t kFenceList = 1;
inline constexpr std::uint8_t kRallyList = 2;
/// "mission", "geofence", "rally points", for errors.
[[nodiscard]] const char* list_name(std::uint8_t mission_type);

/// The mission's fences, corner by corner. What a vehicle does at one, and whether it heeds it, is its own setting.
[[nodiscard]] std::vector<MissionItemInt> fence_items(const planner::mission::Mission& mission);
/// Where it may land by itself. Heights above home, in whole metres, rounded up: ArduPilot stores no finer ones.
[[nodiscard]] std::vector<MissionItemInt> rally_items(const planner::mission::Mission& mission);

}  // namespace swiftlet::mavlink
