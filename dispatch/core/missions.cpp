// What of the flight desk has to do with routes on their way from the planner to the drone.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "dispatch/core/flight_desk.hpp"
#include "dispatch/core/invariant.hpp"
#include "dispatch/core/obstacle.hpp"
#include "dispatch/core/recall.hpp"
#include "dispatch/protocol/envelope.hpp"
#include "dispatch/protocol/strict_json.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr double kRetry_s = 10.0;
constexpr int kPickupAttempts = 3;
constexpr double kResend_wall_s = 1.0;
/// So long after its departure a mission that nobody has taken is sent no more.
constexpr double kLatest_wall_s = 30.0;

constexpr int kRecallAttempts = 3;
constexpr int kSteerAttempts = 2;

/// After a stop, departures are let go one by one for a while.
constexpr auto kStaged = std::chrono::minutes(2);
constexpr auto kStagedApart = std::chrono::seconds(5);

/// Whether it is the way between two places that there is not, whoever flies it.
bool is_of_the_way(const Error& error) {
  using enum ErrorCode;
  return error.code == wind_too_strong || error.code == no_fly_zone || error.code == unreachable;
}

std::string frame_of(const CoreContext& context, const Flight& flight, std::string_view route, const Mission& mission) {
  const Leg& leg = flight.leg();
  const Order* order = context.state().order_of(flight);
  json body{{"epoch", context.state().epoch},   {"mission_no", mission.mission_no},
            {"flight_id", flight.flight_id},    {"route", nullptr},
            {"route_hash", mission.route_hash}, {"contingencies", json::array()},
            {"purpose", name(leg.purpose)},     {"payload_kg", leg.payload_kg}};
  if (leg.purpose == LegPurpose::pickup && order != nullptr && !is_terminal(order->state)) {
    body["ready_at"] = format_rfc3339(order->ready_at());
    body["parcel_kg"] = order->wish.parcel.mass_kg;
  }
  std::string frame = to_wire({{"v", kProtocolVersion},
                               {"type", "mission"},
                               {"id", fmt::format("m{}", mission.mission_no)},
                               {"body", std::move(body)}});
  // The route is text already, and nearly all of the frame. No quote within a text looks like this key.
  constexpr std::string_view kEmpty = R"("route":null)";
  constexpr std::size_t kNull = 4;
  const std::size_t at = frame.find(kEmpty);
  require(at != std::string::npos, "a mission's frame has room for its route", flight.flight_id);
  return frame.replace(at + kEmpty.size() - kNull, kNull, route);
}

}  // namespace

void FlightDesk::plan_mission(const Flight& flight) {
  const Leg& leg = flight.leg();
  const std::string wanted = fmt::format("{}.{}", flight.flight_id, name(leg.purpose));
  if (flight.waits_for_dropoff()) return;
  if (!leg.airborne_start && flight.phase != LegPhase::flying) {
    if (may_depart(flight)) ask(flight, wanted, leg.from.place(), leg.to, leg.payload_kg);
    return;
  }
  const DroneLive* live = context_.fleet.find(flight.drone);
  if (live == nullptr || !live->telemetry) return;
  ask(flight, wanted, planner::AirbornePoint{.at = live->telemetry->position}, leg.to, leg.payload_kg);
}

bool FlightDesk::is_kept_down(const Flight& flight) const {
  const Gates& gates = context_.state().gates;
  // A parcel that is aboard, or a drone that stands on somebody else's pad, waits like all others: the air is closed.
  if (gates.departures_stopped() || flight.steer == Steer::hold) return true;
  return gates.closed_pads.contains(flight.leg().to.pad) && flight.leg().purpose != LegPurpose::home;
}

bool FlightDesk::may_depart(const Flight& flight) {
  const Gates& gates = context_.state().gates;
  if (is_kept_down(flight)) return false;
  if (!gates.departures_resumed_at) return true;
  // After a stop they do not all leave at once.
  if (context_.now >= *gates.departures_resumed_at + kStaged) return true;
  if (context_.now < last_staged_departure_ + kStagedApart) return false;
  if (planning_[flight.flight_id].job == 0) last_staged_departure_ = context_.now;
  return true;
}

