#include "planner/traffic/operational_intent.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/planner/traffic/drawn_traffic.hpp"
#include "tests/planner/traffic/held.hpp"
#include "tests/seed.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu3;
using test::DrawnFlight;
using test::is_held;

}  // namespace

BOOST_AUTO_TEST_SUITE(operational_intent_suite)

BOOST_AUTO_TEST_CASE(whatever_a_flight_does_within_the_rules_its_volumes_hold_it) {
  const std::uint64_t first = swiftlet::test::seed();
  const geo::LocalFrame frame({4.85, 45.76});
  for (std::uint64_t seed = first; seed < first + 150; ++seed) {
    std::mt19937_64 random(seed);
    const TrafficRules rules;
    const DrawnFlight flight(random, 1500.0, 12);
    const OperationalIntent intent = operational_intent(flight.route(frame), frame, rules);
    for (int k = 0; k < 4; ++k) {
      const test::Misbehaviour does(random, rules);
      int out = 0;
      for (double at_s = -3.0; at_s < flight.duration_s() + 10.0; at_s += 0.05) {
        const double flown_s = does.flown_s(at_s);
        if (flown_s <= 0.0 || flown_s >= flight.duration_s()) continue;
        out += !is_held(intent, rules, flight.at(flown_s) + does.off_enu(at_s), at_s);
      }
      BOOST_TEST_CONTEXT("seed " << seed) BOOST_TEST(out == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(volumes_stay_short_and_few) {
  std::mt19937_64 random(7);
  const geo::LocalFrame frame({4.85, 45.76});
  for (int k = 0; k < 50; ++k) {
    const DrawnFlight flight(random, 2000.0, 12);
    const OperationalIntent intent = operational_intent(flight.route(frame), frame, {});
    double length_m = 0.0;
    const Route route = flight.route(frame);
    for (std::size_t i = 1; i < route.waypoints.size(); ++i) {
      length_m +=
          (frame.to_local(route.waypoints[i].position) - frame.to_local(route.waypoints[i - 1].position)).norm();
    }
    BOOST_TEST(static_cast<double>(intent.volumes.size()) < length_m / 10.0 + 40.0);
    for (const IntentVolume& v : intent.volumes) {
      if ((v.to_enu - v.from_enu).norm() > 1.0) BOOST_TEST(v.high_msl_m - v.low_msl_m < 40.0);
      BOOST_TEST(v.ends_s > v.begins_s);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_flown_already_is_reserved_no_more_and_what_comes_is_surer) {
  std::mt19937_64 random(11);
  const geo::LocalFrame frame({4.85, 45.76});
  const DrawnFlight flight(random, 2000.0, 12);
  const Route route = flight.route(frame);
  const OperationalIntent whole = operational_intent(route, frame, {});
  const double half_s = route.duration_s / 2.0;
  const OperationalIntent rest = operational_intent(route, frame, {}, half_s);
  BOOST_TEST(rest.volumes.size() < whole.volumes.size());
  BOOST_TEST(rest.volumes.front().ends_s > half_s);
  const auto width = [](const IntentVolume& v) { return v.ends_s - v.begins_s; };
  BOOST_TEST(width(rest.volumes.back()) < width(whole.volumes.back()));
}

BOOST_AUTO_TEST_CASE(a_flight_that_may_still_be_late_keeps_the_air_behind_it) {
  const std::uint64_t first = swiftlet::test::seed();
  const geo::LocalFrame frame({4.85, 45.76});
  const TrafficRules rules;
  int behind = 0;
  for (std::uint64_t seed = first; seed < first + 60; ++seed) {
    std::mt19937_64 random(seed);
    const DrawnFlight flight(random, 1500.0, 12);
    const Route route = flight.route(frame);
    // Past the end too: it may have that much of its way still before it.
    const double known_s = std::uniform_real_distribution<double>(0.0, route.duration_s + 5.0)(random);
    const OperationalIntent rest = operational_intent(route, frame, rules, known_s);
    int out = 0;
    for (const double error_s : {-rules.early_s, -0.3, 0.0, 1.1, rules.late_s}) {
      for (double at_s = std::min(known_s, route.duration_s); at_s < flight.duration_s() + rules.late_s; at_s += 0.05) {
        const double flown_s = at_s - error_s;
        if (flown_s <= 0.0 || flown_s >= flight.duration_s()) continue;
        behind += flown_s < known_s - 1.0;
        out += !is_held(rest, rules, flight.at(flown_s), at_s);
      }
    }
    BOOST_TEST_CONTEXT("seed " << seed << " known at " << known_s) BOOST_TEST(out == 0);
  }
  BOOST_TEST(behind > 500);
}

BOOST_AUTO_TEST_CASE(a_route_without_a_way_is_the_callers_mistake) {
  Route route;
  const geo::LocalFrame frame({4.85, 45.76});
  BOOST_CHECK_THROW((void)operational_intent(route, frame, {}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::planner
