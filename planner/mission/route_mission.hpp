#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "planner/mission/mission.hpp"
#include "planner/route.hpp"

namespace swiftlet::planner::mission {

struct MissionOptions {
  /// A waypoint is left out where the line without it comes no nearer than this to leaving it. Autopilots cannot fly
  /// fast over waypoints that stand close together, so what is left out is time won; what is kept keeps its certified
  /// digits.
  double tolerance_m = 0.01;
  double fence_margin_m = 50.0;  ///< around the route
  /// The speed to ask for on the whole way; 0: those of the route, a change of speed wherever it changes for a while.
  double cruise_speed_m_s = 0.0;
  /// What the vehicle calls home, which heights count from; nothing: the route's start. A route that begins in the air
  /// needs it.
  std::optional<GeoPoint> home = {};
};

/// The waypoints of a route that a mission needs: both ends, both ends of the transit, and of the others those that the
/// tolerance asks for (Douglas and Peucker, in three dimensions). Precondition: the route has waypoints.
[[nodiscard]] std::vector<std::size_t> kept_waypoints(const Route& route, double tolerance_m);

/// A route as a mission: take-off, waypoints, changes of speed, landing on the deck; a geofence around it, and those
/// of its ends that are decks as rally points at the altitude of the transit. Heights count from home. A route that
/// begins in the air has no take-off; its first waypoint is where it begins. Errors: bad_request (a route that is not
/// ok, or that begins in the air while home is not said).
[[nodiscard]] Expected<Mission> to_mission(const Route& route, const MissionOptions& options);

}  // namespace swiftlet::planner::mission
