#include "dispatch/core/drone_desk.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "dispatch/protocol/envelope.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr double kTrack_s = 1.0;
constexpr double kAtHome_m = 50.0;

/// By what the drone weighs after the release, and weighed before.
std::optional<double> weight_change_kg(const DroneLive& live, const DroneEvent& event) {
  if (event.kind != DroneEventKind::released || live.carried_kg <= 0.0) return std::nullopt;
  const auto detail = nlohmann::json::parse(event.detail, nullptr, false);
  if (!detail.is_object() || !detail.contains("payload_kg") || !detail["payload_kg"].is_number()) return std::nullopt;
  return detail["payload_kg"].get<double>() - live.carried_kg;
}

}  // namespace

void DroneDesk::on_frame(const DronePeer& peer, std::string_view frame) {
  const auto envelope = parse_envelope(frame, IdRule::optional);
  if (!envelope) return refuse(peer, envelope.error().re, envelope.error().error);
  const std::optional<std::string> re = envelope->id.empty() ? std::nullopt : std::optional(envelope->id);
  const auto parsed = parse_drone_message(envelope->type, envelope->body);
  if (!parsed) return refuse(peer, re, parsed.error());
  on_message(peer, re, *parsed);
}

void DroneDesk::on_message(const DronePeer& peer, const std::optional<std::string>& re, const DroneMessage& message) {
  if (const auto* hello = std::get_if<DroneHello>(&message)) return on_hello(peer, re.value_or(""), *hello);

  const std::string drone = context_.fleet.drone_on(peer.connection);
  if (drone.empty()) {
    return refuse(
        peer, re,
        Error{.code = ErrorCode::unauthorized, .message = "say drone.hello first: nobody is known on this connection"});
  }
  DroneLive& live = context_.fleet.at(drone);
  live.heard_at = context_.now;
  live.told_lost = false;
  if (const auto* telemetry = std::get_if<Telemetry>(&message)) {
    on_telemetry(drone, *telemetry);
  } else if (const auto* event = std::get_if<DroneEvent>(&message)) {
    on_event(peer, drone, *event);
  } else if (const auto* mission = std::get_if<MissionAck>(&message)) {
    flights_.on_mission_ack(drone, *mission);
  } else if (const auto* command = std::get_if<CommandAck>(&message)) {
    live.acked_command_seq = std::max(live.acked_command_seq, command->command_seq);
    if (!command->accepted) {
      live.refused_command_seq = std::max(live.refused_command_seq, command->command_seq);
      context_.notice(NoticeLevel::warning,
                      fmt::format("drone {} refuses command {}: {}", drone, command->command_seq, command->reason));
    }
  }
}

Expected<std::string> DroneDesk::identify(const DronePeer& peer, const DroneHello& hello) const {
  if (!peer.authenticated.empty()) {
    if (!hello.drone.empty() && hello.drone != peer.authenticated) {
      return fail(ErrorCode::forbidden,
                  fmt::format("the key is {}'s and speaks for no other drone", peer.authenticated), "drone");
    }
    if (context_.index.find_drone(peer.authenticated) != nullptr) return peer.authenticated;
    return fail(ErrorCode::not_found, fmt::format("no drone \"{}\" is registered", peer.authenticated));
  }
  if (!hello.drone.empty()) {
    if (context_.index.find_drone(hello.drone) != nullptr) return hello.drone;
    return fail(ErrorCode::not_found, fmt::format("no drone \"{}\" is registered", hello.drone), "drone");
  }
  if (const std::string known = context_.fleet.drone_on(peer.connection); !known.empty()) return known;
  if (!hello.flight_id.empty()) {
    const auto flight = context_.state().flights.find(hello.flight_id);
    const bool registered =
        flight != context_.state().flights.end() && context_.index.find_drone(flight->second.drone) != nullptr;
    if (registered) return flight->second.drone;
  }
  std::string chosen;
  double nearest = std::numeric_limits<double>::infinity();
  for (const RegisteredDrone& drone : context_.config.drones) {
    const LinkState link = context_.fleet.link(drone.id, context_.now);
    if (drone.profile != hello.profile || link == LinkState::fresh || link == LinkState::stale) continue;
    const double away = hello.position ? distance_m(hello.position->lonlat(), context_.home_of(drone).at) : 0.0;
    if (away < nearest) {
      nearest = away;
      chosen = drone.id;
    }
  }
  if (!chosen.empty()) return chosen;
  return fail(ErrorCode::not_found, fmt::format("no registered drone of profile \"{}\" is free", hello.profile),
              "profile");
}

