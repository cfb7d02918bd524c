#pragma once

#include "dispatch/protocol/drone_message.hpp"
#include "planner/route.hpp"

namespace swiftlet::dispatch {

/// When, after departure, a drone that flies the route is at the point of it nearest to `position`, looking only at
/// the part flown within [earliest_s, latest_s]. Seconds; exact to the waypoints' straight lines.
struct PlaceOnRoute {
  double at_s = 0.0;
  double away_m = 0.0;  ///< from the route's line there
};
[[nodiscard]] PlaceOnRoute place_on_route(const planner::Route& route, const GeoPoint& position, double earliest_s,
                                          double latest_s);

/// How far a drone is behind its trajectory, smoothed over telemetry: what remains of a leg is what the trajectory
/// says plus this.
class RouteProgress {
 public:
  RouteProgress() = default;
  RouteProgress(std::uint64_t mission_no, UtcTime departed_at) : mission_no_(mission_no), departed_at_(departed_at) {}

  [[nodiscard]] std::uint64_t mission_no() const { return mission_no_; }
  /// How far from its route the drone was when last heard, metres.
  [[nodiscard]] double off_route_m() const { return off_route_m_; }
  [[nodiscard]] UtcTime departed_at() const { return departed_at_; }
  void observe(const planner::Route& route, const Telemetry& telemetry);
  /// Seconds behind the trajectory, smoothed; below 0 where it is ahead.
  [[nodiscard]] double slip_s() const { return slip_s_; }
  /// The farthest instant of the trajectory that it has been seen at.
  [[nodiscard]] double reached_s() const { return reached_s_; }
  [[nodiscard]] double remaining_s(const planner::Route& route, UtcTime now) const;
  /// Whether the drone still rises over the place that it left: nearer to the ground than the height band and the
  /// clearances allow anywhere else, so that no other way begins there.
  [[nodiscard]] bool is_rising(const planner::Route& route) const;
  /// Whether it comes down over its goal likewise, or would before it could stop.
  [[nodiscard]] bool is_landing(const planner::Route& route) const;

 private:
  std::uint64_t mission_no_ = 0;
  UtcTime departed_at_;
  double reached_s_ = 0.0;
  double slip_s_ = 0.0;
  double off_route_m_ = 0.0;
};

}  // namespace swiftlet::dispatch
