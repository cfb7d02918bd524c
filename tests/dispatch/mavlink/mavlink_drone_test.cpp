#include "dispatch/mavlink/mavlink_drone.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "dispatch/mavlink/commands.hpp"
#include "planner/route_json.hpp"
#include "tests/dispatch/mavlink/drone_drill.hpp"

namespace swiftlet::mavlink {
namespace {

using drone_link::DroneEvent;
using drone_link::Purpose;
using drone_link::Telemetry;
// MAVLink has messages of these names, too.
using CommandAnswer = drone_link::CommandAck;
using MissionAnswer = drone_link::MissionAck;
using testing::drill_command;
using testing::drill_mission;
using testing::drill_route;
using testing::DroneDrill;

constexpr std::array kBoth{Autopilot::px4, Autopilot::ardupilot};

GeoPoint corner() { return drill_route().waypoints[4].position; }
GeoPoint goal() { return drill_route().waypoints.back().position; }

bool is_in_hold(const testing::PaperVehicle& vehicle) {
  return is_in(FlightMode::hold, vehicle.autopilot, vehicle.custom_mode);
}
bool is_in_mission(const testing::PaperVehicle& vehicle) {
  return is_in(FlightMode::mission, vehicle.autopilot, vehicle.custom_mode);
}

planner::Route from_the_air(const GeoPoint& here) {
  planner::Route route = drill_route();
  route.waypoints.erase(route.waypoints.begin(), route.waypoints.begin() + 4);
  route.waypoints.front().position = here;
  route.waypoints.front().phase = planner::Phase::cruise;
  return route;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mavlink_drone)

BOOST_AUTO_TEST_CASE(a_delivery_from_deck_to_deck_and_home) {
  for (const Autopilot autopilot : kBoth) {
    CommandLong gripper = command_of(CommandId::do_gripper, 1.0F);
    DroneDrill drill(autopilot, {.loaded_after_s = 5.0, .release = gripper, .released_after_s = {}});
    drill.fly(drill_mission(1, Purpose::pickup));
    BOOST_TEST(is_in_mission(drill.vehicle));
    BOOST_TEST(drill.vehicle.current == first_item(autopilot));
    drill.vehicle.stand_at(goal());
    BOOST_TEST(drill.event() == "landed");
    const auto loaded = drill.hear<DroneEvent>();
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST(loaded->kind == "loaded");
    BOOST_TEST(loaded->payload_kg == 1.5);

    planner::Route back = planner::Route(drill_route());
    std::reverse(back.waypoints.begin(), back.waypoints.end());
    for (std::size_t i = 0; i < back.waypoints.size(); ++i) {
      back.waypoints[i].t_s = drill_route().waypoints[i].t_s;
      back.waypoints[i].phase = drill_route().waypoints[i].phase;
    }
    drill.fly(drill_mission(2, Purpose::deliver, back));
    const GeoPoint start = drill_route().waypoints.front().position;
    drill.vehicle.stand_at(start);
    BOOST_TEST(drill.event() == "landed");
    BOOST_TEST(drill.event() == "released");
    const bool let_go = std::any_of(drill.vehicle.heard_commands.begin(), drill.vehicle.heard_commands.end(),
                                    [&](const CommandLong& c) { return c.command == gripper.command; });
    BOOST_TEST(let_go);

    drill.vehicle.battery_percent = 40;
    drill.fly(drill_mission(3, Purpose::home));
    drill.vehicle.stand_at(goal());
    BOOST_TEST(drill.event() == "landed");
    drill.live(20.0);
    drill.vehicle.battery_percent = 97;
    BOOST_TEST(drill.event() == "swapped");
    BOOST_TEST(!drill.drone->logbook().mission.has_value());
  }
}

/// Its way was proven, and its air kept free, for another time.
BOOST_AUTO_TEST_CASE(a_mission_is_not_begun_long_after_its_departure) {
  DroneDrill drill(Autopilot::px4);
  planner::Route late = drill_route();
  late.depart = after(testing::noon(), -90.0);
  drill.tell(drill_mission(1, Purpose::pickup, late));
  BOOST_TEST(drill.event() == "fault");
  BOOST_TEST(!drill.vehicle.armed);
  BOOST_TEST(!drill.drone->logbook().mission.has_value());
}

BOOST_AUTO_TEST_CASE(a_mission_is_not_begun_without_the_services_link) {
  DroneDrill drill(Autopilot::px4);
  planner::Route soon = drill_route();
  soon.depart = after(testing::noon(), 20.0);
  drill.tell(drill_mission(1, Purpose::pickup, soon));
  const auto taken = drill.hear<MissionAnswer>(15.0);
  BOOST_REQUIRE((taken.has_value() && taken->accepted));
  drill.drone->link_down();
  drill.live(40.0);
  BOOST_TEST(!drill.vehicle.armed);
}

BOOST_AUTO_TEST_CASE(heights_count_from_the_deck_whatever_the_vehicles_sea_level) {
  DroneDrill drill(Autopilot::px4);
  const double deck_m = drill_route().waypoints.front().position.alt_msl_m;
  BOOST_TEST(std::abs(drill.hear<Telemetry>()->position.alt_msl_m - deck_m) < 1e-3);
  drill.fly(drill_mission(1, Purpose::pickup));
  drill.vehicle.at = corner();
  drill.live(2.0);
  drill.said.clear();
  DroneDrill& all = drill;
  all.live(1.0);
  int told = 0;
  for (const auto& message : drill.said) {
    if (const auto* telemetry = std::get_if<Telemetry>(&message)) {
      BOOST_TEST(std::abs(telemetry->position.alt_msl_m - corner().alt_msl_m) < 2e-3);
      BOOST_TEST(std::abs(telemetry->position.lon_deg - corner().lon_deg) < 1e-7);
      ++told;
    }
  }
  BOOST_TEST(told >= 1);
}

BOOST_AUTO_TEST_CASE(what_must_not_be_flown_is_refused_with_the_reason) {
  DroneDrill drill(Autopilot::px4);
  const auto reason = [&](const drone_link::Mission& mission) {
    drill.tell(mission);
    const auto ack = drill.hear<MissionAnswer>();
    return !ack ? "no answer" : ack->accepted ? "accepted" : ack->reason;
  };
  auto wrong_hash = drill_mission(1, Purpose::pickup);
  wrong_hash.route_hash = "sha256:1";
  BOOST_TEST(reason(wrong_hash) == "the route does not have this route_hash");
  planner::Route elsewhere = drill_route();
  for (auto& waypoint : elsewhere.waypoints) waypoint.position.lat_deg += 0.001;
  BOOST_TEST(reason(drill_mission(1, Purpose::pickup, elsewhere)).find("starts 111.") != std::string::npos);
  drill.vehicle.refuses_mission_with = 4;
  BOOST_TEST(reason(drill_mission(1, Purpose::pickup)) ==
             "the vehicle refuses the mission: no space for so many items");
  drill.vehicle.refuses_mission_with = 0;
  drill.vehicle.stores = [](MissionItemInt& item) { item.z += 3.0F; };  // of the mission
  BOOST_TEST(reason(drill_mission(1, Purpose::pickup)).find("not the one it was given") != std::string::npos);
  drill.vehicle.stores = [](MissionItemInt&) {};
  planner::Route tomorrow = drill_route();
  tomorrow.depart = after(tomorrow.depart, 86400.0);
  BOOST_TEST(reason(drill_mission(5, Purpose::pickup, tomorrow)) == "accepted");
  BOOST_TEST(reason(drill_mission(5, Purpose::pickup, tomorrow)) == "accepted");  // said again
  BOOST_TEST(drill.vehicle.uploads == 2);                                         // but not uploaded again
  BOOST_TEST(reason(drill_mission(5, Purpose::pickup)) == "mission_no 5 was another mission");
  BOOST_TEST(reason(drill_mission(4, Purpose::pickup)) == "mission_no 4 is older than 5");
  auto old_epoch = drill_mission(6, Purpose::pickup);
  old_epoch.epoch = 0;
  BOOST_TEST(reason(old_epoch) == "epoch 0 is below 1");
  BOOST_TEST(!drill.vehicle.armed);
}

BOOST_AUTO_TEST_CASE(it_departs_when_it_is_time_and_not_before) {
  DroneDrill drill(Autopilot::ardupilot);
  planner::Route later = drill_route();
  later.depart = after(testing::noon(), 20.0);
  drill.tell(drill_mission(1, Purpose::pickup, later));
  BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
  for (int i = 0; i < 10'000 && !drill.vehicle.armed; ++i) drill.live(DroneDrill::kStep_s);
  BOOST_TEST(drill.vehicle.armed);
  const auto is_early = [&](const auto& message) {
    const auto* event = std::get_if<DroneEvent>(&message);
    return event != nullptr && event->at < later.depart;
  };
  drill.live(2.0);
  drill.vehicle.lift_off();
  BOOST_TEST(drill.event() == "takeoff");
  BOOST_TEST(std::none_of(drill.said.begin(), drill.said.end(), is_early));
}

BOOST_AUTO_TEST_CASE(a_vehicle_that_will_not_arm_becomes_a_fault_with_its_own_words) {
  DroneDrill drill(Autopilot::px4);
  drill.vehicle.refuses_arming_with = 1;
  drill.tell(drill_mission(1, Purpose::pickup));
  BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
  const auto fault = drill.hear<DroneEvent>(60.0);
  BOOST_REQUIRE(fault.has_value());
  BOOST_TEST(fault->kind == "fault");
  BOOST_TEST(fault->fault.find("PreArm: Compass not calibrated") != std::string::npos);
  BOOST_TEST(fault->fault.find("temporarily rejected") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_home_elsewhere_keeps_it_on_the_ground) {
  DroneDrill drill(Autopilot::px4);
  drill.tell(drill_mission(1, Purpose::pickup));
  BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
  // Its home is one that somebody has set: heights would count from there.
  drill.vehicle.at.lat_deg += 0.0002;
  drill.live(8.0);
  BOOST_TEST(!is_in_mission(drill.vehicle));
  const bool told = std::any_of(drill.log.begin(), drill.log.end(), [](const std::string& line) {
    return line.find("the vehicle's home, which its heights count from") != std::string::npos;
  });
  BOOST_TEST(told);
}

BOOST_AUTO_TEST_CASE(commands_are_answered_when_the_vehicle_has_answered_them) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    drill.tell(drill_command(1, "hold"));
    BOOST_TEST(drill.hear<CommandAnswer>()->reason == "not flying");
    drill.fly(drill_mission(1, Purpose::pickup));
    drill.vehicle.at = corner();
    drill.live(1.0);

    drill.vehicle.answers_after_s = 2.0;
    drill.tell(drill_command(2, "hold"));
    drill.live(1.5);
    drill.tell(drill_command(2, "hold"));  // said again meanwhile
    BOOST_TEST(!drill.hear<CommandAnswer>(0.2).has_value());
    const auto held = drill.hear<CommandAnswer>();
    BOOST_REQUIRE(held.has_value());
    BOOST_TEST(held->accepted);
    BOOST_TEST(held->command_seq == 2);
    BOOST_TEST(is_in_hold(drill.vehicle));
    drill.vehicle.answers_after_s = 0.0;
    drill.live(3.0);
    const std::size_t commands = drill.vehicle.heard_commands.size();
    drill.tell(drill_command(2, "hold"));
    BOOST_TEST(drill.hear<CommandAnswer>()->accepted);
    BOOST_TEST(drill.vehicle.heard_commands.size() - commands <= 1U);  // not given again

    drill.vehicle.refuses_modes_with = 2;
    drill.tell(drill_command(3, "resume"));
    const auto refused = drill.hear<CommandAnswer>();
    BOOST_TEST(!refused->accepted);
    BOOST_TEST(refused->reason.find("denied") != std::string::npos);
    drill.tell(drill_command(3, "resume"));
    BOOST_TEST(!drill.hear<CommandAnswer>()->accepted);
    drill.vehicle.refuses_modes_with = 0;
    drill.tell(drill_command(4, "resume"));
    BOOST_TEST(drill.hear<CommandAnswer>()->accepted);
    BOOST_TEST(is_in_mission(drill.vehicle));
    drill.tell(drill_command(1, "land"));
    BOOST_TEST(drill.hear<CommandAnswer>()->reason == "command_seq 1 is older than 4");
    drill.tell(drill_command(5, "dance"));
    BOOST_TEST(drill.hear<CommandAnswer>()->reason.find("cannot 'dance'") != std::string::npos);

    drill.tell(drill_command(6, "land"));
    BOOST_TEST(drill.hear<CommandAnswer>()->accepted);
    BOOST_TEST(is_in(FlightMode::land, autopilot, drill.vehicle.custom_mode));
    drill.tell(drill_command(7, "resume"));
    BOOST_TEST(drill.hear<CommandAnswer>()->reason == "it is coming down");
    GeoPoint ground = corner();
    ground.alt_msl_m = 170.0;
    drill.vehicle.stand_at(ground);
    BOOST_TEST(drill.event() == "landed");
  }
}

BOOST_AUTO_TEST_CASE(a_new_mission_in_the_air_is_flown_with_heights_from_the_same_home) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    drill.fly(drill_mission(1, Purpose::pickup));
    drill.vehicle.at = corner();
    drill.live(1.0);
    drill.tell(drill_command(1, "hold"));
    BOOST_REQUIRE(drill.hear<CommandAnswer>()->accepted);
    drill.vehicle.current = 99;
    drill.tell(drill_mission(2, Purpose::pickup, from_the_air(corner())));
    BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
    drill.live(2.0);
    BOOST_TEST(is_in_mission(drill.vehicle));
    BOOST_TEST(drill.vehicle.current == first_item(autopilot));
    const MissionItemInt& first = drill.vehicle.mission.at(first_item(autopilot));
    BOOST_TEST(first.command == 16);
    const double deck_m = drill_route().waypoints.front().position.alt_msl_m;
    BOOST_TEST(std::abs(first.z - (corner().alt_msl_m - deck_m)) < 0.01);
    drill.vehicle.stand_at(goal());
    BOOST_TEST(drill.event() == "landed");
  }
}

