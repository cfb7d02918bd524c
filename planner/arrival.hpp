#pragma once

#include <functional>

#include "geo/airspace.hpp"
#include "planner/plan_request.hpp"
#include "planner/route.hpp"

namespace swiftlet::planner {

/// The answer for one departure, and what no flight is faster than.
struct DatedRoute {
  Route route;
  double time_bound_s = 0.0;
};

/// A route whose touchdown, depart + duration_s, is not after request.arrive_by, departing as late as that allows and
/// not before request.depart. The departure is put back by the duration of the flight it leads to, until that fits;
/// where zones are in the way, to before each change of theirs. Not ok: infeasible arrive_by_too_soon where no flight
/// is fast enough, refused where only none was found, or what stood in the way of the earliest departure that was tried
/// (infeasible only if no zone comes or goes meanwhile).
/// Precondition: arrive_by is given. `plan` answers for a departure.
[[nodiscard]] Route arriving_by(const geo::Airspace& airspace, const PlanRequest& request,
                                const std::function<DatedRoute(UtcTime depart)>& plan);

}  // namespace swiftlet::planner
