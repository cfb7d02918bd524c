#pragma once

#include "geo/wind.hpp"
#include "planner/autopilot/airframe.hpp"
#include "planner/autopilot/ardupilot_parameters.hpp"
#include "planner/autopilot/flight_prediction.hpp"
#include "planner/mission/mission.hpp"

namespace swiftlet::planner::autopilot {

/// Flies a mission as ArduPilot Copter 4.6 does in automatic mode: its legs, corners, position control and lean limit
/// on a frame with mass and drag, in wind, at the autopilot's own 400 steps a second. Deterministic. Errors: those of
/// mission_steps(); wind_too_strong where the vehicle does not get on.
[[nodiscard]] Expected<FlightPrediction> fly_ardupilot(const mission::Mission& mission,
                                                       const ArduPilotParameters& parameters, const Airframe& frame,
                                                       const geo::Wind& wind);

}  // namespace swiftlet::planner::autopilot
