#include "dispatch/core/operator_decision.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "dispatch/core/operator_verbs.hpp"
#include "dispatch/core/recall.hpp"

namespace swiftlet::dispatch {
namespace {

OperatorDecision refused(ErrorCode code, std::string message) {
  return {.refusal = Error{.code = code, .message = std::move(message), .where = "target"}};
}

OperatorEffect effect(std::string kind, std::string id, std::string from, std::string to, std::string text) {
  return {.kind = std::move(kind),
          .id = std::move(id),
          .from = std::move(from),
          .to = std::move(to),
          .text = std::move(text),
          .merchant = {}};
}

OperatorEffect on_waiting(const Order& order, std::string text) {
  const std::string state(name(order.state));
  return {.kind = "order",
          .id = order.order_id,
          .from = state,
          .to = state,
          .text = std::move(text),
          .merchant = order.merchant};
}

bool stops_at(const Order& order, const std::string& pad) {
  return order.wish.pickup.pad == pad || order.wish.dropoff.pad == pad;
}

void tell_of_waiting(const CoreContext& context, const std::function<bool(const Order&)>& wanted,
                     const std::string& text, OperatorDecision& decision) {
  for (const auto& [number, id] : context.state().order_by_number) {
    const Order& order = context.state().orders.at(id);
    if (order.state == OrderState::accepted && wanted(order)) decision.effects.push_back(on_waiting(order, text));
  }
}

/// Flights that have not left for their pick-up give their orders back; who flies to the pad is told by the
/// contingency rules to hold, and then to go elsewhere.
void close_pad(const CoreContext& context, const std::string& pad, OperatorDecision& decision) {
  for (const auto& [id, flight] : context.state().flights) {
    const bool at_home = flight.leg_index == 0 && flight.phase == LegPhase::waiting;
    const bool stops = std::any_of(flight.legs.begin() + static_cast<std::ptrdiff_t>(flight.leg_index),
                                   flight.legs.end(), [&](const Leg& leg) { return leg.to.pad == pad; });
    const Order* order = context.state().order_of(flight);
    if (!stops) continue;
    if (at_home && order != nullptr && !is_terminal(order->state)) {
      for (RecordBody& record : give_back_records(context.state(), flight, "pad_queue")) {
        decision.records.push_back(std::move(record));
      }
      decision.effects.push_back(effect("flight", id, "pickup", "ended", "has not left: its order waits"));
    } else {
      const bool flies_there = flight.phase == LegPhase::flying && flight.leg().to.pad == pad;
      decision.effects.push_back(effect(
          "flight", id, std::string(name(flight.leg().purpose)), flies_there ? "hold" : "",
          flies_there ? "holds for a minute, then lands elsewhere or comes home" : "cannot land there later on"));
    }
    if (order != nullptr) decision.effects.push_back(on_waiting(*order, "is later, or comes back"));
  }
  tell_of_waiting(
      context, [&](const Order& order) { return stops_at(order, pad); }, "waits until the pad opens", decision);
}

OperatorDecision decide_for_pad(const CoreContext& context, const OperatorCommand& command) {
  const std::string& pad = command.target;
  if (context.index.find_pad(pad) == nullptr) return refused(ErrorCode::not_found, fmt::format("no pad \"{}\"", pad));
  const bool open = command.verb == OperatorVerb::open_pad;
  if (context.state().gates.closed_pads.contains(pad) != open) {
    return refused(ErrorCode::conflict, fmt::format("pad {} is {} already", pad, open ? "open" : "closed"));
  }
  OperatorDecision decision;
  decision.records.push_back(PadGateMoved{.pad = pad, .open = open, .reason = command.args.reason});
  decision.effects.push_back(effect("pad", pad, open ? "closed" : "open", open ? "open" : "closed",
                                    open ? "takes flights again" : "takes no more flights"));
  if (open) {
    tell_of_waiting(
        context, [&](const Order& order) { return stops_at(order, pad); }, "may be flown again", decision);
  } else {
    close_pad(context, pad, decision);
  }
  return decision;
}

OperatorDecision decide_for_merchant(const CoreContext& context, const OperatorCommand& command) {
  const std::string& merchant = command.target;
  const auto& known = context.config.merchants;
  if (std::find(known.begin(), known.end(), merchant) == known.end() && !context.state().merchants.contains(merchant)) {
    return refused(ErrorCode::not_found, fmt::format("no merchant \"{}\"", merchant));
  }
  const bool open = command.verb == OperatorVerb::resume_merchant;
  if (context.state().gates.paused_merchants.contains(merchant) != open) {
    return refused(ErrorCode::conflict,
                   fmt::format("merchant {} is {} already", merchant, open ? "not paused" : "paused"));
  }
  OperatorDecision decision;
  decision.records.push_back(MerchantGateMoved{.merchant = merchant, .open = open, .reason = command.args.reason});
  decision.effects.push_back(effect("merchant", merchant, open ? "paused" : "active", open ? "active" : "paused",
                                    open ? "may order again" : "new quotes and orders are refused; others are flown"));
  return decision;
}

OperatorDecision decide_for_departures(const CoreContext& context, const OperatorCommand& command) {
  using enum OperatorVerb;
  const bool weather = command.verb == weather_hold || command.verb == weather_clear;
  const bool open = command.verb == weather_clear || command.verb == ground_resume;
  const Gates& gates = context.state().gates;
  const bool is_open = !(weather ? gates.weather_hold : gates.ground_stop).has_value();
  if (is_open == open) return refused(ErrorCode::conflict, open ? "departures go on already" : "is in force already");
  OperatorDecision decision;
  decision.records.push_back(
      DepartureGateMoved{.gate = weather ? DepartureGate::weather_hold : DepartureGate::ground_stop,
                         .open = open,
                         .reason = command.args.reason});
  const std::string stopped = weather ? "weather_hold" : "ground_stop";
  decision.effects.push_back(
      effect("service", "", open ? stopped : "open", open ? "open" : stopped,
             open ? "departures are let go one by one" : "nobody takes off; who is in the air flies on"));
  for (const auto& [id, flight] : context.state().flights) {
    if (flight.phase == LegPhase::flying) continue;
    const std::string purpose(name(flight.leg().purpose));
    decision.effects.push_back(
        effect("flight", id, purpose, purpose, open ? "may leave" : "does not leave the ground"));
    if (const Order* order = context.state().order_of(flight); order != nullptr && !is_terminal(order->state)) {
      decision.effects.push_back(on_waiting(*order, open ? "goes on" : "is later by the time of the stop"));
    }
  }
  tell_of_waiting(
      context, [](const Order&) { return true; }, open ? "may be flown again" : "waits", decision);
  return decision;
}

OperatorDecision decide_for_zone(const CoreContext& context, const OperatorCommand& command) {
  const OperatorArguments& args = command.args;
  const bool insert = command.verb == OperatorVerb::insert_zone;
  if (args.airspace_hash.empty() || (insert && !args.zone)) {
    return refused(ErrorCode::internal, "the zone has not been placed in the airspace");
  }
  OperatorDecision decision;
  decision.records.push_back(
      AirspaceChanged{.zone = {.zone_id = command.target, .published = insert ? args.zone->published : ""},
                      .airspace_hash = args.airspace_hash});
  decision.effects.push_back(effect("zone", command.target, insert ? "absent" : "in_force",
                                    insert ? "in_force" : "absent",
                                    insert ? "binds every new route at once" : "binds no route any more"));
  if (!insert) return decision;
  for (const std::string& id : flights_through(context, *args.zone)) {
    const Flight& flight = context.state().flights.at(id);
    // One whose mission is under way to the drone takes off with it, and turns then.
    if ((flight.phase == LegPhase::flying || flight.phase == LegPhase::issued) && flight.steer < Steer::reroute) {
      decision.records.push_back(
          FlightSteered{.flight_id = id, .steer = Steer::reroute, .cause = "zone", .to = std::nullopt});
    }
    decision.effects.push_back(effect("flight", id, std::string(name(flight.leg().purpose)), "reroute",
                                      "leads through the zone: holds and is planned anew"));
    if (const Order* order = context.state().order_of(flight); order != nullptr && !is_terminal(order->state)) {
      decision.effects.push_back(on_waiting(*order, "is later, or comes back"));
    }
  }
  return decision;
}

OperatorDecision decide_for_drone(const CoreContext& context, const OperatorCommand& command) {
  const std::string& drone = command.target;
  if (context.index.find_drone(drone) == nullptr) {
    return refused(ErrorCode::not_found, fmt::format("no drone \"{}\"", drone));
  }
  const bool open = command.verb == OperatorVerb::reinstate_drone;
  if (context.drones.ledger(drone).maintenance.empty() == open) {
    return refused(ErrorCode::conflict,
                   fmt::format("drone {} is {} already", drone, open ? "in service" : "withdrawn"));
  }
  OperatorDecision decision;
  if (open) {
    decision.records.push_back(DroneReinstated{.drone = drone});
  } else {
    decision.records.push_back(DroneWithdrawn{.drone = drone, .reason = command.args.reason, .maintenance = true});
  }
  decision.effects.push_back(effect("drone", drone, open ? "withdrawn" : "in_service",
                                    open ? "in_service" : "withdrawn",
                                    open ? "may be given work" : "gets no more work; what it flies it finishes"));
  return decision;
}

}  // namespace

OperatorDecision decide(const CoreContext& context, const OperatorCommand& command) {
  using enum OperatorVerb;
  switch (command.verb) {
    case hold:
    case resume:
    case return_home:
    case land:
    case divert:
      return decide_for_flight(context, command);
    case reassign:
    case cancel:
    case recall:
    case erase_note:
      return decide_for_order(context, command);
    case close_pad:
    case open_pad:
      return decide_for_pad(context, command);
    case pause_merchant:
    case resume_merchant:
      return decide_for_merchant(context, command);
    case weather_hold:
    case weather_clear:
    case ground_stop:
    case ground_resume:
      return decide_for_departures(context, command);
    case insert_zone:
    case remove_zone:
      return decide_for_zone(context, command);
    case withdraw_drone:
    case reinstate_drone:
      break;
  }
  return decide_for_drone(context, command);
}

}  // namespace swiftlet::dispatch
