#include <boost/test/unit_test.hpp>
#include <cmath>

#include "sim/flight_path.hpp"
#include "tests/planner/traffic/drawn_traffic.hpp"
#include "tests/planner/traffic/held.hpp"
#include "tests/planner/traffic/planned_traffic.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
namespace planner = swiftlet::planner;
using swiftlet::sim::FlightPath;

namespace {

/// Instants at which what a simulated vehicle follows is out of the reserved air, misbehaving within the rules.
int instants_out(std::mt19937_64& random, const planner::Route& route, const geo::LocalFrame& frame) {
  const planner::TrafficRules rules;
  const auto intent = planner::operational_intent(route, frame, rules);
  const FlightPath path(route, frame);
  int out = 0;
  for (int k = 0; k < 6; ++k) {
    const planner::test::Misbehaviour does(random, rules);
    for (double at_s = -3.0; at_s < path.duration_s() + 10.0; at_s += 0.05) {
      const double flown_s = does.flown_s(at_s);
      if (flown_s <= 0.0 || flown_s >= path.duration_s()) continue;
      out += !planner::test::is_held(intent, rules, path.at(flown_s).p_enu + does.off_enu(at_s), at_s);
    }
  }
  return out;
}

/// A speed profile over slopes of all sorts, some hops too short to have one.
planner::Route bent_route(std::mt19937_64& random, const geo::LocalFrame& frame) {
  const auto draw = [&](double from, double to) { return std::uniform_real_distribution<double>(from, to)(random); };
  planner::Route route;
  geo::Enu3 p(0.0, 0.0, 100.0);
  double t_s = 0.0;
  double speed_m_s = 0.0;
  const auto add = [&] {
    route.waypoints.push_back({.position = frame.to_geo(p),
                               .t_s = std::round(t_s * 1e3) / 1e3,
                               .ground_speed_m_s = std::round(speed_m_s * 1e3) / 1e3});
  };
  add();
  for (int k = 0; k < 12; ++k) {
    const bool last = k == 11;
    const double level_m = draw(0.0, 1.0) < 0.25 && k > 0 && !last ? draw(0.01, 0.05) : draw(5.0, 60.0);
    const double next_m_s = last                                    ? 0.0
                            : level_m < 1.0 || draw(0.0, 1.0) < 0.5 ? std::max(speed_m_s, 1.0)
                                                                    : draw(0.5, 15.0);
    p += geo::Enu3(level_m, 0.0, level_m * draw(-1.0, 1.0));
    t_s += 2.0 * level_m / (speed_m_s + next_m_s);
    speed_m_s = next_m_s;
    add();
  }
  route.duration_s = route.waypoints.back().t_s;
  return route;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reserved_air)

BOOST_AUTO_TEST_CASE(what_simulated_vehicles_follow_stays_in_the_air_reserved_for_planned_routes) {
  const std::uint64_t first = swiftlet::test::seed();
  int flown = 0;
  for (std::uint64_t seed = first; seed < first + 24; ++seed) {
    std::mt19937_64 random(seed);
    const auto flight = planner::test::planned_flight(random, seed % 4 == 0 ? "hexa-15" : "courier-4");
    if (flight.route.status != planner::RouteStatus::ok) continue;
    ++flown;
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(instants_out(random, flight.route, flight.town.airspace->frame) == 0);
    }
  }
  BOOST_TEST(flown >= 12);
}

/// They follow cubics with one speed along the path at each waypoint: slower than the profile where the slope changes.
BOOST_AUTO_TEST_CASE(what_simulated_vehicles_follow_stays_in_the_reserved_air_where_the_slope_changes) {
  const std::uint64_t first = swiftlet::test::seed();
  const geo::LocalFrame frame({4.85, 45.76});
  for (std::uint64_t seed = first; seed < first + 60; ++seed) {
    std::mt19937_64 random(seed);
    const planner::Route route = bent_route(random, frame);
    BOOST_TEST_CONTEXT("seed " << seed) BOOST_TEST(instants_out(random, route, frame) == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
