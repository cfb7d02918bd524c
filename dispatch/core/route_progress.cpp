#include "dispatch/core/route_progress.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace swiftlet::dispatch {
namespace {

constexpr double kMetresPerDegree = 111'195.0;

/// A drone may be pushed back a little by a gust, and may have flown on for a while unheard.
constexpr double kBack_s = 3.0;
constexpr double kAhead_s = 90.0;

/// New telemetry counts for this much of the slip; gusts average out within a few seconds.
constexpr double kSmoothing = 0.25;

/// That a command takes to arrive, and the drone to come to a stop.
constexpr double kStopping_s = 6.0;

Eigen::Vector3d metres_from(const GeoPoint& origin, const GeoPoint& p) {
  const double scale = std::cos(origin.lat_deg * std::numbers::pi / 180.0);
  return {(p.lon_deg - origin.lon_deg) * kMetresPerDegree * scale, (p.lat_deg - origin.lat_deg) * kMetresPerDegree,
          p.alt_msl_m - origin.alt_msl_m};
}

}  // namespace

PlaceOnRoute place_on_route(const planner::Route& route, const GeoPoint& position, double earliest_s, double latest_s) {
  double nearest = std::numeric_limits<double>::infinity();
  double at_s = std::clamp(earliest_s, 0.0, route.duration_s);
  for (std::size_t i = 0; i + 1 < route.waypoints.size(); ++i) {
    const planner::Waypoint& a = route.waypoints[i];
    const planner::Waypoint& b = route.waypoints[i + 1];
    if (b.t_s < earliest_s || a.t_s > latest_s) continue;
    const Eigen::Vector3d from = metres_from(position, a.position);
    const Eigen::Vector3d along = metres_from(position, b.position) - from;
    const double length2 = along.squaredNorm();
    const double share = length2 > 0.0 ? std::clamp(-from.dot(along) / length2, 0.0, 1.0) : 0.0;
    const double distance = (from + share * along).norm();
    if (distance < nearest) {
      nearest = distance;
      at_s = a.t_s + share * (b.t_s - a.t_s);
    }
  }
  return {.at_s = at_s, .away_m = nearest};
}

void RouteProgress::observe(const planner::Route& route, const Telemetry& telemetry) {
  const double flown_s = seconds_between(departed_at_, telemetry.at);
  if (flown_s < 0.0) return;
  const auto [at_s, away_m] =
      place_on_route(route, telemetry.position, reached_s_ - kBack_s, std::max(reached_s_, flown_s) + kAhead_s);
  off_route_m_ = away_m;
  reached_s_ = std::max(reached_s_, at_s);
  slip_s_ += kSmoothing * (flown_s - at_s - slip_s_);
}

bool RouteProgress::is_rising(const planner::Route& route) const {
  const auto out = std::find_if(route.waypoints.begin(), route.waypoints.end(),
                                [](const planner::Waypoint& w) { return w.phase != planner::Phase::takeoff; });
  return out != route.waypoints.end() && reached_s_ < out->t_s;
}

bool RouteProgress::is_landing(const planner::Route& route) const {
  const auto down = std::find_if(route.waypoints.begin(), route.waypoints.end(),
                                 [](const planner::Waypoint& w) { return w.phase == planner::Phase::landing; });
  return down != route.waypoints.end() && reached_s_ + kStopping_s >= down->t_s;
}

double RouteProgress::remaining_s(const planner::Route& route, UtcTime now) const {
  return std::max(route.duration_s + slip_s_ - seconds_between(departed_at_, now), 0.0);
}

}  // namespace swiftlet::dispatch
