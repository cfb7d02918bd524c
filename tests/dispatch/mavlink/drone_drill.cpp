#include "tests/dispatch/mavlink/drone_drill.hpp"

#include <stdlib.h>

#include <boost/test/unit_test.hpp>

#include "planner/route_json.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::mavlink::testing {

using drone_link::DroneEvent;
using drone_link::MissionAck;

UtcTime noon() { return UtcTime{} + std::chrono::hours(24 * 365 * 50 + 12); }

planner::Route drill_route() { return sim::testing::sample_route(noon()); }

drone_link::Mission drill_mission(std::int64_t number, drone_link::Purpose purpose, planner::Route route) {
  drone_link::Mission mission;
  mission.epoch = 1;
  mission.mission_no = number;
  mission.flight_id = "F1";
  mission.route_hash = planner::route_hash(route);
  mission.route = std::move(route);
  mission.purpose = purpose;
  mission.parcel_kg = 1.5;
  return mission;
}

drone_link::Command drill_command(std::int64_t number, std::string verb) {
  return {.epoch = 1, .command_seq = number, .verb = std::move(verb)};
}

DroneDrill::DroneDrill(Autopilot autopilot, Handling handling, bool fences)
    : vehicle(autopilot), handling_(std::move(handling)), fences_(fences) {
  std::string name = (std::filesystem::temp_directory_path() / "drone_drill.XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
  folder_ = name;
  vehicle.home = vehicle.at = drill_route().waypoints.front().position;
  vehicle.sea_level_m = 37.0;
  start();
}

DroneDrill::~DroneDrill() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void DroneDrill::start() {
  auto book = read_logbook(folder_ / "state.json");
  BOOST_REQUIRE(book.has_value());
  drone.emplace(MavlinkDroneOptions{.drone = "D01",
                                    .profile = sim::testing::sample_vehicle(),
                                    .telemetry_hz = 2.0,
                                    .system = 0,
                                    .fences = fences_,
                                    .handling = handling_,
                                    .logbook = folder_ / "state.json",
                                    .log = [this](std::string_view what) { log.emplace_back(what); }},
                std::move(*book));
  live(1.0);
  BOOST_REQUIRE(drone->present());
  greet();
}

void DroneDrill::greet() {
  (void)drone->hello();
  drone->link_up({.drone = "D01",
                  .epoch = 1,
                  .time = after(noon(), t_s_),
                  .speed = 1.0,
                  .home = drill_route().waypoints.front().position});
}

void DroneDrill::restart() {
  drone.reset();
  start();
}

void DroneDrill::live(double seconds) {
  for (const double end_s = t_s_ + seconds; t_s_ < end_s - 0.5 * kStep_s;) {
    t_s_ += kStep_s;
    for (const Frame& frame : vehicle.speak(t_s_)) drone->hear(frame, wall(t_s_));
    drone->advance(after(noon(), t_s_));
    drone->live(wall(t_s_));
    vehicle.hear(drone->take_messages(), t_s_);
    for (drone_link::DroneMessage& message : drone->take_outbox()) {
      const auto* event = std::get_if<DroneEvent>(&message);
      if (event != nullptr && acknowledges) drone->receive(drone_link::EventAck{event->event_no});
      said.push_back(std::move(message));
    }
  }
}

void DroneDrill::tell(const drone_link::ServiceMessage& message) { drone->receive(message); }

drone_link::Telemetry DroneDrill::where() {
  heard_ = said.size();
  const auto telemetry = hear<drone_link::Telemetry>();
  BOOST_REQUIRE(telemetry.has_value());
  return *telemetry;
}

std::vector<Message> DroneDrill::send_frame(const Message& message) {
  FrameReader reader;
  for (const Frame& frame : reader.read(encode(message, {.system = 1, .component = 191}, 0))) {
    drone->hear(frame, wall(t_s_));
  }
  return drone->take_answers();
}

std::string DroneDrill::event(double most_s) {
  const auto event = hear<DroneEvent>(most_s);
  return event ? std::string(event->kind) : "none";
}

void DroneDrill::fly(const drone_link::Mission& mission) {
  tell(mission);
  const auto ack = hear<MissionAck>();
  BOOST_REQUIRE(ack.has_value());
  BOOST_REQUIRE_MESSAGE(ack->accepted, ack->reason);
  for (int i = 0; i < 3000 && !(vehicle.armed && vehicle.custom_mode != 4); ++i) live(kStep_s);
  BOOST_REQUIRE(vehicle.armed);
  live(1.0);
  vehicle.lift_off();
  BOOST_REQUIRE(event() == "takeoff");
}

}  // namespace swiftlet::mavlink::testing
