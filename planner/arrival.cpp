#include "planner/arrival.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "planner/flight_window.hpp"
#include "planner/zone_changes.hpp"

namespace swiftlet::planner {
namespace {

/// Changes of zones that are looked at, going back.
constexpr int kMostChanges = 6;
/// Departures that are tried for one end.
constexpr int kMostTries = 8;
/// A flight that is out of a zone's way may be proven only when it is farther out of it.
constexpr std::array kFartherOut_s{60.0, 240.0, 900.0};

/// An arrival this near to its end departs as late as it can.
constexpr std::chrono::seconds kSlack{1};

UtcTime touchdown(const Route& route) {
  return route.depart + std::chrono::ceil<std::chrono::milliseconds>(Seconds(route.duration_s));
}

std::chrono::milliseconds whole_ms(double seconds) {
  return std::chrono::ceil<std::chrono::milliseconds>(Seconds(seconds));
}

/// Whether an answer may be another at another hour: a zone comes and goes, or the wind is a forecast's.
bool hours_differ(const geo::Airspace& airspace, const PlanRequest& request) {
  if (!request.wind && airspace.wind_field.instants().size() > 1) return true;
  return std::any_of(airspace.zones.begin(), airspace.zones.end(), [&](const geo::Geozone& zone) {
    return !zone.applicability.empty() && zone.blocks(request.authorisations);
  });
}

/// Whether a refusal speaks of the request or of what stands still, so that no hour changes it.
bool is_timeless(const Error& error) {
  switch (error.code) {
    case ErrorCode::payload_too_heavy:
    case ErrorCode::pad_obstructed:
    case ErrorCode::start_in_obstacle:
    case ErrorCode::goal_in_obstacle:
      return true;
    default:
      return false;
  }
}

/// Why not even a departure at once is early enough.
Route too_soon(DatedRoute earliest, const PlanRequest& request, bool may_prove) {
  const double left_s = seconds_between(request.depart, *request.arrive_by);
  Route route = std::move(earliest.route);
  const bool proven = left_s <= 0.0 || (may_prove && left_s < earliest.time_bound_s);
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

/// When flights are to end, the latest first: at arrive_by, and before every change of a zone, also one that follows
/// so soon that the uncertainty of time reaches it.
std::vector<UtcTime> ends_to_try(const geo::Airspace& airspace, const PlanRequest& request) {
  const UtcTime by = *request.arrive_by;
  std::vector<UtcTime> ends{by};
  for (auto change = zone_change_before(airspace, request.authorisations, after(by, 2.0 * kTimeUncertainty_s));
       change && *change > request.depart && ends.size() <= kMostChanges;
       change = zone_change_before(airspace, request.authorisations, *change)) {
    // A second early: whether the very instant of a change belongs to it is the zone's to say.
    if (const UtcTime end = after(*change, -kTimeUncertainty_s - 1.0); end < ends.back()) ends.push_back(end);
  }
  return ends;
}

/// Looks for the latest departure whose flight ends in time, and keeps the best it has seen.
class Departures {
 public:
  Departures(const PlanRequest& request, const std::function<DatedRoute(UtcTime)>& plan)
      : request_(request), plan_(plan) {}

  /// The answer for a departure; a route in time is kept if it departs later than what was kept.
  DatedRoute ask(UtcTime depart) {
    DatedRoute answer = plan_(depart);
    const Route& route = answer.route;
    out_of_time_ = route.status == RouteStatus::deadline;
    if (route.status != RouteStatus::ok) return answer;
    duration_s_ = route.duration_s;
    if (touchdown(route) <= *request_.arrive_by && (!best_ || route.depart > best_->depart)) best_ = route;
    return answer;
  }

  /// Tries departures whose flights end by `end`, later and later between one in time and one too late. Whether there
  /// was one in time.
  bool try_end(UtcTime end) {
    std::optional<UtcTime> in_time;
    std::optional<UtcTime> too_late;
    std::size_t farther = 0;
    UtcTime depart = end - whole_ms(duration_s_);
    for (int tries = 0; tries < kMostTries && !out_of_time_; ++tries) {
      if (depart < request_.depart) return in_time.has_value();
      const DatedRoute answer = ask(depart);
      if (answer.route.status != RouteStatus::ok) {
        too_late = depart;
        if (!in_time && farther == kFartherOut_s.size()) return false;
        if (!in_time) depart = end - whole_ms(std::max(duration_s_, answer.time_bound_s) + kFartherOut_s[farther++]);
      } else if (const auto left = end - touchdown(answer.route); left.count() >= 0) {
        in_time = depart;
        if (left <= kSlack) return true;
        depart += left;
      } else {
        too_late = depart;
        depart += left;
      }
      if (in_time && too_late && (depart <= *in_time || depart >= *too_late)) {
        depart = *in_time + (*too_late - *in_time) / 2;
      }
      if (in_time && depart - *in_time < kSlack) return true;
    }
    return in_time.has_value();
  }

  [[nodiscard]] bool out_of_time() const { return out_of_time_; }
  [[nodiscard]] std::optional<Route>& best() { return best_; }

 private:
  const PlanRequest& request_;
  const std::function<DatedRoute(UtcTime)>& plan_;
  std::optional<Route> best_;
  double duration_s_ = 0.0;  ///< of the last flight found
  bool out_of_time_ = false;
};

}  // namespace

Route arriving_by(const geo::Airspace& airspace, const PlanRequest& request,
                  const std::function<DatedRoute(UtcTime)>& plan) {
  Departures departures(request, plan);
  const bool differ = hours_differ(airspace, request);
  // The earliest departure first: it tells how long the flight takes, and what is wrong with the request itself.
  DatedRoute earliest = departures.ask(request.depart);
  const bool found = earliest.route.status == RouteStatus::ok;
  const bool in_vain = *request.arrive_by <= request.depart || (!differ && !departures.best()) ||
                       (!found && is_timeless(earliest.route.error.value_or(Error{})));
  if (!in_vain && !departures.out_of_time()) {
    for (const UtcTime end : ends_to_try(airspace, request)) {
      if (departures.try_end(end) || departures.out_of_time()) break;
    }
  }
  if (departures.best()) return std::move(*departures.best());
  if (found) return too_soon(std::move(earliest), request, !differ);
  // At another hour there might be a way: no proof.
  Route none = std::move(earliest.route);
  if (differ && none.status == RouteStatus::infeasible && !is_timeless(*none.error)) none.status = RouteStatus::refused;
  return none;
}

}  // namespace swiftlet::planner
