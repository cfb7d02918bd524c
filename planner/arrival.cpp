#include "planner/arrival.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <vector>

#include "planner/flight_check.hpp"
#include "planner/zone_changes.hpp"

namespace swiftlet::planner {
namespace {

/// Changes of zones that are looked at, going back.
constexpr int kMostChanges = 6;
/// A flight that is out of a zone's way may be proven only when it is farther out of it.
constexpr std::array kFartherOut_s{0.0, 60.0, 240.0, 900.0};

/// An arrival this near to arrive_by departs as late as it can.
constexpr std::chrono::seconds kSlack{1};

UtcTime touchdown(const Route& route) {
  return route.depart + std::chrono::ceil<std::chrono::milliseconds>(Seconds(route.duration_s));
}

UtcTime latest_departure(UtcTime arrive_by, double duration_s) {
  return arrive_by - std::chrono::ceil<std::chrono::milliseconds>(Seconds(duration_s));
}

/// Why not even a departure at once is early enough.
Route too_soon(DatedRoute earliest, const PlanRequest& request) {
  const double left_s = seconds_between(request.depart, *request.arrive_by);
  Route route = std::move(earliest.route);
  const bool proven = left_s < earliest.time_bound_s || left_s <= 0.0;
  route.error = Error{
      .code = ErrorCode::arrive_by_too_soon,
      .message = fmt::format("from depart to arrive_by there are {:.1f} s; the fastest flight found "
                             "takes {:.1f} s{}",
                             left_s, route.duration_s,
                             proven ? fmt::format(", and none takes less than {:.1f} s", earliest.time_bound_s) : ""),
      .where = "arrive_by",
      .position = {},
      .cause = {},
      .hint = fmt::format("arrive by {} or later", format_rfc3339(touchdown(route)))};
  route.status = proven ? RouteStatus::infeasible : RouteStatus::refused;
  route.waypoints.clear();
  return route;
}

/// Ends of flights to try, the latest first: arrive_by, and before every change of a zone.
std::vector<UtcTime> ends_to_try(const geo::Airspace& airspace, const PlanRequest& request) {
  std::vector<UtcTime> ends{*request.arrive_by};
  for (auto change = zone_change_before(airspace, request.authorisations, ends.front());
       change && *change > request.depart && ends.size() <= kMostChanges;
       change = zone_change_before(airspace, request.authorisations, *change)) {
    ends.push_back(after(*change, -kTimeUncertainty_s));
  }
  return ends;
}

}  // namespace

Route arriving_by(const geo::Airspace& airspace, const PlanRequest& request,
                  const std::function<DatedRoute(UtcTime)>& plan) {
  const UtcTime by = *request.arrive_by;
  const std::vector<UtcTime> ends = ends_to_try(airspace, request);
  double duration_s = 0.0;
  DatedRoute last;
  UtcTime departed;
  /// Departs as late as the duration lets it; once more where it takes longer than thought. Whether it arrives in time.
  const auto arrives = [&](UtcTime end, double farther_s) {
    constexpr int kMostTries = 3;
    for (int tries = 0; tries < kMostTries; ++tries) {
      departed = std::max(request.depart, latest_departure(end, duration_s + farther_s));
      last = plan(departed);
      const bool ok = last.route.status == RouteStatus::ok;
      duration_s = ok ? last.route.duration_s : std::max(duration_s, last.time_bound_s);
      if (!ok || departed == request.depart) return ok && touchdown(last.route) <= by;
      if (touchdown(last.route) <= by && touchdown(last.route) >= by - kSlack) return true;
      if (tries + 1 == kMostTries || farther_s > 0.0) return touchdown(last.route) <= by;
    }
    return false;
  };
  for (const UtcTime end : ends) {
    for (const double farther_s : kFartherOut_s) {
      if (arrives(end, farther_s)) return std::move(last.route);
      if (last.route.status == RouteStatus::ok) return too_soon(std::move(last), request);
      if (last.route.status == RouteStatus::deadline) return std::move(last.route);
      if (departed == request.depart || ends.size() == 1) break;
    }
    if (departed == request.depart) break;
  }
  // At another hour there might be a way: no proof.
  if (ends.size() > 1 && last.route.status == RouteStatus::infeasible) last.route.status = RouteStatus::refused;
  return std::move(last.route);
}

}  // namespace swiftlet::planner