void FlightDesk::ask(const Flight& flight, const std::string& wanted, planner::Place from, const Spot& to,
                     double payload_kg) {
  MissionPlanning& planning = planning_[flight.flight_id];
  if (planning.wanted != wanted) {
    planning.wanted = wanted;
    planning.job = 0;
    planning.failures = 0;
    planning.not_before = {};
    planning.departure = {};
  }
  if (planning.job != 0 || context_.now < planning.not_before || !context_.in_contact(flight.drone)) return;
  const DroneLive* live = context_.fleet.find(flight.drone);
  planning.job = ++context_.last_job;
  flight_by_job_[planning.job] = flight.flight_id;
  const UtcTime soonest = after(context_.now, departure_lead_s(context_.config.speed));
  geo::Policy policy = context_.config.policy;
  policy.min_height_agl_m += planning.departure.raised_m();
  context_.effects.plans.push_back(
      {.id = planning.job,
       .vehicle = context_.index.find_drone(flight.drone)->profile,
       .request = {.id = wanted,
                   .from = std::move(from),
                   .to = to.place(),
                   .depart = std::max(soonest, context_.air.settled(flight.flight_id).value_or(soonest)),
                   .payload_kg = payload_kg,
                   .battery_wh = live->battery_wh > 0.0 ? std::optional(live->battery_wh) : std::nullopt,
                   .wind = {},
                   .policy = policy,
                   .authorisations = {}},
       .urgent = true});
}

bool FlightDesk::take_answer(const PlanAnswer& answer) {
  const auto asked = flight_by_job_.find(answer.job);
  if (asked == flight_by_job_.end()) return false;
  const std::string flight_id = asked->second;
  flight_by_job_.erase(asked);
  const auto found = context_.state().flights.find(flight_id);
  MissionPlanning& planning = planning_[flight_id];
  if (planning.job != answer.job) return true;
  planning.job = 0;
  if (found == context_.state().flights.end()) return true;
  // The flight may have landed, ended or been told otherwise since it was asked: then the answer is to nothing.
  const Flight& flight = found->second;
  if (context_.is_off_control(flight.drone)) return true;
  const Steer wanted = wanted_steer(flight);
  const bool turns = wanted == Steer::reroute || wanted == Steer::home || wanted == Steer::divert;
  if (flight.phase != LegPhase::waiting && !turns && !planning.rejected && !planning.overtaken) return true;
  if (answer.route.id != fmt::format("{}.{}", flight_id, turns ? name(wanted) : name(flight.leg().purpose))) {
    return true;
  }
  if (answer.route.status != planner::RouteStatus::ok && planning.departure.is_raised()) {
    settle_departure(planning.departure, planning.not_before);  // no way up there: the best below it
    return true;
  }
  if (answer.route.status != planner::RouteStatus::ok) {
    mission_failed(flight_id, answer.route.error.value_or(Error{.message = "no route"}));
    return true;
  }
  if (answer.route.airspace_hash != context_.state().airspace_hash) return true;  // the air has changed: ask again
  // The air may have been closed while the route was planned.
  if (flight.phase != LegPhase::flying && is_kept_down(flight)) return true;
  if (!is_cleared(flight, answer.route)) return true;
  if (turns) turn(flight, wanted);
  require(answer.written && answer.written->read, "a mission's route can be read", flight_id);
  issue_mission(flight_id, *answer.written);
  return true;
}

