// What of the flight desk has to do with flights that are told something beside their mission.
#include <fmt/core.h>

#include "dispatch/core/contingency.hpp"
#include "dispatch/core/flight_desk.hpp"
#include "dispatch/core/recall.hpp"
#include "dispatch/protocol/envelope.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr double kResend_wall_s = 1.0;
/// A refused command is given anew, as another one, after this long.
constexpr double kAgain_wall_s = 2.0;

/// Slow enough to be planned for as standing still.
constexpr double kHovering_m_s = 1.5;

std::string verb_for(Steer steer) {
  switch (steer) {
    case Steer::none:
      return "resume";
    case Steer::land:
      return "land";
    case Steer::hold:
    case Steer::reroute:
    case Steer::home:
    case Steer::divert:
      break;
  }
  return "hold";
}

}  // namespace

Steer FlightDesk::wanted_steer(const Flight& flight) const {
  if (flight.phase != LegPhase::flying) return Steer::none;
  const auto planning = planning_.find(flight.flight_id);
  const bool given_up = planning != planning_.end() && planning->second.recall_given_up;
  const bool recalled = wants_recall(context_.state(), flight) && !given_up;
  return recalled ? std::max(flight.steer, Steer::home) : flight.steer;
}

bool FlightDesk::may_land_ahead(const Flight& flight, const DroneLive& live) const {
  if (flight.steer == Steer::none) return true;  // recalled: nothing is wrong with it
  // At a pick-up it would load and fly on; and where an operator sends it elsewhere, it may be for what is down there.
  const bool by_operator = flight.steer == Steer::divert && flight.steer_cause == "operator";
  if (flight.leg().purpose == LegPurpose::pickup || by_operator) return false;
  const bool by_pad = context_.state().gates.closed_pads.contains(flight.leg().to.pad);
  const bool for_itself = flight.steer_cause == "battery" || flight.steer_cause == "operator";
  const bool elsewhere = flight.steer == Steer::home || flight.steer == Steer::divert;
  return elsewhere && for_itself && !by_pad && !live.off_route_since;
}

std::optional<bool> FlightDesk::is_in_column(const Flight& flight) const {
  if (flight.phase != LegPhase::flying) return false;
  const DroneLive* live = context_.fleet.find(flight.drone);
  // Given back it stands in the air wherever it is, and does not go on by itself.
  if (live != nullptr && live->telemetry && live->telemetry->control == ControlState::given_back) return false;
  const planner::Route& route = *flight.mission->route;
  const bool heard = live != nullptr && live->progress.mission_no() == flight.mission->mission_no;
  if (!heard) return RouteProgress().is_rising(route) ? std::nullopt : std::optional(false);
  return live->progress.is_rising(route) || (may_land_ahead(flight, *live) && live->progress.is_landing(route));
}

void FlightDesk::steer(const Flight& flight) {
  const Steer wanted = wanted_steer(flight);
  const bool turns = wanted == Steer::reroute || wanted == Steer::home || wanted == Steer::divert;
  const std::optional<bool> in_column = turns ? is_in_column(flight) : false;
  // What it was told last stands until its telemetry says where it is.
  if (!in_column) return resend_command(flight);
  const std::string verb = verb_for(*in_column ? Steer::none : wanted);
  const DroneLedger& ledger = context_.drones.ledger(flight.drone);
  // A drone that was never told anything flies its mission.
  const std::string standing = ledger.command_verb.empty() ? "resume" : ledger.command_verb;
  const DroneLive* live = context_.fleet.find(flight.drone);
  if (standing != verb) {
    command(flight.drone, verb);
  } else if (ledger.command_verb.empty()) {
    return;
  } else if (live != nullptr && live->refused_command_seq == ledger.command_seq &&
             context_.now >= live->command_sent_at + context_.fleet.wall(kAgain_wall_s)) {
    command(flight.drone, verb);
  }
  resend_command(flight);
  if (turns && !*in_column) plan_from_hover(flight, wanted);
}

