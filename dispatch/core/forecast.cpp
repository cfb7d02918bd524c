#include "dispatch/core/forecast.hpp"

#include <algorithm>

#include "dispatch/core/fleet_outlook.hpp"
#include "dispatch/core/standstill.hpp"

namespace swiftlet::dispatch {
namespace {

// Speed along a route is held to a few per cent; touching down takes a little more or less each time.
constexpr double kSpeedSpread = 0.02;
constexpr double kTouchdownSpread_s = 1.0;
// A drone that is still to be chosen may turn out to be another one.
constexpr StageTime kChoosing{.mean_s = 2.0, .sd_s = 5.0};
constexpr StageTime kQueueing{.mean_s = 5.0, .sd_s = 20.0};

/// Of a queue of flights that are on their way already.
constexpr double kQueueSpread = 0.3;

/// From home to a pick-up.
constexpr auto kUsualWayOut = std::chrono::minutes(2);

double seconds_until(UtcTime now, UtcTime then) { return std::max(seconds_between(now, then), 0.0); }

/// What remains of the current leg: of the departure and the flight; nothing once landed.
std::vector<StageTime> rest_of_leg(const CoreContext& context, const Flight& flight) {
  switch (flight.phase) {
    case LegPhase::waiting:
    case LegPhase::issued: {
      const auto& route = flight.mission ? flight.mission->route : nullptr;
      const bool is_free = flight.phase == LegPhase::waiting && !flight.waits_for_dropoff();
      const double waited_s = is_free ? seconds_between(flight.waiting_since, context.now) : 0.0;
      const double to_departure_s = route ? seconds_until(context.now, route->depart) : 0.0;
      StageTime departure = context.stages.departure.remaining(waited_s);
      if (route) departure.mean_s = to_departure_s + 1.0;
      if (const auto departs = context.air.settled(flight.flight_id)) {
        departure.mean_s = std::max(seconds_until(context.now, *departs), 0.0) + 1.0;  // it waits for its air
      }
      return {departure, flying(route ? route->duration_s : flight.leg().duration_s)};
    }
    case LegPhase::flying: {
      const DroneLive* live = context.fleet.find(flight.drone);
      const planner::Route& route = *flight.mission->route;
      const bool tracked = live != nullptr && live->progress.mission_no() == flight.mission->mission_no;
      const double left_s =
          tracked ? live->progress.remaining_s(route, context.now)
                  : std::max(route.duration_s - seconds_between(*flight.mission->departed_at, context.now), 0.0);
      return {flying(left_s)};
    }
    case LegPhase::landed:
      break;
  }
  return {};
}

void append(std::vector<StageTime>& stages, const std::vector<StageTime>& more) {
  stages.insert(stages.end(), more.begin(), more.end());
}

double sum_s(const std::vector<StageTime>& stages) {
  double sum = 0.0;
  for (const StageTime& stage : stages) sum += stage.mean_s;
  return sum;
}

std::string_view stop_cause(const CoreContext& context) {
  return context.state().gates.weather_hold ? "weather_hold" : "operator";
}

ForecastKind stage_of(OrderState state) { return forecast_kind(name(state)).value_or(ForecastKind::accepted); }

void expect(const CoreContext& context, Forecast& forecast, const std::vector<StageTime>& stages, ForecastKind kind) {
  const StageTime left = sum_of(stages);
  forecast.expected = Expectation{.eta = after(context.now, left.mean_s), .spread_s = left.sd_s, .kind = kind};
  forecast.delivery = context.state().learned.interval(*forecast.expected, context.now);
}

StageTime wait_of(const CoreContext& context, const Order& order, UtcTime arrives_at) {
  return wait_for_parcel(context, order.ready_at(), arrives_at, order.ready_at() != order.said_ready_at);
}

Forecast forecast_in_flight(const CoreContext& context, const FleetOutlook& outlook, const Order& order,
                            const Flight& flight) {
  const UtcTime now = context.now;
  Forecast result{.pickup_eta = order.picked_up_at, .delivery = {}, .cause = {}};
  std::vector<StageTime> stages = rest_of_leg(context, flight);
  if (flight.leg().purpose == LegPurpose::pickup) {
    if (flight.phase == LegPhase::landed) {
      const double overdue_s = seconds_between(std::max(flight.phase_since, order.ready_at()), now);
      stages =
          stages_after_pickup(context, wait_of(context, order, now), flight.legs.at(flight.leg_index + 1).duration_s);
      stages[1] = context.stages.loading.remaining(std::max(overdue_s, 0.0));
      result.cause = "readiness";
    } else {
      const double arrives_s = sum_s(stages);
      result.pickup_eta = after(now, arrives_s);
      append(stages, stages_after_pickup(context, wait_of(context, order, *result.pickup_eta),
                                         flight.legs.at(flight.leg_index + 1).duration_s));
      result.cause = flight.phase == LegPhase::flying ? "wind" : "traffic";
    }
  } else if (flight.leg().purpose == LegPurpose::deliver) {
    result.cause = flight.phase == LegPhase::flying ? "wind" : "traffic";
    stages.push_back(flight.phase == LegPhase::landed
                         ? context.stages.release.remaining(seconds_between(flight.phase_since, now))
                         : context.stages.release.time());
  } else {
    return result;  // on its way back: no delivery is to be expected
  }
  if (const double wait_s = outlook.dropoff_wait_s(flight.flight_id); wait_s > 0.0) {
    stages.push_back({.mean_s = wait_s, .sd_s = kQueueSpread * wait_s});
    result.cause = "pad_queue";
  }
  if (flight.phase != LegPhase::flying && context.state().gates.departures_stopped())
    result.cause = stop_cause(context);
  if (context.fleet.link(flight.drone, now) != LinkState::fresh) result.cause = "link";
  if (flight.steer != Steer::none) result.cause = flight.steer_cause;
  if (context.is_off_control(flight.drone)) result.cause = "operator";
  expect(context, result, stages, stage_of(order.state));
  return result;
}

Forecast forecast_waiting(const CoreContext& context, const FleetOutlook& outlook, const Order& order) {
  const auto pickup = first_spot_of(context, order.wish.pickup);
  const auto dropoff = first_spot_of(context, order.wish.dropoff);
  const ExpectedPickup* expected = outlook.expected(order.number);
  const bool was_assigned = order.history.size() > 1;
  if (order.ready_at() > context.now + kHorizon && pickup && dropoff && !context.sortie_times.bases().empty()) {
    // Which drone it will be is open; one will be there in time.
    const Base& base = context.sortie_times.bases().front();
    const double leg_s = leg_duration_s(
        context, {.from = *pickup, .to = *dropoff, .profile = base.profile, .payload_kg = order.wish.parcel.mass_kg});
    std::vector<StageTime> far_stages = stages_after_pickup(context, wait_of(context, order, context.now), leg_s);
    far_stages.push_back(kChoosing);
    Forecast far{.pickup_eta = order.ready_at(), .cause = "readiness"};
    expect(context, far, far_stages, ForecastKind::scheduled);
    return far;
  }
  if (expected == nullptr || !pickup || !dropoff) {
    // No drone in sight: the promise is all there is to say, moved on once it has passed.
    const auto late = std::max(context.now - order.promise.delivery.p95, std::chrono::milliseconds(0));
    EtaDistribution moved = order.promise.delivery;
    for (UtcTime* t : {&moved.eta, &moved.p05, &moved.p10, &moved.p90, &moved.p95})
      *t = std::max(*t + late, context.now);
    return {.pickup_eta = std::max(order.promise.pickup_eta, context.now), .delivery = moved, .cause = "link"};
  }
  const UtcTime arrives_at = std::max(expected->arrives_at, context.now);
  std::vector<StageTime> stages{{.mean_s = seconds_until(context.now, arrives_at), .sd_s = 3.0},
                                expected->behind_others ? kQueueing : kChoosing};
  const double leg_s = leg_duration_s(
      context,
      {.from = *pickup, .to = *dropoff, .profile = expected->drone->profile, .payload_kg = order.wish.parcel.mass_kg});
  append(stages, stages_after_pickup(context, wait_of(context, order, arrives_at), leg_s));
  Forecast near{.pickup_eta = arrives_at,
                .cause = context.state().gates.departures_stopped() ? stop_cause(context)
                         : was_assigned                             ? "reassigned"
                                                                    : "pad_queue"};
  expect(context, near, stages, ForecastKind::accepted);
  return near;
}

/// Of an order that stands still: it goes on when the standstill is reckoned to end; at once at the soonest, and just
/// before it would be given up at the latest.
Forecast forecast_standing(const CoreContext& context, const Order& order, Forecast moving) {
  if (!moving.delivery) return moving;
  const UtcTime goes_on = reckoned_end(context, order);
  auto rest = moving.delivery->eta - context.now;
  if (order.flight_id.empty()) {  // as long as was promised, and the way to the pick-up
    rest = order.promise.delivery.eta - order.promise.pickup_eta + kUsualWayOut;
  }
  const UtcTime last = std::max(ends_at(context, order), goes_on) + rest;
  const UtcTime first = context.now + rest;
  moving.delivery = EtaDistribution{.eta = goes_on + rest, .p05 = first, .p10 = first, .p90 = last, .p95 = last};
  if (!order.picked_up_at) moving.pickup_eta = std::max(goes_on, order.promise.pickup_eta);
  moving.expected.reset();
  moving.cause = order.standstill->cause;
  return moving;
}

}  // namespace

StageTime flying(double leg_s) { return {.mean_s = leg_s, .sd_s = kSpeedSpread * leg_s + kTouchdownSpread_s}; }

StageTime wait_for_parcel(const CoreContext& context, UtcTime ready_at, UtcTime arrives_at, bool revised) {
  const double slack_s = seconds_between(ready_at, arrives_at);
  return waiting_for(revised ? StageTime{} : context.stages.kitchen.time(), slack_s);
}

std::vector<StageTime> stages_after_pickup(const CoreContext& context, StageTime wait, double leg_s) {
  return {wait, context.stages.loading.time(), context.stages.departure.time(), flying(leg_s),
          context.stages.release.time()};
}

Forecast forecast(const CoreContext& context, const FleetOutlook& outlook, const Order& order) {
  if (order.delivered_at) {
    const UtcTime at = *order.delivered_at;
    return {.pickup_eta = order.picked_up_at,
            .delivery = EtaDistribution{.eta = at, .p05 = at, .p10 = at, .p90 = at, .p95 = at},
            .cause = {}};
  }
  if (is_terminal(order.state) || order.state == OrderState::returning) {
    return {.pickup_eta = order.picked_up_at, .delivery = {}, .cause = {}};
  }
  const auto flight = context.state().flights.find(order.flight_id);
  Forecast moving = flight != context.state().flights.end()
                        ? forecast_in_flight(context, outlook, order, flight->second)
                        : forecast_waiting(context, outlook, order);
  return order.standstill ? forecast_standing(context, order, std::move(moving)) : moving;
}

UtcTime expected_free_at(const CoreContext& context, std::size_t drone,
                         const std::function<void(const SlotVisit&)>& on_visit) {
  const DroneLedger& ledger = context.drones.ledger(drone);
  const Flight* flight = context.drones.flight(drone);
  const double turnaround_s = context.stages.turnaround.time().mean_s;
  if (flight == nullptr) {
    if (!ledger.awaiting_swap) return context.now;
    const double home_s =
        ledger.home_since == UtcTime{} ? turnaround_s / 2.0 : seconds_between(ledger.home_since, context.now);
    return after(context.now, context.stages.turnaround.remaining(home_s).mean_s);
  }
  const double departure_s = context.stages.departure.time().mean_s;
  const std::vector<StageTime> rest = rest_of_leg(context, *flight);
  if (flight->phase == LegPhase::waiting || flight->phase == LegPhase::issued) {
    on_visit({.flight = flight, .spot = &flight->leg().from, .until_s = rest.front().mean_s});
  }
  const Leg* open_dropoff = flight->leg_to_open_dropoff();
  double left_s = sum_s(rest);
  for (std::size_t i = flight->leg_index; i < flight->legs.size(); ++i) {
    const Leg& leg = flight->legs[i];
    const double before_s = i > flight->leg_index ? left_s : 0.0;
    if (i > flight->leg_index) left_s += leg.duration_s + departure_s;
    if (leg.purpose == LegPurpose::pickup) left_s += context.stages.loading.time().mean_s;
    if (leg.purpose == LegPurpose::deliver) left_s += context.stages.release.time().mean_s;
    if (i + 1 == flight->legs.size()) break;
    const bool is_taken = &leg != open_dropoff;
    on_visit({.flight = flight,
              .spot = &leg.to,
              .from_s = is_taken ? 0.0 : before_s,
              .until_s = left_s + departure_s,
              .is_taken = is_taken});
  }
  return after(context.now, left_s + turnaround_s);
}

}  // namespace swiftlet::dispatch
