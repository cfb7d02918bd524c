#include "dispatch/core/recall.hpp"

#include <fmt/core.h>

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

std::vector<Spot> all_slots_to_come(const Flight& flight) {
  std::vector<Spot> spots = slots_ahead(flight);
  if (flight.reserved.contains(flight.leg().to.key())) spots.push_back(flight.leg().to);
  return spots;
}

Leg leg_home(const Flight& flight, const Spot& from) {
  const Leg& last = flight.legs.back();
  return {.purpose = flight.loaded ? LegPurpose::bring_back : LegPurpose::home,
          .from = from,
          .to = last.to,
          .payload_kg = flight.loaded ? flight.leg().payload_kg : 0.0,
          .duration_s = last.duration_s,
          .energy_wh = last.energy_wh};
}

/// What becomes of a flight that is rid of its order before the parcel is aboard.
void send_empty_flight_home(const Flight& flight, const std::string& cause, Records& records) {
  const LegPurpose purpose = flight.leg().purpose;
  if (flight.phase == LegPhase::waiting && flight.leg_index == 0) {
    records.push_back(FlightEnded{.flight_id = flight.flight_id, .cause = cause});
    return;
  }
  if (purpose == LegPurpose::home || purpose == LegPurpose::bring_back) return;  // it is on its way already
  records.push_back(FlightReplanned{.flight_id = flight.flight_id,
                                    .legs_ahead = {leg_home(flight, flight.leg().to)},
                                    .released = slots_ahead(flight)});
  if (flight.phase == LegPhase::landed) records.push_back(LegEnded{.flight_id = flight.flight_id});
}

}  // namespace

std::optional<Records> cancel_records(const DispatchState& state, const Order& order, const std::string& reason) {
  switch (order.state) {
    case OrderState::cancelled:
    case OrderState::returning:
    case OrderState::returned:
      return Records{};
    case OrderState::delivered:
    case OrderState::failed:
    case OrderState::diverted:
      return std::nullopt;
    default:
      break;
  }
  const auto found = state.flights.find(order.flight_id);
  const bool in_flight = found != state.flights.end();
  Records records;
  if (!in_flight || !found->second.loaded) {
    records.push_back(OrderMoved{.order_id = order.order_id, .to = OrderState::cancelled, .cause = reason});
    if (in_flight) send_empty_flight_home(found->second, "cancelled", records);
    return records;
  }
  records.push_back(OrderMoved{.order_id = order.order_id, .to = OrderState::returning, .cause = reason});
  // Not yet told to leave: the parcel goes home from here. Once told, the drone may be in the air before it hears
  // otherwise, so it is turned round there.
  if (found->second.phase == LegPhase::waiting) {
    for (RecordBody& record : turn_home_records(found->second, false)) records.push_back(std::move(record));
  }
  return records;
}

Expected<Records> records_to_cancel_now(const CoreContext& context, const Order& order, const std::string& reason) {
  auto records = cancel_records(context.state(), order, reason);
  if (!records) return fail(ErrorCode::too_late, fmt::format("the order is {}", name(order.state)), "order_id");
  const auto found = context.state().flights.find(order.flight_id);
  // What was cancelled before stays so, and is answered alike.
  if (records->empty() || found == context.state().flights.end()) return *records;
  const Flight& flight = found->second;
  const bool flies_out =
      flight.phase == LegPhase::flying && flight.loaded && flight.leg().purpose == LegPurpose::deliver;
  const DroneLive* live = context.fleet.find(flight.drone);
  const bool heard = live != nullptr && flies_out && live->progress.mission_no() == flight.mission->mission_no;
  if (heard && live->progress.is_landing(*flight.mission->route)) {
    return fail(ErrorCode::too_late, fmt::format("drone {} is landing with it at the drop-off", flight.drone),
                "order_id");
  }
  return *records;
}

Records give_up_records(const DispatchState& state, const Order& order, const std::string& cause) {
  const auto found = state.flights.find(order.flight_id);
  const OrderMoved failed{.order_id = order.order_id, .to = OrderState::failed, .cause = cause};
  if (found == state.flights.end()) return {failed};
  const Flight& flight = found->second;
  if (!flight.loaded) {
    if (flight.phase == LegPhase::flying && is_legal(order.state, OrderState::accepted)) {
      return give_back_records(state, flight, cause);
    }
    Records records{failed};
    send_empty_flight_home(flight, cause, records);
    return records;
  }
  const bool goes_out = flight.phase == LegPhase::waiting && flight.leg().purpose == LegPurpose::deliver;
  if (!goes_out || !is_legal(order.state, OrderState::returning)) return {failed};
  Records records{OrderMoved{.order_id = order.order_id, .to = OrderState::returning, .cause = cause}};
  for (RecordBody& record : turn_home_records(flight, false)) records.push_back(std::move(record));
  return records;
}

Records give_back_records(const DispatchState& state, const Flight& flight, const std::string& cause) {
  Records records;
  if (const Order* order = state.order_of(flight); order != nullptr && !is_terminal(order->state)) {
    records.push_back(OrderMoved{.order_id = order->order_id, .to = OrderState::accepted, .cause = cause});
    records.push_back(FlightEmptied{.flight_id = flight.flight_id});
  }
  send_empty_flight_home(flight, cause, records);
  return records;
}

Records turn_home_records(const Flight& flight, bool airborne) {
  Leg home = leg_home(flight, flight.leg().from);
  home.airborne_start = airborne;
  return {FlightReplanned{.flight_id = flight.flight_id, .legs_ahead = {home}, .released = all_slots_to_come(flight)},
          LegEnded{.flight_id = flight.flight_id}};
}

Records turn_aside_records(const Flight& flight, const Spot& to) {
  Leg aside = leg_home(flight, flight.leg().from);
  aside.purpose = LegPurpose::divert;
  aside.to = to;
  aside.airborne_start = true;
  std::vector<Spot> released = all_slots_to_come(flight);
  std::erase(released, to);
  return {
      FlightReplanned{.flight_id = flight.flight_id, .legs_ahead = {aside, leg_home(flight, to)}, .released = released},
      LegEnded{.flight_id = flight.flight_id}};
}

bool wants_recall(const DispatchState& state, const Flight& flight) {
  const Order* order = state.order_of(flight);
  return flight.phase == LegPhase::flying && flight.loaded && flight.leg().purpose == LegPurpose::deliver &&
         order != nullptr && order->state == OrderState::returning;
}

}  // namespace swiftlet::dispatch