void DroneDesk::on_hello(const DronePeer& peer, const std::string& re, const DroneHello& hello) {
  const auto drone = identify(peer, hello);
  if (!drone) return refuse(peer, re, drone.error());
  const RegisteredDrone& registered = *context_.index.find_drone(*drone);
  if (registered.profile != hello.profile) {
    return refuse(peer, re,
                  Error{.code = ErrorCode::bad_request,
                        .message = fmt::format("drone {} is registered as \"{}\", not \"{}\"", *drone,
                                               registered.profile, hello.profile),
                        .where = "profile"});
  }
  context_.fleet.attach(*drone, peer.connection, context_.now);
  DroneLive& live = context_.fleet.at(*drone);
  live.battery_wh = hello.battery_wh.value_or(context_.config.profiles.at(registered.profile).battery_wh);
  live.acked_command_seq = hello.last_command_seq;

  const Flight* flight = context_.drones.flight(*drone);
  const bool keeps_flight = flight != nullptr && flight->flight_id == hello.flight_id;
  // A drone that was never told of its flight has not lost it: the mission is on its way.
  const bool never_told = flight != nullptr && hello.flight_id.empty() && flight->leg_index == 0 &&
                          (flight->phase == LegPhase::waiting || flight->phase == LegPhase::issued);
  if (keeps_flight && flight->mission) live.acked_mission_no = std::min(hello.mission_no, flight->mission->mission_no);
  // One that still names a flight which is over here is only home and not swapped yet.
  const bool just_home = flight == nullptr && !hello.flight_id.empty();
  if (!keeps_flight && !just_home) {
    if (flight != nullptr && !never_told) flights_.on_flight_lost(*drone, "link");
    context_.commit(DroneGreeted{.drone = *drone});
    const double away_m = hello.position ? distance_m(hello.position->lonlat(), context_.home_of(registered).at) : 0.0;
    if (flight == nullptr && away_m > kAtHome_m) {
      context_.commit(DroneWithdrawn{.drone = *drone, .reason = "stands away from its home", .maintenance = false});
    }
  }
  const auto& home =
      context_.index.find_pad(registered.home_pad)->slots.at(static_cast<std::size_t>(registered.home_slot));
  context_.effects.to_drones.push_back(
      {peer.connection,
       ok_reply(re, {{"drone", *drone},
                     {"epoch", context_.state().epoch},
                     {"time", format_rfc3339(context_.now)},
                     {"speed", context_.config.speed},
                     {"last_event_no", context_.drones.ledger(*drone).last_event_no},
                     {"home", {{"lon", home.lon_deg}, {"lat", home.lat_deg}, {"alt_msl_m", home.alt_msl_m}}}})});
}

void DroneDesk::on_telemetry(const std::string& drone, const Telemetry& telemetry) {
  DroneLive& live = context_.fleet.at(drone);
  if (live.telemetry && telemetry.n <= live.telemetry->n) return;
  note_what_changed(drone, telemetry);
  live.telemetry = telemetry;
  live.battery_wh = telemetry.battery_wh;
  if (telemetry.payload_kg > 0.0) live.carried_kg = telemetry.payload_kg;
  if (context_.now >= after(live.tracked_at, kTrack_s)) {
    live.tracked_at = context_.now;
    context_.effects.tracks.push_back({.drone = drone, .telemetry = telemetry});
  }
  flights_.on_telemetry(drone, telemetry);
}

void DroneDesk::note_what_changed(const std::string& drone, const Telemetry& telemetry) {
  const Telemetry before = context_.fleet.at(drone).telemetry.value_or(Telemetry());
  const bool is_taken = telemetry.control == ControlState::other, was_taken = before.control == ControlState::other;
  if (is_taken && !was_taken) {
    context_.notice(NoticeLevel::alarm,
                    fmt::format("drone {} is off the service's control: {}", drone, telemetry.warning));
  } else if (was_taken && !is_taken) {
    context_.notice(NoticeLevel::info, fmt::format("drone {} is given back to the service", drone));
  } else if (!telemetry.warning.empty() && telemetry.warning != before.warning) {
    context_.notice(NoticeLevel::alarm, fmt::format("drone {}: {}", drone, telemetry.warning));
  }
  if (telemetry.battery_age_s > 0.0 && before.battery_age_s <= 0.0) {
    context_.notice(NoticeLevel::alarm, fmt::format("drone {} does not know its battery", drone));
  }
}

void DroneDesk::on_event(const DronePeer& peer, const std::string& drone, const DroneEvent& event) {
  if (event.event_no > context_.drones.ledger(drone).last_event_no) {
    const DroneLive& live = context_.fleet.at(drone);
    // A drone's clock may run a little off; nothing has happened in the future.
    DroneEvent taken = event;
    taken.at = std::min(event.at, context_.now);
    context_.commit(DroneReported{.drone = drone,
                                  .event_no = taken.event_no,
                                  .kind = taken.kind,
                                  .happened_at = taken.at,
                                  .detail = taken.detail,
                                  .position = live.telemetry ? std::optional(live.telemetry->position) : std::nullopt,
                                  .weight_change_kg = weight_change_kg(live, taken)});
    if (taken.kind == DroneEventKind::released) context_.fleet.at(drone).carried_kg = 0.0;
    flights_.on_event(drone, taken);
  }
  context_.effects.to_drones.push_back({peer.connection, message("event.ack", {{"event_no", event.event_no}})});
}

void DroneDesk::tick() {
  for (std::size_t i = 0; i < context_.config.drones.size(); ++i) {
    const LinkState link = context_.fleet.link(context_.drones.live(i), context_.now);
    const bool never_came_back = link == LinkState::silent && !context_.drones.ledger(i).flight_id.empty() &&
                                 context_.fleet.grace_is_over(context_.now);
    if (link != LinkState::lost && !never_came_back) continue;
    const std::string& drone = context_.config.drones[i].id;
    DroneLive& live = context_.fleet.at(drone);
    if (live.told_lost) continue;
    live.told_lost = true;
    context_.notice(NoticeLevel::alarm, fmt::format("drone {} is lost: silent for 10 s", drone));
  }
}

void DroneDesk::refuse(const DronePeer& peer, const std::optional<std::string>& re, const Error& error) {
  context_.effects.to_drones.push_back({peer.connection, error_reply(re, error)});
}

}  // namespace swiftlet::dispatch