BOOST_AUTO_TEST_CASE(return_is_flown_back_along_the_line_that_was_flown) {
  DroneDrill drill(Autopilot::px4);
  drill.fly(drill_mission(1, Purpose::pickup));
  drill.vehicle.at = corner();
  drill.live(1.0);
  drill.tell(drill_command(1, "return"));
  BOOST_REQUIRE(drill.hear<CommandAnswer>()->accepted);
  drill.live(2.0);
  BOOST_TEST(is_in_mission(drill.vehicle));
  const GeoPoint start = drill_route().waypoints.front().position;
  const MissionItemInt& land = drill.vehicle.mission.back();
  BOOST_TEST(land.command == 21);
  BOOST_TEST(land.x == std::llround(start.lat_deg * 1e7));
  BOOST_TEST(land.y == std::llround(start.lon_deg * 1e7));
  for (const MissionItemInt& item : drill.vehicle.mission) {
    // The line lies north of the start by no more than rounding up to the corner.
    if (item.frame == 3) BOOST_TEST(std::abs(item.x - std::llround(start.lat_deg * 1e7)) < 20);
  }
  drill.vehicle.stand_at(start);
  BOOST_TEST(drill.event() == "landed");
}

BOOST_AUTO_TEST_CASE(a_silent_vehicle_makes_a_silent_drone) {
  DroneDrill drill(Autopilot::px4);
  drill.fly(drill_mission(1, Purpose::pickup));
  drill.vehicle.silent = true;
  drill.live(6.0);
  BOOST_TEST(!drill.drone->present());
  drill.said.clear();
  drill.tell(drill_command(1, "hold"));
  drill.tell(drill_mission(2, Purpose::pickup));
  drill.live(20.0);
  BOOST_TEST(drill.said.empty());
  drill.vehicle.silent = false;
  drill.live(2.0);
  BOOST_TEST(drill.drone->present());
  BOOST_TEST(!drill.said.empty());
}

