#include <boost/test/unit_test.hpp>

#include "planner/autopilot/autopilot_profile.hpp"
#include "planner/mission/route_mission.hpp"
#include "tests/planner/traffic/drawn_traffic.hpp"
#include "tests/planner/traffic/held.hpp"
#include "tests/planner/traffic/planned_traffic.hpp"
#include "tests/seed.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu3;
using test::PlannedFlight;

/// Instants at which the flight is out of its volumes, misbehaving within the rules in a few ways.
int instants_out(std::mt19937_64& random, const PlannedFlight& flight, bool speeds_are_a_profile) {
  const TrafficRules rules;
  const geo::LocalFrame& frame = flight.town.airspace->frame;
  const OperationalIntent intent = operational_intent(flight.route, frame, rules);
  int out = 0;
  for (int k = 0; k < 6; ++k) {
    const test::UnevenFlight flown(random, flight.route, frame, speeds_are_a_profile);
    const test::Misbehaviour does(random, rules);
    for (double at_s = -3.0; at_s < flight.route.duration_s + 10.0; at_s += 0.05) {
      const double flown_s = does.flown_s(at_s);
      if (flown_s <= 0.0 || flown_s >= flight.route.duration_s) continue;
      out += !test::is_held(intent, rules, flown.at(flown_s) + does.off_enu(at_s), at_s);
    }
  }
  return out;
}

int checked_flights(const std::string& vehicle, int worlds, bool speeds_are_a_profile) {
  const std::uint64_t first = swiftlet::test::seed();
  int flown = 0;
  for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(worlds); ++seed) {
    std::mt19937_64 random(seed);
    const PlannedFlight flight = test::planned_flight(random, vehicle);
    if (flight.route.status != RouteStatus::ok) continue;
    ++flown;
    BOOST_TEST_CONTEXT(vehicle << ", seed " << seed) {
      BOOST_TEST(instants_out(random, flight, speeds_are_a_profile) == 0);
    }
  }
  return flown;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(planned_flights)

BOOST_AUTO_TEST_CASE(volumes_hold_a_planned_flight_however_uneven_its_speed_between_waypoints) {
  BOOST_TEST(checked_flights("courier-4", 24, true) >= 12);
}

BOOST_AUTO_TEST_CASE(times_of_an_autopilot_are_no_speed_profile_and_its_flight_is_held_wherever_it_is_on_a_hop) {
  BOOST_TEST(checked_flights("hexa-15", 10, false) >= 5);
  BOOST_TEST(checked_flights("quad-10", 10, false) >= 5);
}

/// It cuts up to 1.7 m of height off corners on such ways, where the plain rules allow a controller 1.5 m.
BOOST_AUTO_TEST_CASE(an_autopilot_that_cuts_corners_is_held_by_rules_that_allow_for_it) {
  const std::uint64_t first = swiftlet::test::seed();
  const TrafficRules rules{.vertical_error_m = 2.0};
  int flown = 0;
  for (std::uint64_t seed = first; seed < first + 12; ++seed) {
    std::mt19937_64 random(seed);
    const PlannedFlight flight = test::planned_flight(random, seed % 2 == 0 ? "hexa-15" : "quad-10");
    if (flight.route.status != RouteStatus::ok) continue;
    ++flown;
    const auto mission = mission::to_mission(flight.route, {.cruise_speed_m_s = flight.vehicle.cruise_speed_m_s});
    const auto flies =
        autopilot::predict_flight(mission.value(), flight.vehicle.autopilot.value(), *flight.request.wind);
    BOOST_REQUIRE(flies.has_value());
    const geo::LocalFrame& frame = flight.town.airspace->frame;
    const OperationalIntent intent = operational_intent(flight.route, frame, rules);
    const Enu3 home = frame.to_local(flight.route.waypoints.front().position);
    int out = 0;
    for (const double error_s : {-rules.early_s, 0.0, rules.late_s}) {
      for (const auto& p : flies->track) {
        out += !test::is_held(intent, rules, home + Enu3(p.east_m, p.north_m, p.height_m), p.t_s + error_s);
      }
    }
    BOOST_TEST_CONTEXT("seed " << seed) BOOST_TEST(out == 0);
  }
  BOOST_TEST(flown >= 6);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::planner
