#include "dispatch/core/air_traffic.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::dispatch {
namespace {

using planner::OperationalIntent;

constexpr double kLongestWait_s = 1800.0;
constexpr double kStep_s = 1.0;
/// What is left open of the departure once the drone has told of it.
constexpr double kKnown_s = 1.0;
/// A hovering drone keeps its place for so long ahead; kept anew when half of it has gone.
constexpr double kHover_s = 120.0;
constexpr double kHovering_m_s = 1.5;
/// Who stands still in the air so late hovers, whatever it was told.
constexpr double kStuck_s = 5.0;

}  // namespace

AirTraffic::AirTraffic(const FleetConfig& config) : config_(config), frame_(config.frame_origin) {}

std::optional<planner::ReservationId> AirTraffic::own(const std::string& flight_id) const {
  const auto found = kept_.find(flight_id);
  return found == kept_.end() ? std::nullopt : std::optional(found->second.id);
}

OperationalIntent AirTraffic::intent_of(const planner::Route& route, bool departed, double known_at_s) const {
  planner::TrafficRules rules = config_.traffic;
  if (departed) {
    rules.early_s = std::min(rules.early_s, kKnown_s);
    rules.late_s = std::min(rules.late_s, kKnown_s);
  }
  return planner::operational_intent(route, frame_, rules, known_at_s);
}

std::optional<UtcTime> AirTraffic::first_free_departure(const std::string& flight_id, const planner::Route& route,
                                                        UtcTime earliest) const {
  if (!config_.deconflict) return earliest;
  const OperationalIntent intent = intent_of(route, false, 0.0);
  const double from_s = seconds(earliest);
  const auto departs_s =
      planner::first_free(index_.forbidden_departures(intent, from_s, from_s + kLongestWait_s, own(flight_id)), from_s,
                          from_s + kLongestWait_s, kStep_s);
  if (!departs_s) return std::nullopt;
  return after(earliest, *departs_s - from_s);
}

std::optional<TrafficAlert> AirTraffic::alert(const std::string& flight_id, const OperationalIntent& intent,
                                              UtcTime departs, UtcTime now) const {
  const auto found = index_.first_conflict(intent, seconds(departs), own(flight_id));
  if (!found) return std::nullopt;
  return TrafficAlert{.flight_id = flight_id,
                      .with_flight_id = flight_by_id_.at(found->with),
                      .where = frame_.to_geo(found->where_enu),
                      .in_s = std::max(found->begins_s - seconds(now), 0.0)};
}

std::optional<TrafficAlert> AirTraffic::conflict(const std::string& flight_id, const planner::Route& route,
                                                 UtcTime departs) const {
  return config_.deconflict ? alert(flight_id, intent_of(route, false, 0.0), departs, departs) : std::nullopt;
}

void AirTraffic::put(const std::string& flight_id, Kept kept, const OperationalIntent& intent) {
  drop(flight_id);
  kept.id = index_.reserve(intent, seconds(kept.departs));
  flight_by_id_.insert_or_assign(kept.id, flight_id);
  kept_.insert_or_assign(flight_id, std::move(kept));
}

void AirTraffic::drop(const std::string& flight_id) {
  const auto found = kept_.find(flight_id);
  if (found == kept_.end()) return;
  index_.release(found->second.id);
  flight_by_id_.erase(found->second.id);
  kept_.erase(found);
}

void AirTraffic::settle(const std::string& flight_id, const planner::Route& route, UtcTime departs) {
  if (config_.deconflict) put(flight_id, {.departs = departs}, intent_of(route, false, 0.0));
}

void AirTraffic::issue(const Flight& flight, UtcTime departs) {
  if (!config_.deconflict) return;
  OperationalIntent intent = intent_of(*flight.mission->route, false, 0.0);
  put(flight.flight_id, {.mission_no = flight.mission->mission_no, .departs = departs}, intent);
}

std::optional<UtcTime> AirTraffic::settled(const std::string& flight_id) const {
  const auto found = kept_.find(flight_id);
  if (found == kept_.end() || found->second.mission_no != 0) return std::nullopt;
  return found->second.departs;
}

void AirTraffic::move(const Flight& flight, Kept kept, UtcTime now, std::vector<TrafficAlert>& alerts) {
  const OperationalIntent intent = intent_of(*flight.mission->route, kept.seen_departing, kept.known_at_s);
  take(flight.flight_id, std::move(kept), intent, now, alerts);
}

