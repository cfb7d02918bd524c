#pragma once

#include "geo/airspace_view.hpp"
#include "planner/energy.hpp"
#include "planner/plan_request.hpp"
#include "planner/terminal.hpp"

namespace swiftlet::planner {

/// What no feasible route in the exact geometry can go below.
struct LowerBounds {
  double time_s = 0.0;
  double length_m = 0.0;
  double energy_wh = 0.0;
  double ground_risk = 0.0;  ///< 0 where it was not asked for
  // what the time is made of
  double ground_m = 0.0;
  double across_s = 0.0;
  double climb_s = 0.0;
  double landing_s = 0.0;
};

/// The one of an objective, in its unit.
[[nodiscard]] double bound_for(Objective objective, const LowerBounds& bounds);

/// Level at the best ground speed over at least `ground_m` (a length that no way over the ground is shorter than, or
/// 0), from rest to rest, plus the vertical segments up to the lowest altitude at which the exact geometry could let
/// transit begin (the optimistic floor of the cell), with the vertical acceleration at the deck and at the landing
/// height.
[[nodiscard]] LowerBounds lower_bounds(const geo::AirspaceView& view, const FlightLimits& limits,
                                       const PowerModel& power, const Terminal& start, const Terminal& goal,
                                       double ground_m);

/// What no flight can expect fewer ground fatalities than: the vertical segments at their places, and between them the
/// least exposure to people at the best ground speed. `bounds`: the flight's others.
[[nodiscard]] double ground_risk_bound(const geo::AirspaceView& view, const VehicleProfile& vehicle,
                                       const Terminal& start, const Terminal& goal, const LowerBounds& bounds);

}  // namespace swiftlet::planner
