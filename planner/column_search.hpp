#pragma once

#include <optional>
#include <vector>

#include "geo/airspace_view.hpp"
#include "planner/flight_limits.hpp"
#include "planner/search_budget.hpp"

namespace swiftlet::planner {

/// A cheap track over the cells of the view, by weighted A*: eight neighbours, a move
/// where the bands of both cells overlap (of all four cells around a corner, for a diagonal one). The altitude is
/// followed greedily, which prices climbs without a third dimension; connectivity does not depend on it, because within
/// a column every altitude of the band can be reached. So the search is complete at the resolution of the cells, and
/// deterministic: that is why `auto` uses it, and OMPL's sampling planners are a second opinion by name.
///
/// Returns the ground track from start to goal (both included), bends only; nothing if there is none or the budget
/// ended. Work arrays are kept per thread.
[[nodiscard]] std::optional<std::vector<geo::Enu2>> column_track(const geo::AirspaceView& view,
                                                                 const FlightLimits& limits, const geo::Enu3& start_enu,
                                                                 const geo::Enu3& goal_enu, SearchBudget& budget);

}  // namespace swiftlet::planner
