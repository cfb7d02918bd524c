#include "sim/flight_path.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/planner/traffic/planned_traffic.hpp"
#include "tests/seed.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

const planner::Route kRoute = testing::sample_route(UtcTime{});

/// Waypoints that the route passes at a ground speed and the path does not: slower over the ground on both sides.
int waypoints_passed_too_slowly(const planner::Route& route, const geo::LocalFrame& frame) {
  const FlightPath path(route, frame);
  int slow = 0;
  for (std::size_t k = 1; k + 1 < route.waypoints.size(); ++k) {
    const planner::Waypoint& w = route.waypoints[k];
    // The speed along the path is the ground speed or more, wherever the path is not vertical.
    slow += path.at(w.t_s).v_enu.norm() < w.ground_speed_m_s - 0.01;
  }
  return slow;
}

/// Cruise at 12 m/s with 40 mm of it, from 5 s on, as a hop of its own with this climb and in this time.
planner::Route cruise_with_a_short_hop(double climb_m, double hop_s) {
  const geo::LocalFrame frame(LonLat{4.83, 45.76});
  planner::Route route;
  double t_s = 0.0;
  geo::Enu3 p(0.0, 0.0, 100.0);
  const auto add = [&] {
    route.waypoints.push_back(
        {.position = frame.to_geo(p), .t_s = t_s, .ground_speed_m_s = 12.0, .phase = planner::Phase::cruise});
  };
  add();
  for (const double run_m : {30.0, 30.0, 0.04, 30.0, 30.0}) {
    p += geo::Enu3(run_m, 0.0, run_m < 1.0 ? climb_m : 0.0);
    t_s += run_m < 1.0 ? hop_s : run_m / 12.0;
    add();
  }
  return route;
}

double slowest_m_s(const planner::Route& cruise) {
  const FlightPath path(cruise);
  double slowest_m_s = 12.0;
  for (double t_s = 2.5; t_s < 7.5; t_s += 0.001) slowest_m_s = std::min(slowest_m_s, path.at(t_s).v_enu.norm());
  return slowest_m_s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flight_path)

BOOST_AUTO_TEST_CASE(passes_every_waypoint_at_its_own_time) {
  const FlightPath path(kRoute);
  for (const planner::Waypoint& w : kRoute.waypoints) {
    const FlightPath::Reference at = path.at(w.t_s);
    BOOST_TEST((at.p_enu - path.frame().to_local(w.position)).norm() < 1e-6);
    BOOST_TEST(at.v_enu.head<2>().norm() == w.ground_speed_m_s, boost::test_tools::tolerance(1e-3));
  }
}

