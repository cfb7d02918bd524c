#include "dispatch/core/flight_desk.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "dispatch/core/recall.hpp"

namespace swiftlet::dispatch {
namespace {

/// An order counts as arriving in the last part of the flight to its drop-off.
constexpr double kArriving_s = 30.0;

}  // namespace

void FlightDesk::on_event(const std::string& drone, const DroneEvent& event) {
  const Flight* flight = context_.drones.flight(drone);
  if (event.kind == DroneEventKind::fault) {
    context_.notice(NoticeLevel::alarm, fmt::format("drone {} reports a fault: {}", drone, event.detail));
    if (flight != nullptr) on_flight_lost(drone, "fault");
    return;
  }
  if (flight == nullptr) return;
  const std::string flight_id = flight->flight_id;
  const std::string order_id = flight->order_id;
  const LegPurpose purpose = flight->leg().purpose;
  switch (event.kind) {
    case DroneEventKind::takeoff:
      if (flight->phase != LegPhase::flying) break;
      planning_[flight_id] = {};
      if (!carries_on(*flight)) break;
      if (purpose == LegPurpose::pickup) context_.move_order(order_id, OrderState::to_pickup);
      if (purpose == LegPurpose::deliver) context_.move_order(order_id, OrderState::airborne);
      break;
    case DroneEventKind::landed:
      if (flight->phase == LegPhase::landed) on_landed(flight_id);
      break;
    case DroneEventKind::loaded:
      if (purpose == LegPurpose::pickup && flight->phase == LegPhase::landed) {
        context_.commit(LegEnded{.flight_id = flight_id});
      }
      break;
    case DroneEventKind::released:
      // Somebody took the parcel off a drone that cannot leave with it.
      if (purpose == LegPurpose::bring_back && flight->phase == LegPhase::waiting && !order_id.empty() &&
          context_.state().orders.at(order_id).state == OrderState::returning) {
        context_.move_order(order_id, OrderState::returned);
      }
      if (purpose == LegPurpose::deliver && stands_before_leg(*flight)) {
        on_parcel_taken_off(*flight);
        break;
      }
      if (purpose != LegPurpose::deliver || order_id.empty()) break;
      if (is_terminal(context_.state().orders.at(order_id).state)) break;  // given up, and delivered all the same
      if (carries_on(*flight)) context_.move_order(order_id, OrderState::arriving);
      context_.move_order(order_id, OrderState::delivered);
      break;
    case DroneEventKind::swapped:
    case DroneEventKind::fault:
      break;
  }
  // The parcel is gone and the drone stands: it may go home.
  const Flight* now = context_.drones.flight(drone);
  if (now != nullptr && now->leg().purpose == LegPurpose::deliver && now->phase == LegPhase::landed && !now->loaded) {
    context_.commit(LegEnded{.flight_id = now->flight_id});
  }
}

void FlightDesk::on_parcel_taken_off(const Flight& flight) {
  const Order* order = context_.state().order_of(flight);
  if (order != nullptr && !is_terminal(order->state)) {
    const bool was_going_back = order->state == OrderState::returning;
    context_.notice(NoticeLevel::alarm, fmt::format("the parcel of order {} was taken off drone {} at its pick-up",
                                                    order->order_id, flight.drone));
    context_.move_order(order->order_id, was_going_back ? OrderState::returned : OrderState::failed, "operator");
  }
  // Once told to leave it may be on its way: then it comes home from the drop-off.
  if (flight.phase != LegPhase::waiting) return;
  for (RecordBody& record : turn_home_records(flight, false)) context_.commit(std::move(record));
}

bool FlightDesk::carries_on(const Flight& flight) const {
  const Order* order = context_.state().order_of(flight);
  return order != nullptr && !is_terminal(order->state) && order->state != OrderState::returning &&
         order->state != OrderState::diverted;
}

void FlightDesk::on_landed(const std::string& flight_id) {
  const Flight& flight = context_.state().flights.at(flight_id);
  if (flight.steer == Steer::land) return on_landed_out(flight);
  switch (flight.leg().purpose) {
    case LegPurpose::pickup:
      if (carries_on(flight)) {
        context_.move_order(flight.order_id, OrderState::loading);
      } else {
        context_.commit(LegEnded{.flight_id = flight_id});
      }
      break;
    case LegPurpose::bring_back:
      if (const Order* order = context_.state().order_of(flight); order != nullptr && !is_terminal(order->state)) {
        context_.move_order(order->order_id, OrderState::returned);
      }
      context_.commit(FlightEnded{.flight_id = flight_id, .cause = {}});
      break;
    case LegPurpose::home:
      context_.commit(FlightEnded{.flight_id = flight_id, .cause = {}});
      break;
    case LegPurpose::divert:
      context_.commit(LegEnded{.flight_id = flight_id});
      break;
    case LegPurpose::deliver:
      break;
  }
}

void FlightDesk::on_landed_out(const Flight& flight) {
  const std::string drone = flight.drone;
  context_.notice(NoticeLevel::alarm, fmt::format("drone {} has landed away from any pad", drone));
  on_flight_lost(drone, flight.steer_cause.empty() ? "operator" : flight.steer_cause);
  context_.commit(DroneWithdrawn{.drone = drone, .reason = "landed away from any pad", .maintenance = false});
}

void FlightDesk::on_telemetry(const std::string& drone, const Telemetry& telemetry) {
  const Flight* flight = context_.drones.flight(drone);
  if (flight == nullptr || flight->phase != LegPhase::flying || telemetry.mission_no != flight->mission->mission_no) {
    return;
  }
  DroneLive& live = context_.fleet.at(drone);
  const planner::Route& route = *flight->mission->route;
  if (live.progress.mission_no() != flight->mission->mission_no) {
    live.progress = RouteProgress(flight->mission->mission_no, *flight->mission->departed_at);
  }
  live.progress.observe(route, telemetry);
  const Order* order = context_.state().order_of(*flight);
  if (order != nullptr && flight->leg().purpose == LegPurpose::deliver && order->state == OrderState::airborne &&
      live.progress.remaining_s(route, context_.now) <= kArriving_s) {
    context_.move_order(flight->order_id, OrderState::arriving);
  }
}

void FlightDesk::on_mission_ack(const std::string& drone, const MissionAck& ack) {
  const Flight* flight = context_.drones.flight(drone);
  if (flight == nullptr || !flight->mission || flight->mission->mission_no != ack.mission_no) return;
  if (ack.accepted) {
    DroneLive& live = context_.fleet.at(drone);
    live.acked_mission_no = std::max(live.acked_mission_no, ack.mission_no);
    if (MissionPlanning& planning = planning_[flight->flight_id]; planning.overtaken) {
      planning.overtaken = false;  // it has it after all: no other is issued
      planning.job = 0;
    }
    return;
  }
  const DroneLive* known = context_.fleet.find(drone);
  // It has said so before it refused: what it refuses is the moment, not the mission.
  if (known != nullptr && known->is_off_control()) return;
  const bool had_it = known != nullptr && known->acked_mission_no >= ack.mission_no;
  if (had_it || planning_[flight->flight_id].rejected) return;
  planning_[flight->flight_id].rejected = true;
  mission_failed(flight->flight_id,
                 Error{.code = ErrorCode::internal,
                       .message = fmt::format("drone {} refuses mission {}: {}", drone, ack.mission_no, ack.reason)});
}

void FlightDesk::on_flight_lost(const std::string& drone, const std::string& cause) {
  const Flight* flight = context_.drones.flight(drone);
  if (flight == nullptr) return;
  const Order* order = context_.state().order_of(*flight);
  const bool loaded = flight->loaded;
  context_.commit(FlightEnded{.flight_id = flight->flight_id, .cause = cause});
  if (order == nullptr || is_terminal(order->state)) return;
  const bool parcel_gone = loaded || order->state == OrderState::returning || order->state == OrderState::diverted;
  context_.move_order(order->order_id, parcel_gone ? OrderState::failed : OrderState::accepted, cause);
}

void FlightDesk::give_up_pickup(const Flight& flight, const std::string& cause) {
  const std::string order_id = flight.order_id;
  context_.commit(FlightEnded{.flight_id = flight.flight_id, .cause = cause});
  if (!order_id.empty() && !is_terminal(context_.state().orders.at(order_id).state)) {
    context_.move_order(order_id, OrderState::accepted, cause);
  }
}

void FlightDesk::tick() {
  for (const TrafficAlert& alert : context_.air.follow(context_.state(), context_.fleet, context_.now)) report(alert);
  std::vector<std::string> flights;
  for (const auto& [id, flight] : context_.state().flights) flights.push_back(id);
  for (const std::string& id : flights) {
    const auto found = context_.state().flights.find(id);
    if (found == context_.state().flights.end()) continue;
    const Flight& flight = found->second;
    if (context_.is_off_control(flight.drone)) continue;
    const auto planning = planning_.find(id);
    const bool rejected = planning != planning_.end() && planning->second.rejected;
    const bool overtaken = !rejected && is_overtaken(flight);
    if (overtaken) planning_[id].overtaken = true;
    if (flight.phase == LegPhase::waiting || rejected || overtaken) plan_mission(flight);
    if (flight.phase == LegPhase::flying) steer(flight);
    if (flight.mission && flight.phase != LegPhase::landed && !rejected && !overtaken) send_mission(flight);
  }
  std::erase_if(planning_, [&](const auto& entry) { return !context_.state().flights.contains(entry.first); });
}

}  // namespace swiftlet::dispatch
