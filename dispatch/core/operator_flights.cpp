// What an operator's commands to flights and orders mean.
#include <fmt/core.h>

#include "dispatch/core/operator_decision.hpp"
#include "dispatch/core/operator_verbs.hpp"
#include "dispatch/core/recall.hpp"
#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {
namespace {

const std::string kCause = "operator";

OperatorDecision refused(ErrorCode code, std::string message, std::string where = "target") {
  return {.refusal = Error{.code = code, .message = std::move(message), .where = std::move(where)}};
}

/// By the flight's own id or its drone's.
const Flight* find_flight(const CoreContext& context, const std::string& target) {
  const auto found = context.state().flights.find(target);
  return found != context.state().flights.end() ? &found->second : context.drones.flight(target);
}

OperatorEffect on_order(const Order& order, OrderState to, std::string text) {
  return {.kind = "order",
          .id = order.order_id,
          .from = std::string(name(order.state)),
          .to = std::string(name(to)),
          .text = std::move(text),
          .merchant = order.merchant};
}

OperatorEffect on_flight(const Flight& flight, std::string_view to, std::string text) {
  return {
      .kind = "flight",
      .id = flight.flight_id,
      .from = flight.steer == Steer::none ? std::string(name(flight.leg().purpose)) : std::string(name(flight.steer)),
      .to = std::string(to),
      .text = std::move(text),
      .merchant = {}};
}

RecordBody steered(const Flight& flight, Steer steer, std::optional<Spot> to = {}) {
  return FlightSteered{.flight_id = flight.flight_id, .steer = steer, .cause = kCause, .to = std::move(to)};
}

OperatorDecision hold(const CoreContext& context, const Flight& flight) {
  if (flight.steer >= Steer::hold) return refused(ErrorCode::conflict, "it holds, or is told more than that, already");
  OperatorDecision decision{.records = {steered(flight, Steer::hold)}};
  const bool flying = flight.phase == LegPhase::flying;
  decision.effects.push_back(on_flight(flight, "hold",
                                       flying ? fmt::format("drone {} hovers where it is", flight.drone)
                                              : fmt::format("drone {} does not leave the ground", flight.drone)));
  const Order* order = context.state().order_of(flight);
  if (order == nullptr) return decision;
  if (flying && (order->state == OrderState::airborne || order->state == OrderState::arriving)) {
    decision.records.push_back(OrderMoved{.order_id = order->order_id, .to = OrderState::holding, .cause = kCause});
    decision.effects.push_back(on_order(*order, OrderState::holding, "arrives later by the time of the hold"));
  } else if (!is_terminal(order->state)) {
    decision.effects.push_back(on_order(*order, order->state, "is later by the time of the hold"));
  }
  return decision;
}

OperatorDecision resume(const CoreContext& context, const Flight& flight) {
  if (flight.steer != Steer::hold) return refused(ErrorCode::conflict, "it does not hold: there is nothing to resume");
  OperatorDecision decision{.records = {steered(flight, Steer::none)}};
  decision.effects.push_back(
      on_flight(flight, name(flight.leg().purpose), fmt::format("drone {} goes on", flight.drone)));
  const Order* order = context.state().order_of(flight);
  if (order != nullptr && order->state == OrderState::holding) {
    decision.records.push_back(OrderMoved{.order_id = order->order_id, .to = OrderState::airborne, .cause = kCause});
    decision.effects.push_back(on_order(*order, OrderState::airborne, "is on its way again"));
  }
  return decision;
}

/// The order's part in turning a flight round; the flight's own is the caller's.
void take_off_order(const CoreContext& context, const Flight& flight, OperatorDecision& decision) {
  const Order* order = context.state().order_of(flight);
  if (order == nullptr || is_terminal(order->state)) return;
  if (flight.loaded) {
    if (order->state == OrderState::returning) return;
    decision.effects.push_back(on_order(*order, OrderState::returning, "its parcel comes back"));
  } else {
    decision.effects.push_back(on_order(*order, OrderState::accepted, "waits for another drone"));
  }
}

OperatorDecision return_home(const CoreContext& context, const Flight& flight) {
  const LegPurpose purpose = flight.leg().purpose;
  if (purpose == LegPurpose::home || purpose == LegPurpose::bring_back) {
    return refused(ErrorCode::conflict, "it is on its way home already");
  }
  OperatorDecision decision;
  take_off_order(context, flight, decision);
  if (flight.phase == LegPhase::flying || flight.phase == LegPhase::issued) {
    decision.records.push_back(steered(flight, Steer::home));
    decision.effects.push_back(
        on_flight(flight, "home", fmt::format("drone {} holds, then flies home on a new proven route", flight.drone)));
    return decision;
  }
  if (!flight.loaded) {
    decision.records = give_back_records(context.state(), flight, kCause);
  } else {
    if (const Order* order = context.state().order_of(flight); order != nullptr && !is_terminal(order->state)) {
      decision.records = *cancel_records(context.state(), *order, kCause);
    }
  }
  decision.effects.push_back(on_flight(flight, "home", fmt::format("drone {} goes home from here", flight.drone)));
  return decision;
}

OperatorDecision land(const CoreContext& context, const Flight& flight) {
  if (flight.phase != LegPhase::flying) return refused(ErrorCode::conflict, "it is not in the air");
  OperatorDecision decision{.records = {steered(flight, Steer::land)}};
  decision.effects.push_back(on_flight(
      flight, "land", fmt::format("drone {} comes straight down where it is: not on a proven route", flight.drone)));
  decision.effects.push_back({.kind = "drone",
                              .id = flight.drone,
                              .from = "in_service",
                              .to = "withdrawn",
                              .text = "has to be fetched",
                              .merchant = {}});
  const Order* order = context.state().order_of(flight);
  if (order != nullptr && !is_terminal(order->state)) {
    decision.effects.push_back(flight.loaded ? on_order(*order, OrderState::failed, "its parcel lands with the drone")
                                             : on_order(*order, OrderState::accepted, "waits for another drone"));
  }
  return decision;
}

OperatorDecision divert(const CoreContext& context, const Flight& flight, const std::string& pad) {
  if (flight.phase != LegPhase::flying) return refused(ErrorCode::conflict, "it is not in the air");
  if (context.index.find_pad(pad) == nullptr) {
    return refused(ErrorCode::not_found, fmt::format("no pad \"{}\"", pad), "args.pad");
  }
  if (context.state().gates.closed_pads.contains(pad)) {
    return refused(ErrorCode::pad_closed, fmt::format("pad {} is closed", pad), "args.pad");
  }
  const auto slot = free_spot(context, Stop{.pad = pad, .at = {}});
  if (!slot) return refused(ErrorCode::pad_full, fmt::format("no slot of pad {} is free", pad), "args.pad");
  OperatorDecision decision{.records = {steered(flight, Steer::divert, *slot)}};
  decision.effects.push_back(
      on_flight(flight, "divert",
                fmt::format("drone {} holds, then flies to {} and home from there", flight.drone, slot->key())));
  decision.effects.push_back({.kind = "pad",
                              .id = pad,
                              .from = "free",
                              .to = "taken",
                              .text = fmt::format("slot {} is kept for drone {}", slot->slot, flight.drone),
                              .merchant = {}});
  const Order* order = context.state().order_of(flight);
  if (order != nullptr && !is_terminal(order->state)) {
    decision.effects.push_back(flight.loaded
                                   ? on_order(*order, OrderState::diverted, "lands elsewhere, then comes back")
                                   : on_order(*order, OrderState::accepted, "waits for another drone"));
  }
  return decision;
}

OperatorDecision reassign(const CoreContext& context, const Order& order, const std::string& to_drone) {
  if (is_terminal(order.state)) {
    return refused(ErrorCode::too_late, fmt::format("the order is {}", name(order.state)));
  }
  if (!to_drone.empty() && context.index.find_drone(to_drone) == nullptr) {
    return refused(ErrorCode::not_found, fmt::format("no drone \"{}\"", to_drone), "args.drone");
  }
  if (!to_drone.empty() && to_drone == order.drone) {
    return refused(ErrorCode::conflict, "that drone has it already", "args.drone");
  }
  OperatorDecision decision;
  const auto found = context.state().flights.find(order.flight_id);
  if (found != context.state().flights.end()) {
    const Flight& flight = found->second;
    if (flight.loaded) return refused(ErrorCode::too_late, "the parcel is aboard: recall it or let it be delivered");
    if (flight.phase == LegPhase::issued && flight.leg_index == 0) {
      return refused(ErrorCode::conflict, "the drone takes off at this moment: ask again in a few seconds");
    }
    decision.records = give_back_records(context.state(), flight, "reassigned");
    decision.effects.push_back(on_flight(flight, "home", fmt::format("drone {} goes home without it", flight.drone)));
  }
  decision.records.push_back(OrderPinned{
      .order_id = order.order_id, .only_drone = to_drone, .not_drone = to_drone.empty() ? order.drone : ""});
  decision.effects.push_back(on_order(
      order, OrderState::accepted,
      to_drone.empty() ? "waits for another drone" : fmt::format("waits for drone {} and no other", to_drone)));
  return decision;
}

OperatorDecision cancel(const CoreContext& context, const Order& order, bool only_if_aboard) {
  const auto found = context.state().flights.find(order.flight_id);
  const bool aboard = found != context.state().flights.end() && found->second.loaded;
  if (only_if_aboard && !aboard) {
    return refused(is_terminal(order.state) ? ErrorCode::too_late : ErrorCode::conflict,
                   "its parcel is not aboard a drone: there is nothing to recall");
  }
  auto records = records_to_cancel_now(context, order, kCause);
  if (!records) return refused(records.error().code, records.error().message);
  OperatorDecision decision{.records = std::move(*records)};
  decision.effects.push_back(aboard ? on_order(order, OrderState::returning, "its parcel comes back")
                                    : on_order(order, OrderState::cancelled, "is not flown"));
  if (found != context.state().flights.end()) {
    decision.effects.push_back(on_flight(found->second, "home", fmt::format("drone {} goes home", order.drone)));
  }
  return decision;
}

}  // namespace

