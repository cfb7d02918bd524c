// What a drone says of itself, and over a link that is not always there.
#include <algorithm>
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
using testing::reply_at;

}  // namespace

BOOST_AUTO_TEST_SUITE(drone_agent)

BOOST_AUTO_TEST_CASE(an_event_is_said_every_second_until_it_is_acknowledged) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  drone.live(5s);
  const auto said = drone.all<DroneEvent>();
  BOOST_TEST(said.size() >= 5U);
  BOOST_TEST(said.size() <= 7U);
  for (const DroneEvent& event : said) BOOST_TEST(event.event_no == said.front().event_no);
  drone.tell(EventAck{said.front().event_no});
  drone.live(5s);
  BOOST_TEST(drone.all<DroneEvent>().size() == said.size());
}

BOOST_AUTO_TEST_CASE(on_a_lost_link_it_flies_on_and_tells_afterwards) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  BOOST_TEST(drone.live_until("takeoff").has_value());
  drone.agent.link_down();
  const std::size_t before = drone.said.size();
  drone.live(400s);
  BOOST_TEST(drone.said.size() == before);  // not a word
  const DroneHello hello = drone.agent.hello();
  BOOST_TEST(hello.flight_id == "F1");
  BOOST_TEST((hello.mission_no == 1));
  BOOST_REQUIRE(hello.position.has_value());

  drone.agent.link_up(reply_at(drone.now, 2));
  drone.live(1s);
  std::vector<std::string_view> kinds;
  for (const DroneEvent& event : drone.all<DroneEvent>()) {
    if (std::ranges::find(kinds, event.kind) == kinds.end()) kinds.push_back(event.kind);
  }
  BOOST_TEST((kinds == std::vector<std::string_view>{"takeoff", "landed", "loaded"}));
}

BOOST_AUTO_TEST_CASE(a_service_clock_that_jumps_moves_the_clock_and_not_the_drone) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  drone.live(40s);
  const GeoPoint before = drone.agent.motion().position();
  drone.agent.link_up(reply_at(drone.now + 300s));
  BOOST_CHECK(drone.agent.motion().position() == before);
  drone.now += 300s;
  drone.live(2s);
  const auto reports = drone.all<Telemetry>();
  BOOST_TEST((reports.back().at >= noon() + 341s));
  BOOST_TEST(reports.size() < 100U);
}

BOOST_AUTO_TEST_CASE(telemetry_keeps_its_rate_and_its_numbers_rise) {
  AgentDrill drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  for (int i = 0; i < 10; ++i) drone.live(7s);
  const auto reports = drone.all<Telemetry>();
  BOOST_TEST(reports.size() >= 139U);
  BOOST_TEST(reports.size() <= 141U);
  for (std::size_t i = 1; i < reports.size(); ++i) {
    BOOST_TEST(reports[i].n == reports[i - 1].n + 1);
    BOOST_TEST(reports[i].battery_wh < reports[i - 1].battery_wh);
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_bytes_however_often_it_is_looked_at) {
  const auto track = [](std::uint64_t seed, std::chrono::milliseconds look) {
    AgentDrill drone(options_with(seed));
    drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
    while (drone.now < noon() + 300s) drone.live(look);
    std::string bytes;
    for (const DroneMessage& message : drone.said) bytes += encode(message, "x") + "\n";
    return bytes;
  };
  const std::string once = track(11, 20ms);
  BOOST_TEST(once.size() > 10'000U);
  BOOST_TEST((once == track(11, 1500ms)));
  BOOST_TEST((once != track(12, 20ms)));
}

BOOST_AUTO_TEST_CASE(an_empty_battery_is_a_fault_said_once) {
  AgentOptions options = options_with(1);
  options.profile.battery_wh = 5.0;
  AgentDrill drone(options);
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  const auto fault = drone.live_until("fault");
  BOOST_REQUIRE(fault.has_value());
  BOOST_TEST(fault->fault == "battery empty");
  BOOST_TEST(!drone.live_until("fault", 60s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
