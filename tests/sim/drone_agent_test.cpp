// Missions: taken or refused, flown, loaded and released.
#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_CASE(a_whole_delivery_out_and_home_again) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      AgentDrill drone(options_with(seed));
      const UtcTime depart = noon() + 20s;
      BOOST_TEST(drone.offer(mission_of(1, testing::sample_route(depart), Purpose::pickup)).accepted);
      BOOST_TEST(drone.agent.phase() == "idle");

      const auto takeoff = drone.live_until("takeoff");
      BOOST_REQUIRE(takeoff.has_value());
      BOOST_TEST(std::abs(seconds_between(depart, takeoff->at)) <= 0.02);
      const auto landed = drone.live_until("landed");
      BOOST_REQUIRE(landed.has_value());
      BOOST_TEST(drone.agent.phase() == "loading");
      const auto loaded = drone.live_until("loaded");
      BOOST_REQUIRE(loaded.has_value());
      BOOST_TEST(loaded->payload_kg == 1.5);
      BOOST_TEST(seconds_between(landed->at, loaded->at) >= 4.0);
      BOOST_TEST(seconds_between(landed->at, loaded->at) <= 8.1);

      BOOST_TEST(drone.offer(mission_of(2, testing::sample_route_back(drone.now), Purpose::deliver)).accepted);
      const auto arrived = drone.live_until("landed");
      const auto released = drone.live_until("released");
      BOOST_REQUIRE((arrived && released));
      BOOST_TEST(seconds_between(arrived->at, released->at) >= 2.0);
      BOOST_TEST(seconds_between(arrived->at, released->at) <= 4.1);
      BOOST_TEST(drone.agent.payload_kg() == 0.0);

      const double before_wh = drone.agent.motion().battery_wh();
      BOOST_TEST(before_wh < testing::sample_vehicle().battery_wh);
      BOOST_TEST(drone.offer(mission_of(3, testing::sample_route(drone.now), Purpose::home)).accepted);
      const auto home = drone.live_until("landed");
      BOOST_TEST(drone.agent.phase() == "swapping");
      const auto swapped = drone.live_until("swapped");
      BOOST_REQUIRE((home && swapped));
      BOOST_TEST(seconds_between(home->at, swapped->at) == 30.0, boost::test_tools::tolerance(0.01));
      BOOST_TEST(drone.agent.motion().battery_wh() == testing::sample_vehicle().battery_wh);
      BOOST_TEST(drone.agent.phase() == "idle");
      BOOST_TEST(drone.agent.hello().flight_id.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_purpose_it_loads_then_releases_then_swaps_at_home) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(drone.now), {}));
  BOOST_TEST(drone.live_until("loaded").has_value());
  // Away from home with a parcel aboard; the way back ends at home, where a battery waits.
  drone.offer(mission_of(2, testing::sample_route_back(drone.now), {}));
  BOOST_TEST(drone.live_until("swapped").has_value());
}

BOOST_AUTO_TEST_CASE(a_parcel_is_not_loaded_before_it_is_ready) {
  AgentDrill drone(options_with(1));
  Mission mission = mission_of(1, testing::sample_route(noon()), Purpose::pickup);
  mission.ready_at = noon() + 10min;
  drone.offer(mission);
  const auto loaded = drone.live_until("loaded", 900s);
  BOOST_REQUIRE(loaded.has_value());
  BOOST_TEST((loaded->at >= noon() + 10min + 4s));
  BOOST_TEST((loaded->at <= noon() + 10min + 9s));
}

BOOST_AUTO_TEST_CASE(a_departure_that_is_past_is_flown_at_once) {
  AgentDrill drone(options_with(1));
  drone.live(10s);
  drone.offer(mission_of(1, testing::sample_route(noon() - 60s), Purpose::pickup));
  const auto takeoff = drone.live_until("takeoff", 1s);
  BOOST_REQUIRE(takeoff.has_value());
  BOOST_TEST(seconds_between(noon() + 10s, takeoff->at) <= 0.05);
}

