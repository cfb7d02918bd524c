#include "dispatch/core/route_progress.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "tests/dispatch/fleet_drill.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

const UtcTime kDepart = *parse_rfc3339("2026-11-21T10:00:00Z");

planner::Route over_town() {
  const FleetConfig town = drill::small_town(1);
  planner::PlanRequest request;
  request.from = planner::PadRef{.pad = "H1", .slot = 0};
  request.to = planner::PadRef{.pad = "K3", .slot = 0};
  request.depart = kDepart;
  return drill::straight_route(town, request);
}

GeoPoint position_at(const planner::Route& route, double t_s) {
  for (std::size_t i = 0; i + 1 < route.waypoints.size(); ++i) {
    const auto& a = route.waypoints[i];
    const auto& b = route.waypoints[i + 1];
    if (t_s > b.t_s) continue;
    const double share = (t_s - a.t_s) / (b.t_s - a.t_s);
    return {.lon_deg = std::lerp(a.position.lon_deg, b.position.lon_deg, share),
            .lat_deg = std::lerp(a.position.lat_deg, b.position.lat_deg, share),
            .alt_msl_m = std::lerp(a.position.alt_msl_m, b.position.alt_msl_m, share)};
  }
  return route.waypoints.back().position;
}

BOOST_AUTO_TEST_SUITE(route_progress)

BOOST_AUTO_TEST_CASE(a_position_on_the_route_is_found_at_its_time) {
  const planner::Route route = over_town();
  for (double t_s = 0.0; t_s <= route.duration_s; t_s += 0.7) {
    const double found_s = place_on_route(route, position_at(route, t_s), t_s - 5.0, t_s + 60.0).at_s;
    BOOST_TEST(std::abs(found_s - t_s) < 0.05, "at " << t_s << " found " << found_s);
  }
}

BOOST_AUTO_TEST_CASE(up_and_down_over_one_point_are_told_apart_by_time) {
  planner::Route route = over_town();
  // There and back: the descent ends where the climb began.
  for (auto& waypoint : route.waypoints) {
    waypoint.position.lon_deg = route.waypoints.front().position.lon_deg;
    waypoint.position.lat_deg = route.waypoints.front().position.lat_deg;
  }
  const double late_s = route.duration_s - 5.0;
  BOOST_TEST(std::abs(place_on_route(route, position_at(route, late_s), late_s - 3.0, late_s + 90.0).at_s - late_s) <
             0.05);
  BOOST_TEST(std::abs(place_on_route(route, position_at(route, 5.0), 2.0, 20.0).at_s - 5.0) < 0.05);
}

BOOST_AUTO_TEST_CASE(a_steady_delay_is_learned_and_gusts_average_out) {
  std::mt19937_64 random(test::seed());
  std::normal_distribution<double> gust_s(0.0, 0.5);
  const planner::Route route = over_town();
  RouteProgress progress(1, kDepart);
  constexpr double kDelay_s = 6.0;
  double worst_s = 0.0;
  for (double t_s = kDelay_s; t_s < route.duration_s; t_s += 0.5) {
    Telemetry telemetry;
    telemetry.at = after(kDepart, t_s);
    telemetry.position = position_at(route, std::max(t_s - kDelay_s + gust_s(random), 0.0));
    progress.observe(route, telemetry);
    const double truth_s = route.duration_s + kDelay_s - t_s;
    if (t_s > 25.0) worst_s = std::max(worst_s, std::abs(progress.remaining_s(route, telemetry.at) - truth_s));
  }
  BOOST_TEST(worst_s < 1.5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