void FlightDesk::resend_command(const Flight& flight) {
  const DroneLive* live = context_.fleet.find(flight.drone);
  const DroneLedger& ledger = context_.drones.ledger(flight.drone);
  if (live == nullptr || live->connection == 0 || live->acked_command_seq >= ledger.command_seq) return;
  if (context_.now < live->command_sent_at + context_.fleet.wall(kResend_wall_s)) return;
  context_.fleet.at(flight.drone).command_sent_at = context_.now;
  context_.effects.to_drones.push_back({live->connection, message("command", {{"epoch", context_.state().epoch},
                                                                              {"command_seq", ledger.command_seq},
                                                                              {"verb", ledger.command_verb}})});
}

void FlightDesk::plan_from_hover(const Flight& flight, Steer wanted) {
  const DroneLive* live = context_.fleet.find(flight.drone);
  const DroneLedger& ledger = context_.drones.ledger(flight.drone);
  if (live == nullptr || !live->telemetry || live->acked_command_seq < ledger.command_seq ||
      live->refused_command_seq == ledger.command_seq || live->telemetry->speed_m_s() > kHovering_m_s) {
    return;
  }
  const Spot to = wanted == Steer::reroute  ? flight.leg().to
                  : wanted == Steer::divert ? flight.steer_to.value()
                                            : flight.legs.back().to;
  const planner::AirbornePoint here{.at = live->telemetry->position};
  const double payload_kg = flight.loaded ? flight.leg().payload_kg : 0.0;
  ask(flight, fmt::format("{}.{}", flight.flight_id, name(wanted)), here, to, payload_kg);
}

void FlightDesk::steer_otherwise(const Flight& flight) {
  FlightSteered next{.flight_id = flight.flight_id, .steer = Steer::none, .cause = flight.steer_cause, .to = {}};
  const bool goes_home = flight.leg().purpose == LegPurpose::home || flight.leg().purpose == LegPurpose::bring_back;
  if (flight.steer == Steer::reroute && !goes_home) {
    next.steer = Steer::home;
  } else if (flight.steer == Steer::reroute || flight.steer == Steer::home) {
    next.to = alternate_for(context_, flight);
    if (next.to) next.steer = Steer::divert;
  }
  if (next.steer == Steer::none) {
    context_.notice(NoticeLevel::alarm,
                    fmt::format("flight {}: no proven way on from where drone {} hovers; an operator has to decide",
                                flight.flight_id, flight.drone));
    return;
  }
  context_.notice(NoticeLevel::alarm, fmt::format("flight {}: {} instead", flight.flight_id, name(next.steer)));
  context_.commit(next);
}

void FlightDesk::turn(const Flight& flight, Steer wanted) {
  const std::string order_id = flight.order_id;
  const bool loaded = flight.loaded;
  const std::string cause = flight.steer_cause;
  Records records;
  if (wanted == Steer::home) records = turn_home_records(flight, true);
  if (wanted == Steer::divert) records = turn_aside_records(flight, flight.steer_to.value());
  if (wanted == Steer::reroute || records.empty()) return;
  if (!order_id.empty() && !is_terminal(context_.state().orders.at(order_id).state)) {
    const OrderState now = context_.state().orders.at(order_id).state;
    if (!loaded) {
      context_.move_order(order_id, OrderState::accepted, cause);
      context_.commit(FlightEmptied{.flight_id = flight.flight_id});
    } else if (now != OrderState::returning && now != OrderState::diverted) {
      context_.move_order(order_id, wanted == Steer::divert ? OrderState::diverted : OrderState::returning, cause);
    }
  }
  for (RecordBody& record : records) context_.commit(std::move(record));
}

void FlightDesk::command(const std::string& drone, const std::string& verb) {
  context_.commit(
      CommandIssued{.drone = drone, .command_seq = context_.drones.ledger(drone).command_seq + 1, .verb = verb});
  context_.fleet.at(drone).command_sent_at = {};
}

}  // namespace swiftlet::dispatch
