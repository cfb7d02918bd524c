#pragma once

#include "geo/airspace_view.hpp"
#include "planner/plan_request.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// How far reality may run ahead of or behind a route's times: every zone is asked for that much more.
constexpr double kTimeUncertainty_s = 30.0;

/// What the battery lets a flight last at the very most; 0 where the request's numbers are none.
[[nodiscard]] double longest_flight_s(const PlanRequest& request, const VehicleProfile& vehicle);

/// The view of a flight that departs when the request says and lasts no longer than that.
[[nodiscard]] geo::ViewOptions view_options(const PlanRequest& request, double longest_flight_s);

}  // namespace swiftlet::planner