void AirTraffic::take(const std::string& flight_id, Kept kept, const OperationalIntent& intent, UtcTime now,
                      std::vector<TrafficAlert>& alerts) {
  const auto met = alert(flight_id, intent, kept.departs, now);
  const std::string with = met ? met->with_flight_id : "";
  if (met && with != kept.told_of) alerts.push_back(*met);
  kept.told_of = with;
  put(flight_id, std::move(kept), intent);
}

void AirTraffic::follow_flying(const Flight& flight, const DroneLive* live, bool holds, UtcTime now,
                               std::vector<TrafficAlert>& alerts) {
  Kept kept = kept_.at(flight.flight_id);
  if (!kept.seen_departing) {
    kept.seen_departing = true;
    kept.departs = *flight.mission->departed_at;
    return move(flight, std::move(kept), now, alerts);
  }
  if (live == nullptr || !live->telemetry || live->telemetry->mission_no != kept.mission_no) return;
  const RouteProgress& progress = live->progress;
  const bool tracked = progress.mission_no() == kept.mission_no;
  const double late_s = tracked ? seconds_between(kept.departs, progress.departed_at()) + progress.slip_s() : 0.0;
  const bool stuck = kept.hovers_until || late_s > kStuck_s;
  if ((holds || stuck) && live->telemetry->speed_m_s() <= kHovering_m_s) {
    if (kept.hovers_until && now < after(*kept.hovers_until, -0.5 * kHover_s)) return;
    kept.hovers_until = after(now, kHover_s);
    kept.departs = now;
    const OperationalIntent hovers = planner::hovering_intent(frame_.to_local(live->telemetry->position),
                                                              config_.traffic, -config_.traffic.late_s, kHover_s);
    return take(flight.flight_id, std::move(kept), hovers, now, alerts);
  }
  if (!tracked) return;
  const double since_s = std::max(progress.reached_s() - kept.known_at_s, 0.0);
  const double growth_s = config_.traffic.growth * since_s;
  if (!kept.hovers_until && std::abs(late_s) <= kKnown_s + growth_s) return;
  kept.hovers_until.reset();
  kept.departs = after(progress.departed_at(), progress.slip_s());
  kept.known_at_s = progress.reached_s();
  move(flight, std::move(kept), now, alerts);
}

void AirTraffic::follow_mission(const Flight& flight, const FleetLink& fleet, const DroneLedger& drone, UtcTime now,
                                std::vector<TrafficAlert>& alerts) {
  const auto found = kept_.find(flight.flight_id);
  if (found == kept_.end() || found->second.mission_no != flight.mission->mission_no) {
    // After a restart: what stands in the journal is in the air or about to be.
    return move(flight,
                {.mission_no = flight.mission->mission_no,
                 .departs = flight.mission->departed_at.value_or(std::max(flight.mission->route->depart, now))},
                now, alerts);
  }
  if (flight.phase == LegPhase::flying) {
    const bool holds = drone.command_verb == "hold";
    return follow_flying(flight, fleet.find(flight.drone), holds, now, alerts);
  }
  Kept kept = found->second;
  if (now <= after(kept.departs, config_.traffic.late_s)) return;
  kept.departs = now;  // still on the ground: it leaves later than it was to
  move(flight, std::move(kept), now, alerts);
}

std::vector<TrafficAlert> AirTraffic::follow(const DispatchState& state, const FleetLink& fleet, UtcTime now) {
  std::vector<TrafficAlert> alerts;
  if (!config_.deconflict) return alerts;
  std::vector<std::string> over;
  auto flight = state.flights.begin();
  for (const auto& [id, kept] : kept_) {
    while (flight != state.flights.end() && flight->first < id) ++flight;
    const bool lives = flight != state.flights.end() && flight->first == id;
    const bool has_mission = lives && flight->second.mission && flight->second.phase != LegPhase::landed;
    const bool waits = lives && flight->second.phase == LegPhase::waiting && kept.mission_no == 0 &&
                       now <= after(kept.departs, config_.traffic.late_s);
    if (!has_mission && !waits) over.push_back(id);
  }
  for (const std::string& id : over) drop(id);
  for (const auto& [id, one] : state.flights) {
    if (one.mission && one.mission->route && (one.phase == LegPhase::issued || one.phase == LegPhase::flying)) {
      const auto drone = state.drones.find(one.drone);
      follow_mission(one, fleet, drone->second, now, alerts);
    }
  }
  return alerts;
}

}  // namespace swiftlet::dispatch