BOOST_AUTO_TEST_CASE(follows_a_constant_acceleration_exactly_between_waypoints) {
  const FlightPath path(kRoute);
  // The first cruise leg begins at the fourth waypoint and accelerates at 2 m/s².
  const double t0 = kRoute.waypoints.at(3).t_s;
  const geo::Enu3 from = path.at(t0).p_enu;
  for (double t = 0.5; t < 7.5; t += 0.5) {
    const FlightPath::Reference at = path.at(t0 + t);
    BOOST_TEST((at.p_enu - from).norm() == t * t, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(at.a_enu.norm() == 2.0, boost::test_tools::tolerance(1e-3));
  }
}

BOOST_AUTO_TEST_CASE(velocity_and_acceleration_are_the_derivatives_of_position) {
  const FlightPath path(kRoute);
  constexpr double h = 1e-4;
  for (double t = 0.37; t < path.duration_s(); t += 1.71) {
    const geo::Enu3 v = (path.at(t + h).p_enu - path.at(t - h).p_enu) / (2.0 * h);
    BOOST_TEST((v - path.at(t).v_enu).norm() < 1e-3, "at " << t << " s");
  }
}

BOOST_AUTO_TEST_CASE(never_runs_backwards_even_where_times_and_speeds_disagree) {
  planner::Route route = kRoute;
  for (planner::Waypoint& w : route.waypoints) w.ground_speed_m_s *= 5.0;
  const FlightPath path(route);
  for (std::size_t i = 0; i + 1 < route.waypoints.size(); ++i) {
    const double t0 = route.waypoints[i].t_s;
    const double t1 = route.waypoints[i + 1].t_s;
    const geo::Enu3 direction = path.at(t1).p_enu - path.at(t0).p_enu;
    for (double u = 0.0; u < 1.0; u += 0.01) {
      BOOST_TEST(path.at(t0 + u * (t1 - t0)).v_enu.dot(direction) >= -1e-9);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hop_of_centimetres_in_mid_cruise_is_not_a_vertical_one_at_which_to_stop) {
  for (const double climb_m : {0.0, 0.01, -0.04, 0.1}) {
    BOOST_TEST_CONTEXT("climb " << climb_m << " m") {
      BOOST_TEST(slowest_m_s(cruise_with_a_short_hop(climb_m, 0.04 / 12.0)) > 11.99);
    }
  }
}

/// Where times come from an autopilot's track, waypoints nearer to each other than its steps have one time.
BOOST_AUTO_TEST_CASE(two_waypoints_at_one_time_are_no_stop) {
  BOOST_TEST(slowest_m_s(cruise_with_a_short_hop(0.0, 0.0)) > 11.9);
}

BOOST_AUTO_TEST_CASE(a_route_planned_through_a_town_is_nowhere_flown_slower_than_it_says) {
  const std::uint64_t first = swiftlet::test::seed();
  int flown = 0;
  for (std::uint64_t seed = first; seed < first + 80; ++seed) {
    std::mt19937_64 random(seed);
    const auto flight = planner::test::planned_flight(random, "courier-4");
    if (flight.route.status != planner::RouteStatus::ok) continue;
    ++flown;
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(waypoints_passed_too_slowly(flight.route, flight.town.airspace->frame) == 0);
    }
  }
  BOOST_TEST(flown >= 40);
}

BOOST_AUTO_TEST_CASE(vertical_hops_are_flown_through_without_a_stop_between_them_wherever_rounding_puts_their_axis) {
  planner::Route route = kRoute;
  // The ends of the climb over the start, whose waypoints are rounded each by itself.
  route.waypoints.at(1).position.lon_deg += 1e-8;
  route.waypoints.at(2).position.lat_deg -= 1e-8;
  const FlightPath path(route);
  for (std::size_t k : {std::size_t{1}, std::size_t{2}}) {
    BOOST_TEST(path.at(route.waypoints.at(k).t_s).v_enu.norm() > 1.0);
  }
  BOOST_TEST(path.at(route.waypoints.at(3).t_s).v_enu.norm() < 1e-6);
}

BOOST_AUTO_TEST_CASE(stands_still_before_and_after) {
  const FlightPath path(kRoute);
  BOOST_TEST(path.at(-5.0).v_enu.norm() == 0.0);
  BOOST_TEST((path.at(-5.0).p_enu - path.start()).norm() == 0.0);
  BOOST_TEST((path.at(path.duration_s() + 5.0).p_enu - path.end()).norm() == 0.0);
}

BOOST_AUTO_TEST_CASE(distance_is_to_the_nearest_segment) {
  const FlightPath path(kRoute);
  const geo::Enu3 middle = 0.5 * (path.at(20.0).p_enu + path.at(21.0).p_enu);
  BOOST_TEST(path.distance_m(middle) < 0.01);
  BOOST_TEST(path.distance_m(path.start() + geo::Enu3(-3.0, -4.0, 0.0)) == 5.0, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_path) {
  planner::Route route = kRoute;
  std::swap(route.waypoints.at(1).t_s, route.waypoints.at(2).t_s);
  BOOST_CHECK_THROW(FlightPath{route}, std::invalid_argument);
  BOOST_CHECK_THROW(FlightPath{planner::Route{}}, std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