BOOST_AUTO_TEST_CASE(killed_at_any_moment_it_knows_its_flight_and_uploads_nothing_anew) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot, {.loaded_after_s = 5.0, .release = {}, .released_after_s = {}});
    planner::Route later = drill_route();
    later.depart = after(testing::noon(), 10.0);
    drill.tell(drill_mission(1, Purpose::pickup, later));
    BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
    drill.restart();  // waiting for its departure
    BOOST_TEST(drill.drone->hello().flight_id == "F1");
    BOOST_TEST(drill.drone->hello().mission_no.value() == 1);
    for (int i = 0; i < 3000 && !(drill.vehicle.armed && is_in_mission(drill.vehicle)); ++i) drill.live(0.01);
    drill.acknowledges = false;
    drill.vehicle.lift_off();
    BOOST_TEST(drill.event() == "takeoff");
    drill.restart();  // in the air, before anybody has heard of it
    drill.acknowledges = true;
    BOOST_TEST(drill.event() == "takeoff");
    drill.vehicle.at = corner();
    drill.live(1.0);
    BOOST_TEST(std::abs(drill.drone->hello().position->alt_msl_m - corner().alt_msl_m) < 2e-3);
    drill.tell(drill_command(3, "hold"));
    BOOST_TEST(drill.hear<CommandAnswer>()->accepted);
    drill.drone.reset();  // dead while it lands
    drill.vehicle.stand_at(goal());
    drill.restart();
    BOOST_TEST(drill.drone->hello().last_command_seq == 3);
    BOOST_TEST(drill.event() == "landed");
    drill.restart();  // on the pad
    BOOST_TEST(drill.event() == "loaded");
    BOOST_TEST(drill.vehicle.uploads == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_landing_away_from_the_missions_end_is_a_fault) {
  DroneDrill drill(Autopilot::ardupilot);
  drill.fly(drill_mission(1, Purpose::deliver));
  GeoPoint field = corner();
  field.alt_msl_m = 165.0;
  drill.vehicle.stand_at(field);
  const auto fault = drill.hear<DroneEvent>();
  BOOST_REQUIRE(fault.has_value());
  BOOST_TEST(fault->kind == "fault");
  BOOST_TEST(fault->fault.find("from where its mission ends") != std::string::npos);
  BOOST_TEST(drill.drone->hello().flight_id.empty());
}

