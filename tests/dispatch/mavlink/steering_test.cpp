// What it is told beside its mission, in what order, by whom, and what of it is still right when its turn comes.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "dispatch/mavlink/commands.hpp"
#include "planner/route_json.hpp"
#include "tests/dispatch/mavlink/drone_drill.hpp"

namespace swiftlet::mavlink {
namespace {

using drone_link::DroneEvent;
using drone_link::Purpose;
using CommandAnswer = drone_link::CommandAck;
using MissionAnswer = drone_link::MissionAck;
using testing::drill_command;
using testing::drill_mission;
using testing::drill_route;
using testing::DroneDrill;

constexpr std::array kBoth{Autopilot::px4, Autopilot::ardupilot};
constexpr auto kSetMode = static_cast<std::uint16_t>(CommandId::do_set_mode);
constexpr auto kArm = static_cast<std::uint16_t>(CommandId::component_arm_disarm);

GeoPoint corner() { return drill_route().waypoints[4].position; }

bool is_in(FlightMode mode, const testing::PaperVehicle& vehicle) {
  return mavlink::is_in(mode, vehicle.autopilot, vehicle.custom_mode);
}

/// From `here` in the air to a deck 150 m east of the mission's.
planner::Route aside(const GeoPoint& here) {
  planner::Route route = drill_route();
  route.waypoints.erase(route.waypoints.begin(), route.waypoints.begin() + 4);
  for (auto& waypoint : route.waypoints) waypoint.position.lon_deg += 0.0015;
  route.waypoints.insert(route.waypoints.begin(), route.waypoints.front());
  route.waypoints.front().position = here;
  route.waypoints.front().phase = planner::Phase::cruise;
  route.waypoints.front().t_s -= 20.0;
  return route;
}

drone_link::Command divert(std::int64_t number, planner::Route route) {
  drone_link::Command command = drill_command(number, "divert");
  command.route_hash = planner::route_hash(route);
  command.route = std::move(route);
  return command;
}

void fly_to_corner(DroneDrill& drill) {
  drill.fly(drill_mission(1, Purpose::deliver));
  drill.vehicle.at = corner();
  drill.live(1.0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(steering)

BOOST_AUTO_TEST_CASE(a_diversion_is_flown_to_its_own_end_and_nothing_is_let_go_of_there) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot, {.loaded_after_s = 1.0, .release = {}, .released_after_s = 1.0});
    fly_to_corner(drill);
    const int uploads = drill.vehicle.uploads;
    drill.tell(divert(1, aside(corner())));
    const auto answer = drill.hear<CommandAnswer>();
    BOOST_REQUIRE(answer.has_value());
    BOOST_REQUIRE_MESSAGE(answer->accepted, answer->reason);
    drill.live(2.0);
    BOOST_TEST(drill.vehicle.uploads == uploads + 1);
    BOOST_TEST(is_in(FlightMode::mission, drill.vehicle));
    const GeoPoint goal = aside(corner()).waypoints.back().position;
    BOOST_TEST(drill.vehicle.mission.back().y == std::llround(goal.lon_deg * 1e7));
    BOOST_TEST(drill.vehicle.mission.back().command == 21);
    drill.vehicle.stand_at(goal);
    BOOST_TEST(drill.event() == "landed");
    BOOST_TEST(drill.event(20.0) == "none");  // neither loaded nor released
    BOOST_TEST((drill.drone->logbook().stage == Logbook::Stage::idle));
    // Landing where the mission would have ended is not where it was sent.
    DroneDrill other(autopilot);
    fly_to_corner(other);
    other.tell(divert(1, aside(corner())));
    BOOST_REQUIRE(other.hear<CommandAnswer>()->accepted);
    other.vehicle.stand_at(drill_route().waypoints.back().position);
    BOOST_TEST(other.event() == "fault");
  }
}

BOOST_AUTO_TEST_CASE(a_diversion_that_cannot_be_flown_from_here_is_refused_and_the_mission_goes_on) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    fly_to_corner(drill);
    const auto reason = [&](const drone_link::Command& command) {
      drill.tell(command);
      const auto answer = drill.hear<CommandAnswer>();
      return !answer ? "no answer" : answer->accepted ? "accepted" : answer->reason;
    };
    BOOST_TEST(reason(drill_command(1, "divert")) == "a diversion needs a route");
    auto wrong = divert(2, aside(corner()));
    wrong.route_hash = "sha256:0";
    BOOST_TEST(reason(wrong) == "the route does not have this route_hash");
    GeoPoint below = corner();
    below.alt_msl_m -= 30.0;
    BOOST_TEST(reason(divert(3, aside(below))) == "the route starts 30.0 m from the drone");
    GeoPoint beside = corner();
    beside.lat_deg += 0.0005;
    BOOST_TEST(reason(divert(4, aside(beside))).find("m from the drone") != std::string::npos);
    planner::Route none = aside(corner());
    none.status = planner::RouteStatus::infeasible;
    BOOST_TEST(reason(divert(5, none)).find("its status is not ok") != std::string::npos);
    BOOST_TEST(drill.vehicle.uploads == 1);
    BOOST_TEST(is_in(FlightMode::mission, drill.vehicle));
    // The vehicle takes it not: it goes on with what it has.
    drill.vehicle.refuses_mission_with = 4;
    BOOST_TEST(reason(divert(6, aside(corner()))).find("no space") != std::string::npos);
    drill.live(8.0);
    BOOST_TEST(is_in(FlightMode::mission, drill.vehicle));
    drill.vehicle.stand_at(drill_route().waypoints.back().position);
    BOOST_TEST(drill.event() == "landed");
  }
}

