#pragma once

#include "geo/wind.hpp"
#include "planner/route.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// Gives a route the times, speeds and energy with which the vehicle's autopilot flies it as a mission
/// (mission/route_mission.hpp): what `swiftlet predict` says of the exported mission is what the route says.
/// Precondition: the vehicle names an autopilot; the route has waypoints and begins on a deck.
/// Errors: those of predict_flight().
[[nodiscard]] Expected<void> time_by_autopilot(const VehicleProfile& vehicle, const geo::Wind& wind, Route& route);

}  // namespace swiftlet::planner
