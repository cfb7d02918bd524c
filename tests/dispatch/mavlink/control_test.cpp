// Who has the vehicle: the service, or somebody whom nobody takes it from.
#include <boost/test/unit_test.hpp>

#include "dispatch/mavlink/commands.hpp"
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

std::uint32_t px4_mode(std::uint32_t main_mode, std::uint32_t sub_mode) { return main_mode << 16U | sub_mode << 24U; }

/// Modes that a bridge on a mission has not commanded: a pilot's (stabilised, position), and failsafes' (return, land,
/// hold).
std::vector<std::uint32_t> foreign_modes(Autopilot autopilot) {
  if (autopilot == Autopilot::ardupilot) return {0, 5, 16, 6, 9, 17};
  return {px4_mode(7, 0), px4_mode(3, 0), px4_mode(4, 5), px4_mode(4, 6), px4_mode(4, 3)};
}

std::uint32_t mission_mode(Autopilot autopilot) { return autopilot == Autopilot::ardupilot ? 3 : px4_mode(4, 4); }

bool is_in(FlightMode mode, const testing::PaperVehicle& vehicle) {
  return mavlink::is_in(mode, vehicle.autopilot, vehicle.custom_mode);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control)

BOOST_AUTO_TEST_CASE(whoever_takes_over_is_left_alone_and_the_service_is_told) {
  for (const Autopilot autopilot : kBoth) {
    for (const std::uint32_t mode : foreign_modes(autopilot)) {
      DroneDrill drill(autopilot);
      drill.fly(drill_mission(1, Purpose::pickup));
      drill.vehicle.at = drill_route().waypoints[4].position;
      drill.live(2.0);
      BOOST_TEST(drill.where().control.empty());
      drill.vehicle.custom_mode = mode;
      drill.live(0.15);  // a heartbeat
      const std::size_t before = drill.vehicle.heard_orders();
      drill.live(3.0);
      const drone_link::Telemetry told = drill.where();
      BOOST_TEST(told.control == "other");
      BOOST_TEST(told.warning.find("its pilot has it, or a failsafe") != std::string::npos);
      // Nor is it given anything that the service asks for.
      std::int64_t number = 0;
      for (const char* verb : {"hold", "resume", "return", "land"}) {
        drill.tell(drill_command(++number, verb));
        const auto answer = drill.hear<CommandAnswer>();
        BOOST_REQUIRE(answer.has_value());
        BOOST_TEST(!answer->accepted);
        BOOST_TEST(answer->reason.find("off the service's control") != std::string::npos);
      }
      drill.tell(drill_mission(2, Purpose::pickup));
      BOOST_TEST(!drill.hear<MissionAnswer>()->accepted);
      drill.live(60.0);
      BOOST_TEST(drill.vehicle.custom_mode == mode);
      BOOST_TEST(drill.vehicle.heard_orders() == before);
      // A new bridge does not take it either.
      drill.restart();
      drill.live(10.0);
      BOOST_TEST(drill.where().control == "other");
      BOOST_TEST(drill.vehicle.heard_orders() == before);
      BOOST_TEST(drill.vehicle.custom_mode == mode);
    }
  }
}

BOOST_AUTO_TEST_CASE(given_back_it_hovers_until_it_gets_a_way_from_there) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    drill.fly(drill_mission(1, Purpose::pickup));
    drill.vehicle.at = drill_route().waypoints[4].position;
    drill.live(1.0);
    drill.vehicle.custom_mode = foreign_modes(autopilot).front();
    drill.live(5.0);
    // Elsewhere, where nobody has proven anything.
    drill.vehicle.at.lat_deg += 0.0004;
    drill.live(5.0);
    // Another foreign mode gives nothing back: a failsafe after a pilot.
    drill.vehicle.custom_mode = foreign_modes(autopilot).back();
    drill.live(5.0);
    BOOST_TEST(drill.where().control == "other");
    drill.vehicle.custom_mode = mission_mode(autopilot);
    drill.live(3.0);
    BOOST_TEST(is_in(FlightMode::hold, drill.vehicle));
    BOOST_TEST(drill.where().control == "given_back");
    drill.live(20.0);
    BOOST_TEST(is_in(FlightMode::hold, drill.vehicle));
    planner::Route on = drill_route();
    on.waypoints.erase(on.waypoints.begin(), on.waypoints.begin() + 4);
    on.waypoints.front().position = drill.where().position;
    on.waypoints.front().phase = planner::Phase::cruise;
    drill.tell(drill_mission(2, Purpose::pickup, on));
    const auto taken = drill.hear<MissionAnswer>();
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST(taken->accepted, taken->reason);
    drill.live(3.0);
    BOOST_TEST(is_in(FlightMode::mission, drill.vehicle));
    BOOST_TEST(drill.where().control.empty());
  }
}

