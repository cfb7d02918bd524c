#include "dispatch/mavlink/safety_items.hpp"

#include <cmath>

#include "dispatch/mavlink/mission_items.hpp"

namespace swiftlet::mavlink {
namespace {

// MAV_CMD
constexpr std::uint16_t kCornerWithin = 5001, kCornerOutside = 5002, kCircleWithin = 5003, kCircleOutside = 5004;
constexpr std::uint16_t kRallyPoint = 5100;

void number(std::vector<MissionItemInt>& items, std::uint8_t list) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].seq = static_cast<std::uint16_t>(i);
    items[i].mission_type = list;
  }
}

}  // namespace

const char* list_name(std::uint8_t mission_type) {
  return mission_type == kFenceList ? "geofence" : mission_type == kRallyList ? "rally points" : "mission";
}

std::vector<MissionItemInt> fence_items(const planner::mission::Mission& mission) {
  std::vector<MissionItemInt> items;
  for (const planner::mission::Fence& fence : mission.fences) {
    const bool circle = fence.radius_m > 0.0;
    const std::uint16_t command = circle            ? (fence.inclusion ? kCircleWithin : kCircleOutside)
                                  : fence.inclusion ? kCornerWithin
                                                    : kCornerOutside;
    for (const LonLat& corner : fence.corners) {
      MissionItemInt item = item_at(corner, 0.0, AltitudeOf::sea, command);
      item.param1 = static_cast<float>(circle ? fence.radius_m : static_cast<double>(fence.corners.size()));
      items.push_back(item);
    }
  }
  number(items, kFenceList);
  return items;
}

std::vector<MissionItemInt> rally_items(const planner::mission::Mission& mission) {
  std::vector<MissionItemInt> items;
  for (const GeoPoint& point : mission.rally_points) {
    const double above_home_m = std::ceil(point.alt_msl_m - mission.home.alt_msl_m);
    items.push_back(item_at(point.lonlat(), above_home_m, AltitudeOf::home, kRallyPoint));
  }
  number(items, kRallyList);
  return items;
}

}  // namespace swiftlet::mavlink
