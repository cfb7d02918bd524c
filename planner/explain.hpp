#pragma once

#include <string>
#include <vector>

#include "planner/flight_plan.hpp"
#include "planner/search_budget.hpp"

namespace swiftlet::planner {

/// How the ends are left and reached, and what the straight line meets; as far as there are ends.
[[nodiscard]] Explanation explain_way(const SearchSpace& space, const PlanRequest& request, const FlightLimits& limits);

/// What a plan adds: its bound by parts, what it was found by and how much was tried.
void explain_plan(const FlightPlan& plan, Explanation& explanation);

/// What a proven route touches: clearances and heights that are used up to half a metre, zones it enters the ground of.
[[nodiscard]] std::vector<Explanation::Binding> binding_of(const Route& route);

/// What may be tried instead: after the zones that stand in the way, or the nearest pad that is not closed as the given
/// end is.
[[nodiscard]] Hints hints_for(const SearchSpace& space, const PlanRequest& request, const Error& error,
                              double flight_s);

/// The explanation as lines for people. Precondition: the route has one.
[[nodiscard]] std::vector<std::string> explanation_lines(const Route& route);

}  // namespace swiftlet::planner
