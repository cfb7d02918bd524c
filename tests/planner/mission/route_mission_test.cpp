#include "planner/mission/route_mission.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "planner/autopilot/autopilot_profile.hpp"
#include "planner/mission/mission_steps.hpp"
#include "planner/vehicle.hpp"
#include "tests/seed.hpp"

namespace mission = swiftlet::planner::mission;
using swiftlet::GeoPoint;
using swiftlet::planner::Phase;
using swiftlet::planner::Route;
using swiftlet::planner::RouteStatus;
using swiftlet::planner::Waypoint;

namespace {

constexpr double kPerDegree = 111318.845;

/// A waypoint east and north of home, in metres, with the wire's digits.
Waypoint at(double east_m, double north_m, double alt_msl_m, double speed, Phase phase) {
  const double lat = 45.76 + north_m / kPerDegree;
  const double lon = 4.84 + east_m / kPerDegree / std::cos(45.76 * std::numbers::pi / 180.0);
  Waypoint w;
  w.position = {std::round(lon * 1e8) / 1e8, std::round(lat * 1e8) / 1e8, std::round(alt_msl_m * 1e3) / 1e3};
  w.ground_speed_m_s = speed;
  w.phase = phase;
  return w;
}

/// Up, 400 m north, a quarter turn of 20 m radius in steps of half a metre, 300 m east at half the speed, down.
Route drawn_route() {
  Route route;
  route.id = "q1";
  auto& w = route.waypoints;
  w.push_back(at(0, 0, 170, 0, Phase::takeoff));
  w.push_back(at(0, 0, 230, 0, Phase::cruise));
  w.push_back(at(0, 50, 230, 15, Phase::cruise));
  w.push_back(at(0, 200, 230, 15, Phase::cruise));
  for (double angle = 0.0; angle <= 0.5 * std::numbers::pi + 1e-9; angle += std::numbers::pi / 120.0) {
    w.push_back(at(20 - 20 * std::cos(angle), 400 + 20 * std::sin(angle), 230, 7, Phase::cruise));
  }
  w.push_back(at(320, 420, 230, 0, Phase::landing));
  w.push_back(at(320, 420, 175, 0, Phase::landing));
  for (std::size_t k = 0; k < w.size(); ++k) w[k].t_s = 5.0 * static_cast<double>(k);
  return route;
}

Eigen::Vector3d place(const Route& route, const GeoPoint& p) {
  return mission::from_home_m(route.waypoints.front().position, p.lonlat(), p.alt_msl_m);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(route_mission)

BOOST_AUTO_TEST_CASE(what_is_left_out_lies_within_the_tolerance_of_what_is_kept) {
  std::mt19937 random(swiftlet::test::seed());
  std::uniform_real_distribution<double> jitter(-1.0, 1.0);
  for (int k = 0; k < 50; ++k) {
    Route route = drawn_route();
    for (std::size_t i = 2; i + 2 < route.waypoints.size(); ++i) {
      route.waypoints[i].position.alt_msl_m += jitter(random);
    }
    for (const double tolerance_m : {0.0, 0.01, 0.3, 2.0}) {
      const auto kept = mission::kept_waypoints(route, tolerance_m);
      BOOST_REQUIRE(kept.front() == 0U);
      BOOST_REQUIRE(kept.back() == route.waypoints.size() - 1);
      for (std::size_t n = 0; n + 1 < kept.size(); ++n) {
        const Eigen::Vector3d a = place(route, route.waypoints[kept[n]].position);
        const Eigen::Vector3d b = place(route, route.waypoints[kept[n + 1]].position);
        for (std::size_t i = kept[n] + 1; i < kept[n + 1]; ++i) {
          const Eigen::Vector3d p = place(route, route.waypoints[i].position);
          const double share = std::clamp((p - a).dot(b - a) / (b - a).squaredNorm(), 0.0, 1.0);
          BOOST_TEST((p - a - share * (b - a)).norm() <= tolerance_m + 1e-9);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_mission_takes_off_changes_speed_lands_on_the_deck_and_keeps_the_certified_digits) {
  const Route route = drawn_route();
  const auto m = mission::to_mission(route, {.tolerance_m = 0.01});
  BOOST_REQUIRE(m.has_value());
  BOOST_TEST(m->items.front().command == 22);
  BOOST_TEST(m->items.front().altitude_m == 60.0);
  BOOST_TEST(m->items[1].command == 178);
  BOOST_TEST(m->items[1].parameters[1] == 15.0);
  BOOST_TEST(m->items.back().command == 21);
  BOOST_TEST(m->items.back().altitude_m == 5.0);
  int slower = 0;
  for (const auto& item : m->items) {
    if (item.command == 178) {
      slower += item.parameters[1] < 15.0 ? 1 : 0;
      continue;
    }
    bool certified = false;
    for (const Waypoint& w : route.waypoints) certified = certified || w.position.lonlat() == item.at;
    BOOST_TEST(certified);
  }
  BOOST_TEST(slower == 1);
  // The digits are on the wire too.
  const auto again = mission::parse_mission(mission::to_waypoints_text(*m), "m");
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((again->items == m->items));
  const auto plan = mission::parse_mission(
      mission::to_plan_json(*m, mission::Firmware::ardupilot, mission::Airframe::hexarotor), "p");
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST((plan->items == m->items));
  BOOST_TEST((plan->fences == m->fences));
}

BOOST_AUTO_TEST_CASE(the_fence_keeps_its_margin_and_both_ends_are_rally_points) {
  const Route route = drawn_route();
  const auto m = mission::to_mission(route, {.fence_margin_m = 50.0});
  BOOST_REQUIRE(m.has_value());
  BOOST_REQUIRE(m->fences.size() == 1U);
  const auto& corners = m->fences.front().corners;
  for (const Waypoint& w : route.waypoints) {
    for (std::size_t k = 0; k < corners.size(); ++k) {
      const Eigen::Vector3d a = place(route, {corners[k].lon_deg, corners[k].lat_deg, 0.0});
      const auto& next = corners[(k + 1) % corners.size()];
      const Eigen::Vector3d b = place(route, {next.lon_deg, next.lat_deg, 0.0});
      const Eigen::Vector2d d = (b - a).head<2>().normalized();
      const Eigen::Vector2d p = (place(route, w.position) - a).head<2>();
      BOOST_TEST(d.x() * p.y() - d.y() * p.x() >= 49.9);  // inside is to the left
    }
  }
  BOOST_TEST(m->rally_points.size() == 2U);
  BOOST_TEST(m->rally_points[1].alt_msl_m == 230.0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_flown_as_a_mission_is_refused) {
  Route airborne = drawn_route();
  airborne.waypoints.erase(airborne.waypoints.begin());
  BOOST_TEST(swiftlet::name(mission::to_mission(airborne, {}).error().code) == "bad_request");
  Route refused = drawn_route();
  refused.status = RouteStatus::infeasible;
  BOOST_TEST(swiftlet::name(mission::to_mission(refused, {}).error().code) == "bad_request");
}

BOOST_AUTO_TEST_CASE(a_route_that_begins_in_the_air_is_flown_from_there_with_heights_from_the_vehicles_home) {
  Route airborne = drawn_route();
  airborne.waypoints.erase(airborne.waypoints.begin());
  const GeoPoint home{.lon_deg = 4.80, .lat_deg = 45.70, .alt_msl_m = 150.0};
  const auto m = mission::to_mission(airborne, {.home = home});
  BOOST_REQUIRE(m.has_value());
  BOOST_TEST((m->home == home));
  BOOST_TEST(m->items.front().command == static_cast<int>(mission::Command::waypoint));
  BOOST_TEST((m->items.front().at == airborne.waypoints.front().position.lonlat()));
  BOOST_TEST(m->items.front().altitude_m == 80.0);
  BOOST_TEST(m->items.back().command == static_cast<int>(mission::Command::land));
  BOOST_TEST(m->items.back().altitude_m == 25.0);
  for (const mission::Item& item : m->items) {
    BOOST_TEST(item.command != static_cast<int>(mission::Command::takeoff));
  }
}

BOOST_AUTO_TEST_CASE(an_exported_mission_is_flown_to_its_end_and_fewer_waypoints_are_flown_faster) {
  const auto vehicle = swiftlet::planner::load_vehicle("hexa-15");
  BOOST_REQUIRE(vehicle.has_value());
  double before_s = 1e9;
  for (const double tolerance_m : {0.01, 0.5}) {
    const auto m = mission::to_mission(drawn_route(), {.tolerance_m = tolerance_m});
    const auto flight = swiftlet::planner::autopilot::predict_flight(*m, vehicle->autopilot.value(), {});
    BOOST_REQUIRE(flight.has_value());
    BOOST_TEST(flight->duration_s < before_s - 1.0);
    BOOST_TEST(std::abs(flight->track.back().east_m - 320.0) < 1.0);
    before_s = flight->duration_s;
  }
}

BOOST_AUTO_TEST_SUITE_END()
