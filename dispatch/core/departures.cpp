// What of the flight desk has to do with the air that others have reserved.
#include <fmt/core.h>

#include <algorithm>

#include "dispatch/core/flight_desk.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr double kAskAgain_s = 10.0;

}  // namespace

void FlightDesk::report(const TrafficAlert& alert) {
  context_.notice(
      NoticeLevel::warning,
      fmt::format("flights {} and {} may come too near to each other in {:.0f} s at {:.6f}, {:.6f}, {:.0f} m",
                  alert.flight_id, alert.with_flight_id, alert.in_s, alert.where.lon_deg, alert.where.lat_deg,
                  alert.where.alt_msl_m));
}

bool FlightDesk::is_cleared(const Flight& flight, const planner::Route& route) {
  MissionPlanning& planning = planning_[flight.flight_id];
  DepartureChoice& choice = planning.departure;
  const UtcTime could_leave = std::max(route.depart, context_.now);
  if (!choice.could_leave) choice.could_leave = could_leave;
  const auto departs = context_.air.first_free_departure(flight.flight_id, route, could_leave);
  if (flight.phase == LegPhase::flying || flight.leg().airborne_start) {
    return may_leave_hover(flight, departs, could_leave);
  }
  if (choice.settled) {  // what was settled may be outdated: all ways are open again
    choice.settled = false;
    choice.best.reset();
  }
  if (departs == could_leave && choice.consider(*departs, route.duration_s)) return true;
  if (departs && choice.consider(*departs, route.duration_s)) context_.air.settle(flight.flight_id, route, *departs);
  if (departs != could_leave && choice.higher_may_be_sooner(route.duration_s, could_leave)) {
    ++choice.asked_layer;
    planning.not_before = {};
    return false;
  }
  settle_departure(choice, planning.not_before);
  if (!choice.best) planning.not_before = after(context_.now, kAskAgain_s);
  return false;
}

bool FlightDesk::may_leave_hover(const Flight& flight, std::optional<UtcTime> departs, UtcTime could_leave) {
  MissionPlanning& planning = planning_[flight.flight_id];
  if (departs == could_leave) return true;
  const double waited_s = planning.departure.waited_s(context_.now);
  if (waited_s > context_.config.policy.hold_s) {
    // Hovering on costs the battery that the way home needs; whom it may meet is told when it leaves.
    context_.notice(NoticeLevel::alarm,
                    fmt::format("flight {} leaves its hover though its air is not free", flight.flight_id));
    return true;
  }
  planning.not_before =
      after(context_.now, std::min(departs ? seconds_between(could_leave, *departs) : kAskAgain_s, kAskAgain_s));
  return false;
}

}  // namespace swiftlet::dispatch