/// A mission that was right when it came, and is not when its turn comes.
BOOST_AUTO_TEST_CASE(a_mission_behind_a_landing_is_judged_when_its_turn_comes) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    fly_to_corner(drill);
    drill.tell(drill_command(1, "land"));
    drill.tell(drill_mission(2, Purpose::deliver, aside(corner())));
    BOOST_TEST(drill.hear<CommandAnswer>()->accepted);
    const auto answer = drill.hear<MissionAnswer>();
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(!answer->accepted);
    BOOST_TEST(answer->reason == "it is coming down");
    drill.live(10.0);
    BOOST_TEST(is_in(FlightMode::land, drill.vehicle));
    BOOST_TEST(drill.vehicle.uploads == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_vehicle_that_comes_down_while_it_is_loaded_departs_with_nothing_from_the_air) {
  DroneDrill drill(Autopilot::px4);
  fly_to_corner(drill);
  drill.vehicle.stores = [&](MissionItemInt&) { drill.vehicle.stand_at(drill_route().waypoints.back().position); };
  drill.tell(drill_mission(2, Purpose::deliver, aside(corner())));
  const auto answer = drill.hear<MissionAnswer>();
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(!answer->accepted);
  drill.live(20.0);
  BOOST_TEST(!drill.vehicle.armed);
}

BOOST_AUTO_TEST_CASE(an_older_command_that_comes_again_behind_a_newer_one_is_not_obeyed_again) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    fly_to_corner(drill);
    drill.vehicle.answers_after_s = 0.5;
    drill.tell(drill_command(1, "hold"));
    drill.live(0.2);
    drill.tell(drill_command(2, "resume"));
    drill.tell(drill_command(1, "hold"));  // the service's second try, overtaken
    drill.tell(drill_command(2, "resume"));
    drill.live(10.0);
    BOOST_TEST(is_in(FlightMode::mission, drill.vehicle));
    std::map<std::int64_t, int> answers;
    for (const auto& message : drill.said) {
      if (const auto* answer = std::get_if<CommandAnswer>(&message)) ++answers[answer->command_seq];
    }
    BOOST_TEST(answers[1] == 1);
    BOOST_TEST(answers[2] == 1);
    drill.tell(drill_command(1, "hold"));  // and its third
    drill.live(3.0);
    BOOST_TEST(is_in(FlightMode::mission, drill.vehicle));
  }
}

BOOST_AUTO_TEST_CASE(of_two_missions_that_wait_only_the_newer_is_loaded) {
  DroneDrill drill(Autopilot::px4);
  fly_to_corner(drill);
  drill.vehicle.answers_after_s = 1.0;
  drill.tell(drill_command(1, "hold"));
  drill.tell(drill_mission(2, Purpose::deliver, aside(corner())));
  drill.tell(drill_mission(3, Purpose::deliver, aside(corner())));
  drill.tell(drill_mission(2, Purpose::deliver, aside(corner())));
  std::map<std::int64_t, bool> accepted;
  while (const auto answer = drill.hear<MissionAnswer>(15.0)) {
    accepted[answer->mission_no] = accepted[answer->mission_no] || answer->accepted;
  }
  BOOST_TEST(!accepted.at(2));
  BOOST_TEST(accepted.at(3));
  BOOST_TEST(drill.vehicle.uploads == 2);
}

