#pragma once

#include "geo/airspace.hpp"
#include "geo/referee.hpp"
#include "planner/flight_plan.hpp"
#include "planner/route.hpp"

namespace swiftlet::planner {

/// Makes the route say why there is none.
void refuse(Route& route, SearchFailure failure);

/// Waypoints, times, energy, risk and certificate of a plan, as the vehicle's autopilot flies it where it has one;
/// refused where one of them does not hold, or where the referee finds a violation. Precondition: the route is blank.
void finish(const geo::Airspace& airspace, const geo::Referee& referee, const PlanRequest& request,
            const FlightLimits& limits, const FlightPlan& plan, Route& route);

/// Whether the referee passes a finished route again, with just the certificate that it carries.
[[nodiscard]] bool passes_again(const geo::Referee& referee, const Route& route);

}  // namespace swiftlet::planner
