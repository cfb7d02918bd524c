#pragma once

#include "geo/wind.hpp"
#include "planner/mission/route_mission.hpp"
#include "planner/route.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// Gives a route the times, speeds and energy with which the vehicle's autopilot flies it as a mission
/// (mission/route_mission.hpp): what `swiftlet predict` says of the exported mission is what the route says.
/// Precondition: the vehicle names an autopilot; the route has waypoints and begins on a deck.
/// Errors: those of predict_flight().
[[nodiscard]] Expected<void> time_by_autopilot(const VehicleProfile& vehicle, const geo::Wind& wind, Route& route);

/// How this vehicle's missions are written: one whose autopilot is known has that one's own profile of speeds in its
/// routes' times, and is asked for one speed.
[[nodiscard]] mission::MissionOptions mission_options_of(const VehicleProfile& vehicle);

}  // namespace swiftlet::planner
