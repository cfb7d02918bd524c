#pragma once

#include "geo/wind.hpp"
#include "planner/autopilot/airframe.hpp"
#include "planner/autopilot/flight_prediction.hpp"
#include "planner/autopilot/px4_parameters.hpp"
#include "planner/mission/mission.hpp"

namespace swiftlet::planner::autopilot {

/// Times a mission as PX4 flies it in mission mode: each leg with limited speed, acceleration and jerk, each corner at
/// the speed that its angle and the acceptance radius allow, a waypoint reached at that radius. NOT VALIDATED: no PX4
/// flight was at hand to compare with.
/// Errors: those of mission_steps(); wind_too_strong.
[[nodiscard]] Expected<FlightPrediction> fly_px4(const mission::Mission& mission, const Px4Parameters& parameters,
                                                 const Airframe& frame, const geo::Wind& wind);

}  // namespace swiftlet::planner::autopilot
