#include <algorithm>
#include <chrono>

#include "dispatch/core/invariant.hpp"
#include "dispatch/core/record.hpp"
#include "geo/content_hash.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr auto kKept = std::chrono::days(30);
constexpr auto kHeldUp = std::chrono::minutes(2);   // whoever has waited longer was kept down by something else
constexpr auto kQuoteKept = std::chrono::hours(1);  // after its end, so that it is known to have expired

Order& order_of(DispatchState& state, const std::string& order_id) {
  const auto found = state.orders.find(order_id);
  require(found != state.orders.end(), "the record's order exists", order_id);
  return found->second;
}

Flight& flight_of(DispatchState& state, const std::string& flight_id) {
  const auto found = state.flights.find(flight_id);
  require(found != state.flights.end(), "the record's flight exists", flight_id);
  return found->second;
}

void tell_merchant(DispatchState& state, const Order& order, UtcTime at, const std::string& cause) {
  MerchantLedger& ledger = state.merchants[order.merchant];
  ledger.events.push_back(
      {.seq = ++ledger.last_seq,
       .order_id = order.order_id,
       .client_order_id = order.client_order_id,
       .state = order.state,
       .at = at,
       .drone = order.drone,
       .cause = cause,
       .code = order.standstill ? order.standstill->code : std::string(),
       .refund = is_terminal(order.state) && order.refunded ? std::optional(order.fee) : std::nullopt});
}

void forget_steering(Flight& flight) {
  flight.steer = Steer::none;
  flight.steer_cause.clear();
  flight.steer_since = {};
  flight.steer_to.reset();
}

void forget_old(DispatchState& state, UtcTime now) {
  for (auto& [id, ledger] : state.merchants) {
    while (!ledger.events.empty() && ledger.events.front().at < now - kKept) ledger.events.pop_front();
  }
  std::erase_if(state.operator_commands, [&](const auto& entry) { return entry.second.at < now - kKept; });
  while (!state.order_by_number.empty()) {
    const auto oldest = state.order_by_number.begin();
    const Order& order = state.orders.at(oldest->second);
    // A flight that is still on its way home knows its order.
    const bool in_use = state.flights.contains(order.flight_id);
    if (!is_terminal(order.state) || in_use || order.history.back().at >= now - kKept) break;
    state.merchants[order.merchant].order_by_client_id.erase(order.client_order_id);
    state.orders.erase(oldest->second);
    state.order_by_number.erase(oldest);
  }
}

struct Applier {
  DispatchState& state;
  UtcTime at;

  void operator()(const ServiceStarted& r) const {
    require(r.epoch > state.epoch, "epochs rise", std::to_string(r.epoch));
    state.epoch = r.epoch;
    state.airspace_hash = r.airspace_hash;
    forget_old(state, at);
    std::erase_if(state.quotes, [&](const auto& entry) { return entry.second.expires_at + kQuoteKept < at; });
  }

  void operator()(const QuoteIssued& r) const {
    require(state.quotes.emplace(r.quote.quote_id, r.quote).second, "quote ids are new", r.quote.quote_id);
    ++state.last_quote_number;
    if (state.last_quote_number % 256 == 0) {
      std::erase_if(state.quotes, [&](const auto& entry) { return entry.second.expires_at + kQuoteKept < at; });
    }
  }

  void operator()(const OrderAccepted& r) const {
    auto& known = state.merchants[r.merchant].order_by_client_id;
    require(known.emplace(r.client_order_id, r.order_id).second, "a client_order_id names one order", r.order_id);
    if (!r.quote_id.empty()) {
      const auto quote = state.quotes.find(r.quote_id);
      require(quote != state.quotes.end() && quote->second.used_by.empty(), "the quote is unused", r.quote_id);
      quote->second.used_by = r.order_id;
    }
    const Order order{.order_id = r.order_id,
                      .number = ++state.last_order_number,
                      .merchant = r.merchant,
                      .client_order_id = r.client_order_id,
                      .request_hash = r.request_hash,
                      .wish = r.wish,
                      .priority = r.priority,
                      .said_ready_at = r.wish.ready_at.value_or(at),
                      .promise = r.promise,
                      .fee = r.fee,
                      .history = {{.state = OrderState::accepted, .at = at}}};
    require(state.orders.emplace(r.order_id, order).second, "order ids are new", r.order_id);
    state.order_by_number.emplace(order.number, r.order_id);
    state.waiting.emplace(order.ready_at(), order.number);
    state.merchants[r.merchant].live.insert(order.number);
    tell_merchant(state, order, at, "");
    if (order.number % 256 == 0) forget_old(state, at);
  }