BOOST_AUTO_TEST_CASE(an_overtaken_report_from_the_ground_ends_no_flight) {
  DroneDrill drill(Autopilot::px4);
  drill.fly(drill_mission(1, Purpose::pickup));
  drill.vehicle.at = corner();
  drill.live(1.0);
  ExtendedSysState old;
  old.landed_state = 1;
  FrameReader reader;
  for (const Frame& frame : reader.read(encode(old, {.system = 1, .component = 1}, 0))) {
    drill.drone->hear(frame, *std::optional(testing::wall(0.0)));
  }
  drill.live(2.0);
  BOOST_TEST((drill.drone->logbook().stage == Logbook::Stage::flying));
}

BOOST_AUTO_TEST_CASE(the_pad_tells_that_the_parcel_is_aboard_and_what_it_weighs) {
  DroneDrill drill(Autopilot::px4);
  CommandLong signal = command_of(CommandId::user_1, 1.0F, 0.75F);
  signal.target_system = kBridge.system;
  drill.send_frame(signal);  // nobody waits for it
  drill.fly(drill_mission(1, Purpose::pickup));
  drill.vehicle.stand_at(goal());
  BOOST_TEST(drill.event() == "landed");
  BOOST_TEST(drill.event(20.0) == "none");
  // It is answered where it speaks: what knows this pad's system is not the autopilot's socket.
  const std::vector<Message> answers = drill.send_frame(signal);
  BOOST_REQUIRE(answers.size() == 1U);
  const auto* ack = std::get_if<CommandAck>(&answers.front());
  BOOST_REQUIRE(ack != nullptr);
  BOOST_TEST(int{ack->target_component} == 191);
  const auto loaded = drill.hear<DroneEvent>();
  BOOST_REQUIRE(loaded.has_value());
  BOOST_TEST(loaded->kind == "loaded");
  BOOST_TEST(loaded->payload_kg == 0.75);
  drill.send_frame(signal);  // the answer was lost
  BOOST_TEST(drill.event(3.0) == "none");
}

