#pragma once

#include "planner/flight_curve.hpp"
#include "planner/lower_bound.hpp"
#include "planner/plan_request.hpp"
#include "planner/search.hpp"
#include "planner/trajectory_energy.hpp"

namespace swiftlet::planner {

/// Refuses what no search needs to try: numbers out of range, payload, battery, wind, planner's name, objective.
/// `proven` in the status: payload and wind are infeasible, the rest refused.
[[nodiscard]] std::optional<SearchFailure> check_request(const PlanRequest& request, const FlightLimits& limits,
                                                         const PlanOptions& options, const geo::Airspace& airspace);

/// Whether the battery covers flight, hold and reserve. Infeasible where not even the lower bound would do.
[[nodiscard]] std::optional<SearchFailure> check_energy(const PlanRequest& request, const VehicleProfile& vehicle,
                                                        const PowerModel& power, double flight_wh,
                                                        double lower_bound_wh);

/// Whether the flight endangers no more people than the request allows. Infeasible where the lower bound is above that.
[[nodiscard]] std::optional<SearchFailure> check_ground_risk(const PlanRequest& request, double ground_risk,
                                                             double lower_bound);

}  // namespace swiftlet::planner
