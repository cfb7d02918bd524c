#pragma once

#include "planner/energy.hpp"
#include "planner/speed_profile.hpp"

namespace swiftlet::planner {

/// The energy that a trajectory takes, integrated segment by segment (Simpson's rule on speed that changes evenly).
[[nodiscard]] double energy_wh(const Trajectory& trajectory, const FlightLimits& limits, const PowerModel& power);

}  // namespace swiftlet::planner
