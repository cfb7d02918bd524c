#include "sim/drone_agent.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "planner/route_json.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

using namespace std::chrono_literals;

UtcTime noon() { return UtcTime{} + std::chrono::hours(24 * 365 * 50 + 12); }

AgentOptions options_with(std::uint64_t seed) {
  return {.drone = "D01",
          .profile = testing::sample_vehicle(),
          .air = {.wind = {.speed_m_s = 4.0, .from_deg = 225.0}, .gusts = true, .seed = seed},
          .telemetry_hz = 2.0,
          .swap_s = 30.0};
}

HelloReply reply_at(UtcTime time, std::int64_t epoch = 1) {
  return {.drone = "D01",
          .epoch = epoch,
          .time = time,
          .speed = 1.0,
          .home = testing::sample_route(noon()).waypoints.front().position};
}

Mission mission_of(std::int64_t number, planner::Route route, std::optional<Purpose> purpose, std::int64_t epoch = 1) {
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

/// An agent and all that it said, in order.
struct Told {
  DroneAgent agent;
  UtcTime now = noon();
  std::vector<DroneMessage> said = {};

  explicit Told(const AgentOptions& options) : agent(options) { agent.link_up(reply_at(now)); }

  void live(std::chrono::milliseconds time) {
    agent.advance(now += time);
    std::ranges::move(agent.take_outbox(), std::back_inserter(said));
  }
  void tell(const ServiceMessage& message) {
    agent.receive(message);
    std::ranges::move(agent.take_outbox(), std::back_inserter(said));
  }
  /// Lives on until an event of this kind is said, acknowledging all events; nothing if none comes within the time.
  std::optional<DroneEvent> live_until(std::string_view kind, std::chrono::seconds most = 600s) {
    for (const UtcTime end = now + most; now < end;) {
      const std::size_t before = said.size();
      live(20ms);
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
  MissionAck offer(const Mission& mission) {
    tell(mission);
    return std::get<MissionAck>(said.back());
  }
  template <class Message>
  [[nodiscard]] std::vector<Message> all() const {
    std::vector<Message> found;
    for (const DroneMessage& message : said) {
      if (const auto* one = std::get_if<Message>(&message)) found.push_back(*one);
    }
    return found;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(drone_agent)

BOOST_AUTO_TEST_CASE(a_whole_delivery_out_and_home_again) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Told drone(options_with(seed));
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
  Told drone(options_with(1));
  drone.offer(mission_of(1, testing::sample_route(drone.now), {}));
  BOOST_TEST(drone.live_until("loaded").has_value());
  // Away from home with a parcel aboard; the way back ends at home, where a battery waits.
  drone.offer(mission_of(2, testing::sample_route_back(drone.now), {}));
  BOOST_TEST(drone.live_until("swapped").has_value());
}

BOOST_AUTO_TEST_CASE(a_parcel_is_not_loaded_before_it_is_ready) {
  Told drone(options_with(1));
  Mission mission = mission_of(1, testing::sample_route(noon()), Purpose::pickup);
  mission.ready_at = noon() + 10min;
  drone.offer(mission);
  const auto loaded = drone.live_until("loaded", 900s);
  BOOST_REQUIRE(loaded.has_value());
  BOOST_TEST((loaded->at >= noon() + 10min + 4s));
  BOOST_TEST((loaded->at <= noon() + 10min + 9s));
}

BOOST_AUTO_TEST_CASE(a_departure_that_is_past_is_flown_at_once) {
  Told drone(options_with(1));
  drone.live(10s);
  drone.offer(mission_of(1, testing::sample_route(noon() - 60s), Purpose::pickup));
  const auto takeoff = drone.live_until("takeoff", 1s);
  BOOST_REQUIRE(takeoff.has_value());
  BOOST_TEST(seconds_between(noon() + 10s, takeoff->at) <= 0.05);
}

BOOST_AUTO_TEST_CASE(it_refuses_what_it_must) {
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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

BOOST_AUTO_TEST_CASE(commands_old_or_of_a_lower_epoch_are_refused_and_a_hold_holds) {
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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

BOOST_AUTO_TEST_CASE(a_new_mission_in_the_air_is_taken_up_from_where_it_holds) {
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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

BOOST_AUTO_TEST_CASE(an_event_is_said_every_second_until_it_is_acknowledged) {
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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
  Told drone(options_with(1));
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
    Told drone(options_with(seed));
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
  Told drone(options);
  drone.offer(mission_of(1, testing::sample_route(noon()), Purpose::pickup));
  const auto fault = drone.live_until("fault");
  BOOST_REQUIRE(fault.has_value());
  BOOST_TEST(fault->fault == "battery empty");
  BOOST_TEST(!drone.live_until("fault", 60s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