  void operator()(const ReadinessChanged& r) const {
    Order& order = order_of(state, r.order_id);
    const bool waits = state.waiting.erase({order.ready_at(), order.number}) != 0;
    order.wish.ready_at = r.ready_at;
    if (waits) state.waiting.emplace(r.ready_at, order.number);
  }

  void operator()(const OrderMoved& r) const {
    Order& order = order_of(state, r.order_id);
    require(is_legal(order.state, r.to), "an order's step is legal",
            r.order_id + " from " + std::string(name(order.state)) + " to " + std::string(name(r.to)));
    if (order.state == OrderState::accepted) state.waiting.erase({order.ready_at(), order.number});
    if (r.to == OrderState::accepted) state.waiting.emplace(order.ready_at(), order.number);
    if (is_terminal(r.to)) state.merchants[order.merchant].live.erase(order.number);
    order.state = r.to;
    // Given up where nothing moved it, lost, or turned round on the way for the service's own reasons (a battery, a
    // closed pad, an operator): it has not done what it is paid for.
    const auto flight = state.flights.find(order.flight_id);
    const bool turned =
        flight != state.flights.end() && (flight->second.steer == Steer::home || flight->second.steer == Steer::divert);
    const bool turns_back = r.to == OrderState::returning || r.to == OrderState::diverted;
    if (r.to == OrderState::failed || (turns_back && (turned || order.standstill))) order.refunded = true;
    if (r.to == OrderState::delivered) order.refunded = false;
    // A release is told a moment after it was sensed: what follows from it happened then.
    const UtcTime when = order.delivered_at ? std::min(at, *order.delivered_at) : at;
    order.history.push_back({.state = r.to, .at = when, .cause = r.cause});
    if (r.to == OrderState::accepted) {
      order.flight_id.clear();
      order.drone.clear();
      order.picked_up_at.reset();
    }
    tell_merchant(state, order, when, r.cause);
  }

  void operator()(const OrderStalled& r) const {
    Order& order = order_of(state, r.order_id);
    require(!is_terminal(order.state), "what has ended stands still no more", r.order_id);
    const UtcTime since = order.standstill ? order.standstill->since : at;
    order.standstill = Standstill{.since = since, .cause = r.cause, .code = r.code, .what = r.what};
  }

  void operator()(const OrderResumed& r) const { order_of(state, r.order_id).standstill.reset(); }

  void operator()(const FlightAssigned& r) const {
    Order& order = order_of(state, r.order_id);
    DroneLedger& drone = state.drones[r.drone];
    require(order.state == OrderState::accepted && order.flight_id.empty(), "one drone an order", r.order_id);
    require(drone.flight_id.empty(), "one flight a drone", r.drone);
    require(!r.legs.empty(), "a flight has legs", r.flight_id);
    Flight flight{.flight_id = r.flight_id,
                  .order_id = r.order_id,
                  .drone = r.drone,
                  .legs = r.legs,
                  .phase_since = at,
                  .waiting_since = at,
                  .mission = {},
                  .reserved = {},
                  .why = r.why};
    for (const Spot& spot : r.reserved) {
      require(state.holder(spot.key()).empty(), "one holder a slot", spot.key());
      require(flight.reserved.emplace(spot.key(), spot).second, "a flight's slots differ", spot.key());
    }
    require(state.flights.emplace(r.flight_id, std::move(flight)).second, "flight ids are new", r.flight_id);
    ++state.last_flight_number;
    drone.flight_id = r.flight_id;
    order.flight_id = r.flight_id;
    order.drone = r.drone;
  }

