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

/// A route whose touchdown, depart + duration_s, is not after request.arrive_by, departing as late as was found and not
/// before request.depart: the earliest departure is asked first, then departures are tried that end at arrive_by, and
/// before each change of a zone near it, until one is within a second of its end. Not ok: arrive_by_too_soon where not
/// even the earliest departure is early enough, else what stood in its way. Infeasible only where no hour makes a
/// difference: no zone comes or goes at all and no forecast of the wind is used, or the fault lies in the request.
/// Precondition: arrive_by is given. `plan` answers for a departure.
[[nodiscard]] Route arriving_by(const geo::Airspace& airspace, const PlanRequest& request,
                                const std::function<DatedRoute(UtcTime depart)>& plan);

}  // namespace swiftlet::planner
