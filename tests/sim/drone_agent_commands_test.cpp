// The service's commands to a drone in the air.
#include <boost/test/unit_test.hpp>

#include "planner/route_json.hpp"
#include "tests/sim/agent_drill.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

using namespace std::chrono_literals;
using testing::AgentDrill;
using testing::mission_of;
using testing::noon;
using testing::options_with;

}  // namespace

BOOST_AUTO_TEST_SUITE(drone_agent)

BOOST_AUTO_TEST_CASE(commands_old_or_of_a_lower_epoch_are_refused_and_a_hold_holds) {
  AgentDrill drone(options_with(1));
  const auto command = [&](std::int64_t epoch, std::int64_t seq, const char* verb) {
    drone.tell(Command{.epoch = epoch, .command_seq = seq, .verb = verb});
    return std::get<CommandAck>(drone.said.back());
  };
  BOOST_TEST(command(1, 1, "hold").reason == "not flying");
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  drone.live(40s);
  BOOST_TEST(command(1, 2, "hold").accepted);
  drone.live(20s);
  BOOST_TEST(drone.agent.phase() == "holding");
  BOOST_TEST(drone.agent.motion().v_enu().norm() < 1.0);
  BOOST_TEST(command(1, 2, "hold").accepted);
  BOOST_TEST(command(1, 1, "resume").reason == "command_seq 1 is older than 2");
  BOOST_TEST(command(0, 3, "resume").reason == "epoch 0 is below 1");
  BOOST_TEST(!command(1, 3, "loop").accepted);
  BOOST_TEST(command(1, 4, "resume").accepted);
  BOOST_TEST(drone.agent.hello().last_command_seq == 4);
  BOOST_TEST(drone.live_until("landed").has_value());
}

BOOST_AUTO_TEST_CASE(told_to_land_it_comes_straight_down_and_stays_there) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  drone.live(50s);
  const GeoPoint above = drone.agent.motion().position();
  drone.tell(Command{.epoch = 1, .command_seq = 1, .verb = "land"});
  BOOST_TEST(std::get<CommandAck>(drone.said.back()).accepted);
  drone.tell(Command{.epoch = 1, .command_seq = 2, .verb = "resume"});
  BOOST_TEST(std::get<CommandAck>(drone.said.back()).reason == "it is coming down");
  BOOST_TEST(drone.live_until("landed").has_value());
  const GeoPoint down = drone.agent.motion().position();
  const geo::LocalFrame frame(above.lonlat());
  BOOST_TEST((frame.to_local(down) - frame.to_local(above)).head<2>().norm() < 30.0);  // it had to slow down first
  drone.live(60s);
  BOOST_TEST(drone.agent.phase() == "idle");
  BOOST_TEST(drone.agent.hello().flight_id.empty());
}

BOOST_AUTO_TEST_CASE(told_to_return_it_flies_back_along_the_line_that_it_came_by) {
  AgentDrill drone(options_with(1));
  const planner::Route route = testing::sample_route(noon());
  drone.offer(mission_of(1, route, Purpose::pickup));
  drone.live(50s);
  drone.tell(Command{.epoch = 1, .command_seq = 1, .verb = "hold"});
  drone.live(15s);
  drone.tell(Command{.epoch = 1, .command_seq = 2, .verb = "return"});
  BOOST_TEST(std::get<CommandAck>(drone.said.back()).accepted);
  const FlightPath line(route);
  double farthest_m = 0.0;
  while (drone.agent.motion().flying()) {
    drone.live(1s);
    farthest_m = std::max(farthest_m, line.distance_m(line.frame().to_local(drone.agent.motion().position())));
  }
  BOOST_TEST(farthest_m < 3.0);
  const geo::LocalFrame frame(route.waypoints.front().position.lonlat());
  BOOST_TEST(frame.to_local(drone.agent.motion().position()).head<2>().norm() < 2.0);
}

BOOST_AUTO_TEST_CASE(a_diversion_needs_a_proven_route_from_here) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  drone.live(50s);
  drone.tell(Command{.epoch = 1, .command_seq = 1, .verb = "hold"});
  drone.live(20s);
  planner::Route aside = testing::sample_route_back(drone.now);
  aside.waypoints = {{.position = drone.agent.motion().position(), .t_s = 0.0, .phase = planner::Phase::cruise},
                     {.position = testing::sample_route(noon()).waypoints.at(3).position, .t_s = 60.0},
                     {.position = testing::sample_route(noon()).waypoints.at(0).position, .t_s = 120.0}};
  std::int64_t seq = 1;
  const auto divert = [&](std::optional<planner::Route> route, const std::string& hash) {
    drone.tell(
        Command{.epoch = 1, .command_seq = ++seq, .verb = "divert", .route = std::move(route), .route_hash = hash});
    return std::get<CommandAck>(drone.said.back());
  };
  BOOST_TEST(divert(std::nullopt, "").reason == "a diversion needs a route");
  BOOST_TEST(divert(aside, "sha256:other").reason == "the route does not have this route_hash");
  planner::Route elsewhere = testing::sample_route_back(drone.now);
  BOOST_TEST(divert(elsewhere, planner::route_hash(elsewhere)).reason.find("from the drone") != std::string::npos);
  BOOST_TEST(divert(aside, planner::route_hash(aside)).accepted);
  BOOST_TEST(drone.live_until("landed").has_value());
  drone.live(30s);
  BOOST_TEST(drone.agent.phase() == "idle");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
