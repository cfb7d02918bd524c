#include "sim/flight_path.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

const planner::Route kRoute = testing::sample_route(UtcTime{});

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