  void operator()(const DropoffTaken& r) const {
    Flight& flight = flight_of(state, r.flight_id);
    require(flight.waits_for_dropoff(), "a flight that takes its drop-off waits for it", r.flight_id);
    require(!r.legs.empty() && r.legs.front().purpose == LegPurpose::deliver, "the way on leads to the drop-off",
            r.flight_id);
    const Spot& spot = r.legs.front().to;
    require(spot.pad == flight.leg().to.pad, "the slot is one of the drop-off's", spot.key());
    require(state.holder(spot.key()).empty(), "one holder a slot", spot.key());
    flight.legs.resize(flight.leg_index);
    flight.legs.insert(flight.legs.end(), r.legs.begin(), r.legs.end());
    flight.reserved.emplace(spot.key(), spot);
    flight.waiting_since = at;
  }

  void operator()(const FlightReplanned& r) const {
    Flight& flight = flight_of(state, r.flight_id);
    flight.legs.resize(flight.leg_index + 1);
    flight.legs.insert(flight.legs.end(), r.legs_ahead.begin(), r.legs_ahead.end());
    for (const Spot& spot : r.released) flight.reserved.erase(spot.key());
  }

  void operator()(const MissionIssued& r) const {
    Flight& flight = flight_of(state, r.flight_id);
    DroneLedger& drone = state.drones[flight.drone];
    require(r.mission_no > drone.mission_no, "mission numbers rise", flight.drone);
    const LegPurpose purpose = flight.leg().purpose;
    require(purpose == LegPurpose::home || purpose == LegPurpose::bring_back ||
                flight.reserved.contains(flight.leg().to.key()),
            "a mission goes to a slot that its flight holds", r.flight_id);
    drone.mission_no = r.mission_no;
    drone.command_verb.clear();  // a new mission is flown, whatever was said of the old one
    flight.mission = Mission{.mission_no = r.mission_no,
                             .route_hash = r.route_hash,
                             .route = r.read,
                             .unread = r.read ? "" : r.route,
                             .departed_at = {},
                             .traffic_delay_s = r.traffic_delay_s};
    // A leg that begins in the air is flown from the moment it is issued: there is no take-off to wait for.
    const bool in_the_air = flight.leg().airborne_start || flight.phase == LegPhase::flying;
    flight.phase = in_the_air ? LegPhase::flying : LegPhase::issued;
    if (in_the_air) {
      flight.mission->departed_at = at;
      forget_steering(flight);  // the new route is what it was waiting for
    }
    flight.phase_since = at;
    if (!flight.order_id.empty()) order_of(state, flight.order_id).standstill.reset();
  }

  void operator()(const LegEnded& r) const {
    Flight& flight = flight_of(state, r.flight_id);
    require(flight.leg_index + 1 < flight.legs.size(), "there is a next leg", r.flight_id);
    ++flight.leg_index;
    flight.phase = LegPhase::waiting;
    flight.phase_since = at;
    flight.waiting_since = at;
    flight.mission.reset();
  }

  void operator()(const FlightEnded& r) const {
    const Flight flight = flight_of(state, r.flight_id);
    DroneLedger& drone = state.drones[flight.drone];
    drone.flight_id.clear();
    drone.command_verb.clear();
    const bool left_start = flight.phase == LegPhase::flying || flight.phase == LegPhase::landed;
    drone.awaiting_swap = left_start || flight.leg_index > 0;
    drone.home_since = r.cause.empty() ? at : UtcTime{};
    const Spot& stands_on = left_start ? flight.leg().to : flight.leg().from;
    const bool landed_out = flight.steer == Steer::land && flight.phase == LegPhase::landed;
    if (!landed_out && flight.reserved.contains(stands_on.key())) drone.stranded_on = stands_on;
    state.flights.erase(r.flight_id);
  }

