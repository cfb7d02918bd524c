#include "dispatch/mavlink/mission_items.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>

#include "dispatch/mavlink/safety_items.hpp"

namespace swiftlet::mavlink {
namespace {

namespace mission = planner::mission;

constexpr std::uint8_t kAboveSea = 0;      ///< MAV_FRAME_GLOBAL
constexpr std::uint8_t kNoPlace = 2;       ///< MAV_FRAME_MISSION
constexpr std::uint8_t kAboveHome = 3;     ///< MAV_FRAME_GLOBAL_RELATIVE_ALT
constexpr std::uint8_t kAboveHomeInt = 6;  ///< the older name of the same
constexpr double kHeight_m = 0.011;
constexpr float kParameter = 0.011F;

std::int32_t degrees_e7(double degrees) { return static_cast<std::int32_t>(std::llround(degrees * 1e7)); }

bool has_place(const MissionItemInt& item) { return item.frame != kNoPlace; }
bool has_height(const MissionItemInt& item) { return item.mission_type != kFenceList; }

/// A number left open reads as zero: some vehicles keep it so.
bool alike(float a, float b) {
  const float x = std::isnan(a) ? 0.0F : a, y = std::isnan(b) ? 0.0F : b;
  return std::abs(x - y) <= kParameter;
}

}  // namespace

MissionItemInt item_at(const LonLat& at, double altitude_m, AltitudeOf frame, std::uint16_t command) {
  MissionItemInt item;
  item.x = degrees_e7(at.lat_deg);
  item.y = degrees_e7(at.lon_deg);
  item.z = static_cast<float>(altitude_m);
  item.frame = frame == AltitudeOf::sea ? kAboveSea : frame == AltitudeOf::home ? kAboveHome : kNoPlace;
  item.command = command;
  item.autocontinue = 1;
  return item;
}

std::vector<MissionItemInt> mission_items(const mission::Mission& flown, Autopilot autopilot) {
  std::vector<MissionItemInt> items;
  if (autopilot == Autopilot::ardupilot) {
    items.push_back(item_at(flown.home.lonlat(), flown.home.alt_msl_m, AltitudeOf::sea,
                            static_cast<std::uint16_t>(mission::Command::waypoint)));
  }
  for (const mission::Item& from : flown.items) {
    const auto command = static_cast<mission::Command>(from.command);
    const bool moves = command != mission::Command::change_speed && command != mission::Command::delay;
    const AltitudeOf frame = !moves                                       ? AltitudeOf::nothing
                             : from.frame == mission::AltitudeFrame::home ? AltitudeOf::home
                                                                          : AltitudeOf::sea;
    MissionItemInt item = item_at(from.at, from.altitude_m, frame, static_cast<std::uint16_t>(command));
    item.param1 = static_cast<float>(from.parameters[0]);
    item.param2 = static_cast<float>(from.parameters[1]);
    item.param3 = static_cast<float>(from.parameters[2]);
    item.param4 = static_cast<float>(from.parameters[3]);
    // PX4 would turn to north for a heading of 0; ArduPilot takes no open numbers and heeds no heading here.
    if (moves && autopilot == Autopilot::px4) item.param4 = std::numeric_limits<float>::quiet_NaN();
    items.push_back(item);
  }
  for (std::size_t i = 0; i < items.size(); ++i) items[i].seq = static_cast<std::uint16_t>(i);
  return items;
}

std::uint16_t first_item(Autopilot autopilot) { return autopilot == Autopilot::ardupilot ? 1 : 0; }

std::optional<std::string> difference(const std::vector<MissionItemInt>& given,
                                      const std::vector<MissionItemInt>& found, Autopilot autopilot) {
  if (given.size() != found.size()) return fmt::format("it has {} items of {}", found.size(), given.size());
  const bool mission = given.empty() || given.front().mission_type == kMissionList;
  for (std::size_t i = mission ? first_item(autopilot) : 0; i < given.size(); ++i) {
    const MissionItemInt &a = given[i], &b = found[i];
    const auto differs = [i](auto what, auto ours, auto theirs) {
      return fmt::format("item {}: {} is {} instead of {}", i, what, theirs, ours);
    };
    if (a.command != b.command) return differs("command", a.command, b.command);
    if (has_place(a)) {
      if (has_height(a) && a.frame != b.frame && b.frame != kAboveHomeInt) return differs("frame", a.frame, b.frame);
      if (a.x != b.x) return differs("latitude", a.x, b.x);
      if (a.y != b.y) return differs("longitude", a.y, b.y);
      if (has_height(a) && !(std::abs(double{a.z} - double{b.z}) <= kHeight_m)) return differs("height", a.z, b.z);
    }
    if (!alike(a.param1, b.param1)) return differs("parameter 1", a.param1, b.param1);
    if (!alike(a.param2, b.param2)) return differs("parameter 2", a.param2, b.param2);
  }
  return std::nullopt;
}

}  // namespace swiftlet::mavlink
