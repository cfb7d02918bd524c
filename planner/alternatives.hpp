#pragma once

#include <functional>
#include <vector>

#include "planner/flight_plan.hpp"

namespace swiftlet::planner {

/// A flight that is really another one than the first, and why.
struct AlternativeFlight {
  FlightPlan plan;
  Difference differs;
};

/// Up to `most` flights that differ from `first` and from each other: other sides of something that no altitude passes,
/// found by searches that may not cross the flights they have, somewhere; then, where there is room, other heights over
/// the first one's ground. The cheapest first; none costs more than twice the first. `flies`: whether a plan passes
/// everything that answers have to pass. Precondition: `first` was planned in the space with these ends.
[[nodiscard]] std::vector<AlternativeFlight> alternative_flights(const SearchSpace& space, const PlanRequest& request,
                                                                 const FlightLimits& limits, const FlightPlan& first,
                                                                 SearchBudget& budget,
                                                                 const std::function<bool(const FlightPlan&)>& flies);

}  // namespace swiftlet::planner