  void operator()(const DroneGreeted& r) const {
    DroneLedger& drone = state.drones[r.drone];
    drone.last_event_no = 0;
    if (!drone.flight_id.empty()) return;  // its mission is still on the way to it
    drone.awaiting_swap = false;
    drone.withdrawn.clear();
    drone.stranded_on.reset();
  }

  void operator()(const DroneReported& r) const {
    DroneLedger& drone = state.drones[r.drone];
    require(r.event_no > drone.last_event_no, "an event is taken once", r.drone);
    drone.last_event_no = r.event_no;
    if (r.kind == DroneEventKind::fault) drone.withdrawn = r.detail.empty() ? "fault" : r.detail;
    if (r.kind == DroneEventKind::swapped) {
      if (drone.awaiting_swap && drone.home_since != UtcTime{}) {
        state.learned.stages.turnaround.observe(seconds_between(drone.home_since, at));
      }
      drone.awaiting_swap = false;
      drone.withdrawn.clear();
      drone.stranded_on.reset();
    }
    if (!drone.flight_id.empty()) follow(state.flights.at(drone.flight_id), r);
  }

  void operator()(const CommandIssued& r) const {
    DroneLedger& drone = state.drones[r.drone];
    require(r.command_seq > drone.command_seq, "command numbers rise", r.drone);
    drone.command_seq = r.command_seq;
    drone.command_verb = r.verb;
  }

  void operator()(const FlightSteered& r) const {
    Flight& flight = flight_of(state, r.flight_id);
    if (flight.steer_to && flight.steer_to != r.to) flight.reserved.erase(flight.steer_to->key());
    if (r.to && !flight.reserved.contains(r.to->key())) {
      require(state.holder(r.to->key()).empty(), "one holder a slot", r.to->key());
      flight.reserved.emplace(r.to->key(), *r.to);
    }
    flight.steer = r.steer;
    flight.steer_cause = r.cause;
    flight.steer_since = at;
    flight.steer_to = r.to;
  }

  void operator()(const FlightEmptied& r) const {
    Flight& flight = flight_of(state, r.flight_id);
    require(!flight.loaded, "a flight with a parcel keeps its order", r.flight_id);
    require(flight.order_id.empty() || state.orders.at(flight.order_id).flight_id != r.flight_id,
            "the order has been given back", r.flight_id);
    flight.order_id.clear();
  }

  void operator()(const OrderPinned& r) const {
    Order& order = order_of(state, r.order_id);
    order.only_drone = r.only_drone;
    order.not_drone = r.not_drone;
  }

  void operator()(const DroneWithdrawn& r) const {
    DroneLedger& drone = state.drones[r.drone];
    (r.maintenance ? drone.maintenance : drone.withdrawn) = r.reason.empty() ? "operator" : r.reason;
  }

  void operator()(const DroneReinstated& r) const { state.drones[r.drone].maintenance.clear(); }

  void operator()(const PadGateMoved& r) const { move_gate(state.gates.closed_pads, r.pad, r.open, r.reason); }

  void operator()(const MerchantGateMoved& r) const {
    move_gate(state.gates.paused_merchants, r.merchant, r.open, r.reason);
  }

  void operator()(const DepartureGateMoved& r) const {
    const bool stopped = state.gates.departures_stopped();
    auto& gate = r.gate == DepartureGate::weather_hold ? state.gates.weather_hold : state.gates.ground_stop;
    gate = r.open ? std::nullopt : std::optional(r.reason);
    if (stopped && !state.gates.departures_stopped()) state.gates.departures_resumed_at = at;
  }

  void operator()(const AirspaceChanged& r) const {
    std::erase_if(state.zone_changes, [&](const ZoneChange& z) { return z.zone_id == r.zone.zone_id; });
    state.zone_changes.push_back(r.zone);
    state.airspace_hash = r.airspace_hash;
  }