/// The same command again and again would take it from the pilot, who has it since the first.
BOOST_AUTO_TEST_CASE(a_command_that_is_not_answered_is_not_repeated_into_a_pilots_hands) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    drill.fly(drill_mission(1, Purpose::pickup));
    drill.live(1.0);
    drill.vehicle.ignores_modes = true;
    drill.tell(drill_command(1, "hold"));
    drill.live(1.2);
    drill.vehicle.custom_mode = foreign_modes(autopilot).front();
    drill.live(0.15);
    drill.vehicle.ignores_modes = false;
    const std::size_t before = drill.vehicle.heard_orders();
    const auto answer = drill.hear<CommandAnswer>();
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(!answer->accepted);
    BOOST_TEST(answer->reason.find("off the service's control") != std::string::npos);
    drill.live(10.0);
    BOOST_TEST(drill.vehicle.heard_orders() == before);
    BOOST_TEST(drill.vehicle.custom_mode == foreign_modes(autopilot).front());
  }
}

BOOST_AUTO_TEST_CASE(one_overtaken_heartbeat_is_no_pilot) {
  DroneDrill drill(Autopilot::px4);
  drill.fly(drill_mission(1, Purpose::pickup));
  drill.live(1.0);
  const std::uint32_t mission = drill.vehicle.custom_mode;
  for (int i = 0; i < 20; ++i) {
    Heartbeat late{.custom_mode = px4_mode(4, 3), .type = 13, .autopilot = 12, .base_mode = 0x81};
    FrameReader reader;
    for (const Frame& frame : reader.read(encode(late, {.system = 1, .component = 1}, 0))) {
      drill.drone->hear(frame, testing::wall(drill.now_s()));
    }
    drill.live(0.3);
    BOOST_TEST(drill.where().control.empty());
  }
  BOOST_TEST(drill.vehicle.custom_mode == mission);
}

BOOST_AUTO_TEST_CASE(a_pilot_who_takes_off_by_hand_flies_no_mission) {
  for (const Autopilot autopilot : kBoth) {
    DroneDrill drill(autopilot);
    planner::Route later = drill_route();
    later.depart = after(testing::noon(), 60.0);
    drill.tell(drill_mission(1, Purpose::pickup, later));
    BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
    drill.vehicle.custom_mode = foreign_modes(autopilot).front();
    drill.vehicle.armed = true;
    drill.live(3.0);
    BOOST_TEST(drill.where().control == "other");
    const std::size_t before = drill.vehicle.heard_orders();
    drill.vehicle.lift_off();
    drill.live(20.0);
    BOOST_TEST((drill.drone->logbook().stage == Logbook::Stage::waiting));
    drill.vehicle.stand_at(drill_route().waypoints.front().position);
    // Not given back: the mission's time passes.
    const auto fault = drill.hear<DroneEvent>(150.0);
    BOOST_REQUIRE(fault.has_value());
    BOOST_TEST(fault->kind == "fault");
    BOOST_TEST(fault->fault.find("too late to depart") != std::string::npos);
    BOOST_TEST(drill.vehicle.heard_orders() == before);
    BOOST_TEST(drill.where().control == "other");
    drill.vehicle.custom_mode = mission_mode(autopilot);
    drill.live(3.0);
    BOOST_TEST(drill.where().control.empty());
    BOOST_TEST(!drill.vehicle.armed);
  }
}

BOOST_AUTO_TEST_CASE(a_pilot_who_lands_it_where_it_was_bound_for_is_not_disarmed_and_lets_go_himself) {
  DroneDrill drill(
      Autopilot::ardupilot,
      {.loaded_after_s = 2.0, .release = command_of(CommandId::do_gripper, 1.0F), .released_after_s = 3.0});
  drill.fly(drill_mission(1, Purpose::deliver));
  drill.vehicle.custom_mode = 5;
  drill.live(3.0);
  const std::size_t before = drill.vehicle.heard_orders();
  drill.vehicle.stand_at(drill_route().waypoints.back().position);
  drill.vehicle.armed = true;
  BOOST_TEST(drill.event() == "landed");
  drill.live(30.0);
  BOOST_TEST(drill.vehicle.armed);
  BOOST_TEST(drill.vehicle.heard_orders() == before);
  // Given back, the work on the pad goes on.
  drill.vehicle.armed = false;
  drill.vehicle.custom_mode = 3;
  BOOST_TEST(drill.event() == "released");
}

BOOST_AUTO_TEST_CASE(a_vehicle_that_cannot_be_disarmed_is_told_to_the_service) {
  for (const bool on_pad : {true, false}) {
    DroneDrill drill(Autopilot::px4, {.loaded_after_s = 1.0, .release = {}, .released_after_s = {}});
    drill.vehicle.refuses_disarming_with = 4;
    if (on_pad) {
      drill.fly(drill_mission(1, Purpose::pickup));
      drill.vehicle.stand_at(drill_route().waypoints.back().position);
      drill.vehicle.armed = true;
    } else {
      drill.tell(drill_mission(1, Purpose::pickup));
      BOOST_REQUIRE(drill.hear<MissionAnswer>()->accepted);
      drill.vehicle.at.lat_deg += 0.0002;  // its home will be elsewhere: armed, and not sent off
    }
    drill.live(15.0);
    BOOST_TEST(drill.vehicle.armed);
    const std::string warning = drill.where().warning;
    BOOST_TEST(warning.find("armed") != std::string::npos, warning);
    BOOST_TEST(warning.find("failed") != std::string::npos, warning);
    drill.vehicle.refuses_disarming_with = 0;
    drill.live(15.0);
    BOOST_TEST(!drill.vehicle.armed);
    BOOST_TEST(drill.where().warning.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
