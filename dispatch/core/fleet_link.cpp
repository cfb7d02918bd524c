#include "dispatch/core/fleet_link.hpp"

#include <algorithm>

namespace swiftlet::dispatch {
namespace {

constexpr double kStale_s = 3.0;
constexpr double kLost_s = 10.0;

}  // namespace

const DroneLive* FleetLink::find(const std::string& drone) const {
  const auto found = live_.find(drone);
  return found == live_.end() ? nullptr : &found->second;
}

std::chrono::milliseconds FleetLink::wall(double seconds) const {
  return std::chrono::round<std::chrono::milliseconds>(Seconds(seconds * std::max(speed_, 1.0)));
}

LinkState FleetLink::link(const DroneLive* live, UtcTime now) const {
  if (live == nullptr || live->connection == 0) return LinkState::silent;
  const auto silence = now - live->heard_at;
  if (silence > wall(kLost_s)) return LinkState::lost;
  return silence > wall(kStale_s) ? LinkState::stale : LinkState::fresh;
}

std::string FleetLink::drone_on(ConnectionId connection) const {
  const auto found = drone_by_connection_.find(connection);
  return found == drone_by_connection_.end() ? std::string() : found->second;
}

void FleetLink::attach(const std::string& drone, ConnectionId connection, UtcTime now) {
  if (const std::string other = drone_on(connection); !other.empty()) live_[other].connection = 0;
  DroneLive& live = live_[drone];
  drone_by_connection_.erase(live.connection);
  const RouteProgress progress = live.progress;
  live = DroneLive{.connection = connection, .heard_at = now, .telemetry = {}, .progress = progress};
  drone_by_connection_[connection] = drone;
}

}  // namespace swiftlet::dispatch
