#pragma once

#include "planner/flight_check.hpp"
#include "planner/view_cache.hpp"
#include "planner/waypoints.hpp"

namespace swiftlet::planner {

/// A flight that the view has proven, not yet judged by the referee.
struct FlightPlan {
  Trajectory trajectory;
  double energy_wh = 0.0;
  LowerBounds bounds;
  bool cut_by_deadline = false;
};

/// Plans one flight on one view: terminals, track, curve, times, energy. `may_prove` as in find_track.
[[nodiscard]] tl::expected<FlightPlan, SearchFailure> plan_flight(const geo::AirspaceView& view,
                                                                  const PlanRequest& request,
                                                                  const FlightLimits& limits,
                                                                  const PlanOptions& options, SearchBudget& budget,
                                                                  bool may_prove);

}  // namespace swiftlet::planner
