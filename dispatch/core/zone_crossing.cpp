#include <algorithm>

#include "dispatch/core/operator_decision.hpp"
#include "geo/local_frame.hpp"
#include "planner/route.hpp"

namespace swiftlet::dispatch {
namespace {

/// A drone may be ahead of its times or behind them by this much, and a little off its line.
constexpr double kTimeMargin_s = 120.0;
constexpr double kOffLine_m = 5.0;

bool within_limits(const geo::Geozone& volume, double low_m, double high_m) {
  const auto amsl = [](const std::optional<geo::ZoneLimit>& limit) {
    return limit && limit->reference == geo::VerticalReference::amsl;
  };
  if (amsl(volume.lower) && high_m + kOffLine_m < volume.lower->value_m) return false;
  return !(amsl(volume.upper) && low_m - kOffLine_m > volume.upper->value_m);
}

bool crosses(const planner::Route& route, double from_s, UtcTime from, UtcTime to, const geo::LocalFrame& frame,
             const geo::Geozone& volume) {
  if (!volume.blocks(route.authorisations) || !volume.active_within(from, to)) return false;
  const double away_m = route.policy.zone_margin_m + kOffLine_m;
  for (std::size_t i = 0; i + 1 < route.waypoints.size(); ++i) {
    const planner::Waypoint& a = route.waypoints[i];
    const planner::Waypoint& b = route.waypoints[i + 1];
    if (b.t_s < from_s) continue;
    if (!within_limits(volume, std::min(a.position.alt_msl_m, b.position.alt_msl_m),
                       std::max(a.position.alt_msl_m, b.position.alt_msl_m))) {
      continue;
    }
    const geo::Enu2 start = frame.to_local(a.position.lonlat());
    const geo::Enu2 end = frame.to_local(b.position.lonlat());
    if (geo::distance_m(volume.footprint, start, end) <= away_m) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> flights_through(const CoreContext& context, const geo::LiveZone& zone) {
  std::vector<std::string> found;
  const geo::LocalFrame frame(context.config.frame_origin);
  for (const auto& [id, flight] : context.state().flights) {
    if (!flight.mission || flight.phase == LegPhase::landed) continue;
    const planner::Route& route = *flight.mission->route;
    const DroneLive* live = context.fleet.find(flight.drone);
    const bool tracked = live != nullptr && live->progress.mission_no() == flight.mission->mission_no;
    // What has been flown cannot be crossed any more; what is not known to have been counts as ahead.
    const double left_s = tracked ? live->progress.remaining_s(route, context.now) : route.duration_s;
    const double from_s = std::max(route.duration_s - left_s - kTimeMargin_s / 4.0, 0.0);
    const UtcTime from = after(context.now, -kTimeMargin_s);
    const UtcTime to = after(context.now, left_s + kTimeMargin_s);
    const bool through = std::any_of(zone.volumes.begin(), zone.volumes.end(), [&](const geo::Geozone& volume) {
      return crosses(route, from_s, from, to, frame, volume);
    });
    if (through) found.push_back(id);
  }
  return found;
}

}  // namespace swiftlet::dispatch