OperatorDecision decide_for_flight(const CoreContext& context, const OperatorCommand& command) {
  const Flight* flight = find_flight(context, command.target);
  if (flight == nullptr) {
    return context.index.find_drone(command.target) != nullptr
               ? refused(ErrorCode::conflict, fmt::format("drone {} is on no flight", command.target))
               : refused(ErrorCode::not_found, fmt::format("no flight or drone \"{}\"", command.target));
  }
  if (flight->steer == Steer::land)
    return refused(ErrorCode::conflict, "it is coming down already: that is not undone");
  if (context.is_off_control(flight->drone)) {
    return refused(ErrorCode::conflict,
                   fmt::format("drone {} is in the hands of its pilot or a failsafe: it can be told "
                               "nothing until it is given back",
                               flight->drone));
  }
  switch (command.verb) {
    case OperatorVerb::hold:
      return hold(context, *flight);
    case OperatorVerb::resume:
      return resume(context, *flight);
    case OperatorVerb::return_home:
      return return_home(context, *flight);
    case OperatorVerb::land:
      return land(context, *flight);
    default:
      return divert(context, *flight, command.args.pad);
  }
}

OperatorDecision decide_for_order(const CoreContext& context, const OperatorCommand& command) {
  const auto order = context.state().orders.find(command.target);
  if (order == context.state().orders.end()) {
    return refused(ErrorCode::not_found, fmt::format("no order \"{}\"", command.target));
  }
  if (command.verb == OperatorVerb::erase_note) {
    OperatorDecision decision;
    decision.effects.push_back(on_order(order->second, order->second.state, "its personal data is erased"));
    return decision;
  }
  if (command.verb == OperatorVerb::reassign) return reassign(context, order->second, command.args.drone);
  return cancel(context, order->second, command.verb == OperatorVerb::recall);
}

}  // namespace swiftlet::dispatch
