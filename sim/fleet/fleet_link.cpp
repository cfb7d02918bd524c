#include "sim/fleet/fleet_link.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

namespace swiftlet::sim {
namespace {

using nlohmann::json;

constexpr dispatch::ConnectionId kFirstConnection = 1000;
constexpr double kReconnect_s = 4.0;

/// The type of a frame without reading all of it: keys are sorted, so it stands near the end.
std::string_view type_of(const std::string& frame) {
  constexpr std::string_view kKey = "\"type\":\"";
  const auto at = frame.rfind(kKey);
  if (at == std::string::npos) return {};
  const auto begin = at + kKey.size();
  return std::string_view(frame).substr(begin, frame.find('"', begin) - begin);
}

}  // namespace

FleetLink::FleetLink(const Scenario& scenario, const RehearsedDay& day, RandomStream& chance)
    : scenario_(scenario),
      day_(day),
      chance_(chance),
      connection_of_(day.config.drones.size()),
      next_connection_(kFirstConnection) {
  for (std::size_t i = 0; i < connection_of_.size(); ++i) connect(i);
}

void FleetLink::connect(std::size_t drone) {
  drone_on_.erase(connection_of_[drone]);
  connection_of_[drone] = next_connection_++;
  drone_on_[connection_of_[drone]] = drone;
}

bool FleetLink::drops() { return scenario_.lost_messages > 0.0 && chance_.uniform() < scenario_.lost_messages; }
bool FleetLink::doubles() { return scenario_.doubled_messages > 0.0 && chance_.uniform() < scenario_.doubled_messages; }

void FleetLink::hear(const OnboardFleet::Said& said, UtcTime now, dispatch::Core& core) {
  const bool is_hello = std::holds_alternative<dispatch::DroneHello>(said.message);
  if (!is_hello && drops()) return;
  const dispatch::DronePeer peer{.connection = connection_of_[said.drone],
                                 .authenticated = day_.config.drones[said.drone].id};
  core.on_drone_message(now, peer, said.message);
  if (!is_hello && doubles()) core.on_drone_message(now, peer, said.message);
}

void FleetLink::deliver(const dispatch::OutgoingFrame& out, const DayClock& clock, OnboardFleet& fleet,
                        dispatch::Core& core) {
  const auto to = drone_on_.find(out.to);
  if (to == drone_on_.end()) return;
  const std::size_t i = to->second;
  if (fleet.silent(i, clock.now_s()) || fleet.broken(i)) return;
  const std::string_view type = type_of(out.frame);
  if (type != "reply" && drops()) return;
  if (type == "mission") return hand_over_mission(i, clock.now(), fleet, core);
  const json frame = json::parse(out.frame);
  if (type == "event.ack") {
    fleet.acknowledge(i, frame["body"]["event_no"].get<std::uint64_t>());
  } else if (type == "command") {
    const json& body = frame["body"];
    const auto ack = fleet.take_command(i, body["epoch"].get<std::uint64_t>(), body["command_seq"].get<std::uint64_t>(),
                                        body["verb"].get<std::string>());
    hear({i, ack}, clock.now(), core);
  } else if (type == "reply" && frame.value("ok", false)) {
    fleet.linked(i, frame["body"]["epoch"].get<std::uint64_t>());
  }
}

void FleetLink::hand_over_mission(std::size_t i, UtcTime now, OnboardFleet& fleet, dispatch::Core& core) {
  const dispatch::Flight* flight = core.state().flight_of_drone(day_.config.drones[i].id);
  if (flight == nullptr || !flight->mission) return;
  const dispatch::Order* order = core.state().order_of(*flight);
  MissionAboard mission{.epoch = core.state().epoch,
                        .mission_no = flight->mission->mission_no,
                        .flight_id = flight->flight_id,
                        .route = flight->mission->route,
                        .purpose = flight->leg().purpose,
                        .parcel_kg = order != nullptr ? order->wish.parcel.mass_kg : 0.0};
  const auto known = order != nullptr ? day_.number_of.find(order->client_order_id) : day_.number_of.end();
  if (known != day_.number_of.end()) {
    mission.truly_ready_s = day_.orders[known->second].truly_ready_s;
    mission.slow_s = day_.orders[known->second].slow_s;
  }
  fleet.take(i, mission);
  hear({i, dispatch::MissionAck{.mission_no = mission.mission_no, .accepted = true, .reason = {}}}, now, core);
}

void FleetLink::reconnect(double now_s, OnboardFleet& fleet) {
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    connect(i);
    fleet.cut(i, now_s + 1.0 + std::floor(kReconnect_s * chance_.uniform()));
  }
}

}  // namespace swiftlet::sim
