#include "tests/sim/agent_drill.hpp"

#include <algorithm>
#include <utility>

#include "planner/route_json.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim::testing {

UtcTime noon() { return UtcTime{} + std::chrono::hours(24 * 365 * 50 + 12); }

AgentOptions options_with(std::uint64_t seed) {
  return {.drone = "D01",
          .profile = sample_vehicle(),
          .air = {.wind = {.speed_m_s = 4.0, .from_deg = 225.0}, .gusts = true, .seed = seed},
          .telemetry_hz = 2.0,
          .swap_s = 30.0};
}

HelloReply reply_at(UtcTime time, std::int64_t epoch) {
  return {.drone = "D01",
          .epoch = epoch,
          .time = time,
          .speed = 1.0,
          .home = sample_route(noon()).waypoints.front().position};
}

Mission mission_of(std::int64_t number, planner::Route route, std::optional<Purpose> purpose, std::int64_t epoch) {
  Mission mission;
  mission.epoch = epoch;
  mission.mission_no = number;
  mission.flight_id = "F1";
  mission.route_hash = planner::route_hash(route);
  mission.route = std::move(route);
  mission.purpose = purpose;
  mission.parcel_kg = 1.5;
  return mission;
}

AgentDrill::AgentDrill(const AgentOptions& options) : agent(options) { agent.link_up(reply_at(now)); }

void AgentDrill::live(std::chrono::milliseconds time) {
  agent.advance(now += time);
  std::ranges::move(agent.take_outbox(), std::back_inserter(said));
}

void AgentDrill::tell(const ServiceMessage& message) {
  agent.receive(message);
  std::ranges::move(agent.take_outbox(), std::back_inserter(said));
}

std::optional<DroneEvent> AgentDrill::live_until(std::string_view kind, std::chrono::seconds most) {
  for (const UtcTime end = now + most; now < end;) {
    const std::size_t before = said.size();
    live(std::chrono::milliseconds(20));
    for (std::size_t i = before; i < said.size(); ++i) {
      if (const auto* event = std::get_if<DroneEvent>(&said[i])) {
        const DroneEvent copy = *event;
        tell(EventAck{copy.event_no});
        if (copy.kind == kind) return copy;
      }
    }
  }
  return std::nullopt;
}

MissionAck AgentDrill::offer(const Mission& mission) {
  tell(mission);
  return std::get<MissionAck>(said.back());
}

}  // namespace swiftlet::sim::testing