void FlightDesk::issue_mission(const std::string& flight_id, const WrittenRoute& route) {
  const Flight& flight = context_.state().flights.at(flight_id);
  const UtcTime departs = std::max(route.read->depart, context_.now);
  MissionIssued issued{.flight_id = flight_id,
                       .mission_no = context_.drones.ledger(flight.drone).mission_no + 1,
                       .route_hash = route.text.hash,
                       .route = route.text.json,
                       .read = route.read,
                       .traffic_delay_s = planning_[flight_id].departure.waited_s(departs)};
  // What a frame holds beside its route is far less than this.
  constexpr std::size_t kBesideRoute = 4096;
  const Mission trial{.mission_no = issued.mission_no, .route_hash = issued.route_hash, .route = {}};
  if (issued.route.size() + kBesideRoute > kMaxFrameBytes &&
      frame_of(context_, flight, issued.route, trial).size() > kMaxFrameBytes) {
    return mission_failed(flight_id,
                          Error{.code = ErrorCode::internal, .message = "the route fills more than a frame"});
  }
  planning_[flight_id].rejected = false;
  planning_[flight_id].overtaken = false;
  const std::string cause = flight.steer_cause;
  planning_[flight_id].departure = {};
  context_.refusals.forget_flight(flight_id);
  context_.refusals.forget_order(flight.order_id);
  context_.commit(std::move(issued));
  context_.air.issue(context_.state().flights.at(flight_id), departs);
  // Whoever held is on the way again, whoever had told it to.
  const Order* order = context_.state().order_of(flight);
  if (order != nullptr && order->state == OrderState::holding && flight.phase == LegPhase::flying) {
    context_.move_order(order->order_id, OrderState::airborne, cause);
  }
  context_.fleet.at(flight.drone).mission_sent_at = {};
  send_mission(context_.state().flights.at(flight_id), route.text.json);
}

void FlightDesk::mission_failed(const std::string& flight_id, const Error& error) {
  const Flight& flight = context_.state().flights.at(flight_id);
  MissionPlanning& planning = planning_[flight_id];
  planning.not_before = after(context_.now, kRetry_s);
  ++planning.failures;
  if (flight.phase != LegPhase::flying) {
    if (is_of_the_way(error)) {
      const LegQuery leg{.from = flight.leg().from,
                         .to = flight.leg().to,
                         .profile = context_.index.find_drone(flight.drone)->profile,
                         .payload_kg = flight.leg().payload_kg};
      context_.legs.note_refused(leg, context_.now, error);
    }
    context_.refusals.note_flight(flight_id, context_.now, error);
    if (!flight.order_id.empty()) context_.refusals.note_order(flight.order_id, context_.now, error);
  }
  context_.notice(error.code == ErrorCode::referee_refused ? NoticeLevel::alarm : NoticeLevel::warning,
                  fmt::format("flight {} {}: {}", flight_id, name(flight.leg().purpose), describe(error)));
  const bool at_home = flight.phase == LegPhase::waiting || flight.phase == LegPhase::issued;
  if (flight.leg().purpose == LegPurpose::pickup && at_home && planning.failures >= kPickupAttempts) {
    give_up_pickup(flight, cause_of(error));
  } else if (wants_recall(context_.state(), flight) && flight.steer < Steer::home &&
             planning.failures >= kRecallAttempts) {
    planning.recall_given_up = true;
  } else if (flight.phase == LegPhase::flying && planning.failures >= kSteerAttempts) {
    steer_otherwise(flight);
  }
}

bool FlightDesk::is_overtaken(const Flight& flight) {
  if (flight.phase != LegPhase::issued) return false;
  const DroneLive* live = context_.fleet.find(flight.drone);
  if (live != nullptr && live->acked_mission_no >= flight.mission->mission_no) return false;
  // Its way was proven, and its air kept free, for another time.
  const auto latest = flight.mission->route->depart + context_.fleet.wall(kLatest_wall_s);
  return context_.now > latest || is_kept_down(flight) || planning_[flight.flight_id].overtaken;
}

void FlightDesk::send_mission(const Flight& flight, std::string_view route_json) {
  const DroneLive* live = context_.fleet.find(flight.drone);
  if (live == nullptr || live->connection == 0 || live->acked_mission_no >= flight.mission->mission_no) return;
  if (context_.now < live->mission_sent_at + context_.fleet.wall(kResend_wall_s)) return;
  context_.fleet.at(flight.drone).mission_sent_at = context_.now;
  const planner::Route& route = *flight.mission->route;
  context_.effects.to_drones.push_back(
      {live->connection, route_json.empty()
                             ? frame_of(context_, flight, planner::to_json(route).dump(), *flight.mission)
                             : frame_of(context_, flight, route_json, *flight.mission)});
}

}  // namespace swiftlet::dispatch