BOOST_AUTO_TEST_CASE(a_vehicle_without_a_battery_monitor_is_no_drone_and_its_bridge_says_why) {
  std::vector<std::string> log;
  MavlinkDrone drone({.drone = "D01",
                      .profile = {},
                      .handling = {},
                      .logbook = "/nowhere/at/all",
                      .log = [&](std::string_view what) { log.emplace_back(what); }},
                     {});
  testing::PaperVehicle vehicle(Autopilot::px4);
  vehicle.at = drill_route().waypoints.front().position;
  vehicle.battery_percent = -1;
  for (double t_s = 0.0; t_s < 20.0; t_s += 0.05) {
    for (const Frame& frame : vehicle.speak(t_s)) drone.hear(frame, testing::wall(t_s));
    drone.live(testing::wall(t_s));
  }
  BOOST_TEST(!drone.present());
  BOOST_TEST(std::count_if(log.begin(), log.end(), [](const std::string& line) {
               return line.find("does not know its battery") != std::string::npos;
             }) == 1);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_flown_from_here_is_never_present) {
  MavlinkDrone drone({.drone = "D01", .profile = {}, .handling = {}, .logbook = "/nowhere/at/all", .log = [](auto) {}},
                     {});
  Heartbeat plane{.custom_mode = 0, .type = 1, .autopilot = 3};
  FrameReader reader;
  for (const Frame& frame : reader.read(encode(plane, {.system = 1, .component = 1}, 0))) {
    drone.hear(frame, testing::wall(0.0));
  }
  drone.live(testing::wall(0.1));
  BOOST_TEST(!drone.present());
  BOOST_CHECK_THROW(drone.link_up({.drone = "D01", .epoch = 1, .time = testing::noon(), .speed = 1.0, .home = {}}),
                    LogbookLost);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