  void operator()(const OperatorActed& r) const {
    const OperatorCommandDone done{.request_hash = r.request_hash, .at = at, .result = r.result};
    require(state.operator_commands.emplace(r.command_id, done).second, "a command is carried out once", r.command_id);
    state.audit_hash = content_hash(state.audit_hash + format_rfc3339(at) + serialise(r));
  }

  void operator()(const ForecastsJudged& r) const {
    for (const auto& [kind, error] : r.errors) {
      if (const auto known = forecast_kind(kind)) state.learned.errors[*known].observe(error);
    }
  }

  static void move_gate(std::map<std::string, std::string>& closed, const std::string& id, bool open,
                        const std::string& reason) {
    if (open) {
      closed.erase(id);
    } else {
      closed[id] = reason;
    }
  }

  /// Whether nothing but planner and link stood between being free to leave and leaving.
  [[nodiscard]] bool departed_freely(const Flight& flight) const {
    const auto& resumed_at = state.gates.departures_resumed_at;
    return flight.steer == Steer::none && !state.gates.departures_stopped() &&
           !(resumed_at && *resumed_at >= flight.waiting_since) && at - flight.waiting_since < kHeldUp;
  }

  void follow(Flight& flight, const DroneReported& r) const {
    Order* order = flight.order_id.empty() ? nullptr : &state.orders.at(flight.order_id);
    switch (r.kind) {
      case DroneEventKind::takeoff:
        if (flight.phase != LegPhase::issued) return;
        if (departed_freely(flight)) {
          state.learned.stages.departure.observe(std::max(seconds_between(flight.waiting_since, r.happened_at), 0.0));
        }
        flight.phase = LegPhase::flying;
        flight.mission->departed_at = r.happened_at;
        flight.reserved.erase(flight.leg().from.key());
        break;
      case DroneEventKind::landed:
        if (flight.phase != LegPhase::flying) return;
        flight.phase = LegPhase::landed;
        state.drones[r.drone].command_verb.clear();
        if (flight.steer != Steer::land) forget_steering(flight);
        if (flight.leg().purpose == LegPurpose::pickup && order != nullptr) order->picked_up_at = r.happened_at;
        break;
      case DroneEventKind::loaded:
        if (flight.leg().purpose == LegPurpose::pickup && flight.phase == LegPhase::landed && order != nullptr) {
          StageFilters& stages = state.learned.stages;
          stages.kitchen.observe(seconds_between(order->said_ready_at, order->ready_at()));
          stages.loading.observe(seconds_between(std::max(flight.phase_since, std::min(order->ready_at(), at)), at));
        }
        flight.loaded = true;
        return;
      case DroneEventKind::released:
        flight.loaded = false;
        if (flight.leg().purpose != LegPurpose::deliver || order == nullptr || stands_before_leg(flight)) return;
        if (flight.phase == LegPhase::landed) {
          state.learned.stages.release.observe(seconds_between(flight.phase_since, at));
        }
        if (const auto& expected = order->promise.expected) {
          state.learned.errors[expected->kind].observe(expected->error(r.happened_at));
        }
        order->delivered_at = r.happened_at;
        order->proof = DeliveryProof{.at = r.happened_at,
                                     .position = r.position,
                                     .pad = flight.leg().to.pad,
                                     .weight_change_kg = r.weight_change_kg};
        return;
      case DroneEventKind::swapped:
      case DroneEventKind::fault:
        return;
    }
    flight.phase_since = at;
  }
};

}  // namespace

void read_routes(DispatchState& state) {
  for (auto& [id, flight] : state.flights) {
    if (!flight.mission || flight.mission->route) continue;
    const auto route = planner::parse_route(flight.mission->unread);
    require(route.has_value(), "a mission's route can be read", id);
    flight.mission->route = std::make_shared<const planner::Route>(*route);
    flight.mission->unread.clear();
  }
}

void apply(DispatchState& state, const Record& record) {
  require(record.at >= state.last_at, "the journal's time never goes back", format_rfc3339(record.at));
  state.last_at = record.at;
  std::visit(Applier{.state = state, .at = record.at}, record.body);
}

}  // namespace swiftlet::dispatch