BOOST_AUTO_TEST_CASE(it_refuses_what_it_must) {
  AgentDrill drone(options_with(1));
  const planner::Route route = testing::sample_route(noon() + 1h);
  BOOST_TEST(drone.offer(mission_of(5, route, Purpose::pickup, 3)).accepted);

  const MissionAck lower_epoch = drone.offer(mission_of(6, route, Purpose::pickup, 2));
  BOOST_TEST(!lower_epoch.accepted);
  BOOST_TEST(lower_epoch.reason == "epoch 2 is below 3");

  const MissionAck old_number = drone.offer(mission_of(4, route, Purpose::pickup, 3));
  BOOST_TEST(!old_number.accepted);
  BOOST_TEST(old_number.reason == "mission_no 4 is older than 5");

  Mission wrong_hash = mission_of(6, route, Purpose::pickup, 3);
  wrong_hash.route.waypoints.at(2).position.alt_msl_m += 0.001;
  BOOST_TEST(drone.offer(wrong_hash).reason == "the route does not have this route_hash");

  const MissionAck elsewhere = drone.offer(mission_of(6, testing::sample_route_back(noon()), Purpose::pickup, 3));
  BOOST_TEST(!elsewhere.accepted);
  BOOST_TEST(elsewhere.reason.starts_with("the route starts 10"));  // √(900² + 600²) m

  planner::Route infeasible = route;
  infeasible.status = planner::RouteStatus::infeasible;
  infeasible.waypoints.clear();
  BOOST_TEST(!drone.offer(mission_of(6, infeasible, Purpose::pickup, 3)).accepted);
}

BOOST_AUTO_TEST_CASE(the_same_mission_again_is_acknowledged_again_and_flown_once) {
  AgentDrill drone(options_with(1));
  const Mission mission = mission_of(1, testing::sample_route(noon()), Purpose::pickup);
  BOOST_TEST(drone.offer(mission).accepted);
  BOOST_TEST(drone.live_until("takeoff").has_value());
  drone.live(20s);
  BOOST_TEST(drone.offer(mission).accepted);
  BOOST_TEST(drone.live_until("landed").has_value());
  BOOST_TEST(drone.offer(mission).accepted);
  BOOST_TEST(!drone.live_until("takeoff", 60s).has_value());
  Mission another = mission_of(1, testing::sample_route_back(noon()), Purpose::pickup);
  BOOST_TEST(!drone.offer(another).accepted);
}

BOOST_AUTO_TEST_CASE(a_new_mission_in_the_air_is_taken_up_from_where_it_holds) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  drone.live(50s);
  drone.tell(Command{.epoch = 1, .command_seq = 1, .verb = "hold"});
  drone.live(20s);
  planner::Route back = testing::sample_route_back(drone.now);
  const GeoPoint here = drone.agent.motion().position();
  // Straight back over the start: from here, level to above the first waypoint of the old route, and down.
  back.waypoints = {{.position = here, .t_s = 0.0, .phase = planner::Phase::cruise},
                    {.position = testing::sample_route(noon()).waypoints.at(3).position, .t_s = 60.0},
                    {.position = testing::sample_route(noon()).waypoints.at(0).position, .t_s = 120.0}};
  const MissionAck ack = drone.offer(mission_of(2, back, Purpose::home));
  BOOST_TEST(ack.accepted, ack.reason);
  BOOST_TEST(drone.live_until("swapped").has_value());
}

BOOST_AUTO_TEST_CASE(a_mission_during_loading_calls_it_away_and_one_during_a_swap_waits_for_it) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  BOOST_TEST(drone.live_until("landed").has_value());
  drone.offer(mission_of(2, testing::sample_route_back(drone.now), Purpose::home));
  const auto takeoff = drone.live_until("takeoff", 1s);
  BOOST_REQUIRE(takeoff.has_value());
  BOOST_TEST(takeoff->payload_kg == 0.0);
  const auto landed = drone.live_until("landed");
  BOOST_REQUIRE(landed.has_value());
  BOOST_TEST(drone.offer(mission_of(3, testing::sample_route(drone.now), Purpose::pickup)).accepted);
  const auto next = drone.live_until("takeoff");
  BOOST_REQUIRE(next.has_value());
  BOOST_TEST(seconds_between(landed->at, next->at) >= 30.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