/// An upload that ends halfway leaves it open which mission the vehicle has.
BOOST_AUTO_TEST_CASE(what_is_resumed_after_a_failed_load_is_read_back_first) {
  for (const bool kept_the_old : {true, false}) {
    DroneDrill drill(Autopilot::px4);
    fly_to_corner(drill);
    const auto old = drill.vehicle.mission;
    drill.tell(drill_command(1, "hold"));
    BOOST_REQUIRE(drill.hear<CommandAnswer>()->accepted);
    drill.vehicle.stores = [](MissionItemInt& item) { item.z += 2.0F; };
    drill.tell(drill_mission(2, Purpose::deliver, aside(corner())));
    BOOST_TEST(!drill.hear<MissionAnswer>()->accepted);
    drill.vehicle.stores = [](MissionItemInt&) {};
    if (kept_the_old) drill.vehicle.mission = old;
    drill.restart();
    drill.tell(drill_command(2, "resume"));
    const auto answer = drill.hear<CommandAnswer>();
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->accepted == kept_the_old);
    BOOST_TEST(is_in(FlightMode::mission, drill.vehicle) == kept_the_old);
  }
}

/// QGroundControl and Mission Planner are 255/190 on the same link.
BOOST_AUTO_TEST_CASE(what_another_ground_station_is_answered_is_not_taken_for_the_bridges) {
  for (const Address other :
       {Address{.system = 255, .component = 190}, Address{.system = kBridge.system, .component = 1}}) {
    DroneDrill drill(Autopilot::px4);
    BOOST_TEST((drill.vehicle.heard(kSetMode) == 0U));
    drill.vehicle.answers_to = other;
    drill.tell(drill_mission(1, Purpose::pickup));
    const auto taken = drill.hear<MissionAnswer>(60.0);
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST(!taken->accepted);
    BOOST_TEST(taken->reason.find("asked for 0 of") != std::string::npos, taken->reason);
    drill.vehicle.answers_to = {};  // everybody
    drill.fly(drill_mission(2, Purpose::pickup));
  }
  // Nor is what it tells the vehicle heard as a report from the pad.
  DroneDrill drill(Autopilot::px4);
  drill.fly(drill_mission(1, Purpose::pickup));
  drill.vehicle.stand_at(drill_route().waypoints.back().position);
  BOOST_TEST(drill.event() == "landed");
  CommandLong signal = command_of(CommandId::user_1, 1.0F, 0.75F);
  signal.target_system = 255;
  BOOST_TEST(drill.send_frame(signal).empty());
  BOOST_TEST(drill.event(5.0) == "none");
}

BOOST_AUTO_TEST_CASE(a_vehicle_that_forgets_its_battery_does_not_take_off) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    drill.live(2.0);
    BOOST_TEST(drill.where().battery_age_s == 0.0);
    planner::Route later = drill_route();
    later.depart = after(testing::noon(), 30.0);
    drill.tell(drill_mission(1, Purpose::pickup, later));
    BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
    drill.vehicle.battery_percent = -1;  // UINT8_MAX in the eight bits of the wire
    drill.live(15.0);
    BOOST_TEST(drill.where().battery_age_s > 10.0);
    const auto fault = drill.hear<DroneEvent>(90.0);
    BOOST_REQUIRE(fault.has_value());
    BOOST_TEST(fault->kind == "fault");
    BOOST_TEST(fault->fault.find("does not know its battery") != std::string::npos);
    BOOST_TEST(drill.vehicle.heard(kArm) == 0U);
    BOOST_TEST(!drill.vehicle.armed);
    drill.tell(drill_mission(2, Purpose::pickup));
    BOOST_TEST(drill.hear<MissionAnswer>()->reason == kBatteryUnknown);
    drill.vehicle.battery_percent = 80;
    drill.live(1.0);
    BOOST_TEST(drill.where().battery_age_s == 0.0);
  }
}

BOOST_AUTO_TEST_CASE(in_the_air_a_forgotten_battery_is_told_with_its_age) {
  DroneDrill drill(Autopilot::px4);
  fly_to_corner(drill);
  drill.vehicle.battery_percent = 127;  // INT8_MAX: no share either
  drill.live(30.0);
  const drone_link::Telemetry told = drill.where();
  BOOST_TEST(told.battery_age_s > 25.0);
  BOOST_TEST(told.battery_age_s < 35.0);
  BOOST_TEST(told.battery_wh > 0.0);  // the last that was known
  BOOST_TEST(is_in(FlightMode::mission, drill.vehicle));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
