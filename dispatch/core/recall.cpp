#include "dispatch/core/recall.hpp"

namespace swiftlet::dispatch {
namespace {

/// The slots that a flight no longer goes to.
std::vector<Spot> slots_ahead(const Flight& flight) {
  std::vector<Spot> spots;
  for (std::size_t i = flight.leg_index + 1; i < flight.legs.size(); ++i) {
    const Spot& spot = flight.legs[i].to;
    if (flight.reserved.contains(spot.key())) spots.push_back(spot);
  }
  return spots;
}

Leg leg_home(const Flight& flight, const Spot& from, LegPurpose purpose) {
  const Leg& last = flight.legs.back();
  return {.purpose = purpose,
          .from = from,
          .to = last.to,
          .payload_kg = purpose == LegPurpose::bring_back ? flight.legs.at(flight.leg_index).payload_kg : 0.0,
          .duration_s = last.duration_s,
          .energy_wh = last.energy_wh};
}

void cancel_before_loading(CoreContext& context, const Order& order, const std::string& reason) {
  const std::string flight_id = order.flight_id;
  context.move_order(order.order_id, OrderState::cancelled, reason);
  const auto found = context.state().flights.find(flight_id);
  if (found == context.state().flights.end()) return;
  const Flight& flight = found->second;
  if (flight.phase == LegPhase::waiting) {
    context.commit(FlightEnded{.flight_id = flight_id, .cause = "cancelled"});
    return;
  }
  context.commit(FlightReplanned{.flight_id = flight_id,
                                 .legs_ahead = {leg_home(flight, flight.leg().to, LegPurpose::home)},
                                 .released = slots_ahead(flight)});
  if (flight.phase == LegPhase::landed) context.commit(LegEnded{.flight_id = flight_id});
}

}  // namespace

void turn_home(CoreContext& context, const Flight& flight, LegPurpose purpose, bool airborne) {
  Leg home = leg_home(flight, flight.leg().from, purpose);
  home.airborne_start = airborne;
  std::vector<Spot> released = slots_ahead(flight);
  if (flight.reserved.contains(flight.leg().to.key())) released.push_back(flight.leg().to);
  const std::string flight_id = flight.flight_id;
  context.commit(FlightReplanned{.flight_id = flight_id, .legs_ahead = {home}, .released = released});
  context.commit(LegEnded{.flight_id = flight_id});
}

bool cancel_order(CoreContext& context, const Order& order, const std::string& reason) {
  switch (order.state) {
    case OrderState::cancelled:
    case OrderState::returning:
    case OrderState::returned:
      return true;
    case OrderState::delivered:
    case OrderState::failed:
    case OrderState::diverted:
      return false;
    default:
      break;
  }
  const auto found = context.state().flights.find(order.flight_id);
  const bool aboard = found != context.state().flights.end() && found->second.loaded;
  if (!aboard) {
    cancel_before_loading(context, order, reason);
    return true;
  }
  context.move_order(order.order_id, OrderState::returning, reason);
  // Not yet told to leave: the parcel goes home from here. Once told, the drone may be in the air before it hears
  // otherwise, so it is turned round there.
  if (found->second.phase == LegPhase::waiting) turn_home(context, found->second, LegPurpose::bring_back, false);
  return true;
}

bool wants_recall(const CoreContext& context, const Flight& flight) {
  return flight.phase == LegPhase::flying && flight.loaded && flight.leg().purpose == LegPurpose::deliver &&
         context.state().orders.at(flight.order_id).state == OrderState::returning;
}

}  // namespace swiftlet::dispatch
