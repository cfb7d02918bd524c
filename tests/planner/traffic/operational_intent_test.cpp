#include "planner/traffic/operational_intent.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/planner/traffic/drawn_traffic.hpp"
#include "tests/seed.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;
using geo::Enu3;
using test::DrawnFlight;

double across_m(const Enu2& p, const Enu2& a, const Enu2& b) {
  const Enu2 d = b - a;
  const double share = d.squaredNorm() > 0.0 ? std::clamp((p - a).dot(d) / d.squaredNorm(), 0.0, 1.0) : 0.0;
  return (a + share * d - p).norm();
}

/// Whether the flight, at p at that instant, is inside a volume by half the separation.
bool is_held(const OperationalIntent& intent, const TrafficRules& rules, const Enu3& p, double at_s) {
  constexpr double kRounding = 0.012;
  return std::any_of(intent.volumes.begin(), intent.volumes.end(), [&](const IntentVolume& v) {
    return v.begins_s <= at_s && at_s <= v.ends_s &&
           across_m(p.head<2>(), v.from_enu, v.to_enu) + rules.across_m / 2.0 <= v.reach_m + kRounding &&
           v.low_msl_m + rules.up_m / 2.0 <= p.z() + kRounding && p.z() - kRounding <= v.high_msl_m - rules.up_m / 2.0;
  });
}

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
      BOOST_TEST(v.high_msl_m - v.low_msl_m < 40.0);
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

BOOST_AUTO_TEST_CASE(a_route_without_a_way_is_the_callers_mistake) {
  Route route;
  const geo::LocalFrame frame({4.85, 45.76});
  BOOST_CHECK_THROW((void)operational_intent(route, frame, {}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::planner
