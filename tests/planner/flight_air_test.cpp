#include "planner/flight_air.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/scenarios/flown.hpp"
#include "tests/seed.hpp"

namespace {

using namespace swiftlet;
using test::between;
using test::kMondayNoon;
using test::outcome;
using test::plan;

const geo::WindProfile kLog{.kind = geo::WindProfileKind::log, .at_height_m = 10.0, .z0_m = 0.5};

test::Drawing street(const geo::WindField& wind) {
  auto world = test::draw(R"(
    ...............................
    .A...............6...........B.
    ...............................)");
  world.airspace->wind_field = wind;
  return world;
}

planner::PlanRequest without_wind(const char* from, const char* to) {
  auto request = between(from, to);
  request.wind.reset();
  return request;
}

/// Forecasts of two instants on two nodes far apart, each blowing from the north.
geo::WindField forecast(const test::Drawing& world, std::array<double, 4> speed_m_s) {
  const geo::Box2 box = world.airspace->bounds.grid().extent();
  std::vector<double> velocity;
  for (const double speed : speed_m_s) velocity.insert(velocity.end(), {0.0, -speed});
  return {kLog,
          {.origin = box.min, .spacing_m = box.max.x() - box.min.x(), .nx = 2, .ny = 1},
          {kMondayNoon, kMondayNoon + std::chrono::hours(1)},
          std::move(velocity)};
}

/// The greatest airspeed between published waypoints, in the wind at their middle.
double greatest_airspeed(const geo::Airspace& airspace, const planner::Route& route) {
  double greatest = 0.0;
  for (std::size_t k = 0; k + 1 < route.waypoints.size(); ++k) {
    const geo::Enu3 a = airspace.frame.to_local(route.waypoints[k].position);
    const geo::Enu3 b = airspace.frame.to_local(route.waypoints[k + 1].position);
    const double seconds = route.waypoints[k + 1].t_s - route.waypoints[k].t_s;
    if (seconds < 0.2) continue;
    const double middle_s = 0.5 * (route.waypoints[k].t_s + route.waypoints[k + 1].t_s);
    const auto wind = airspace.wind_at_m_s(0.5 * (a + b), after(route.depart, middle_s));
    const geo::Enu3 velocity = (b - a) / seconds;
    greatest = std::max(greatest, std::hypot((velocity.head<2>() - wind.value()).norm(), velocity.z()));
  }
  return greatest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flight_air)

BOOST_AUTO_TEST_CASE(a_request_without_wind_meets_the_regions_own) {
  const geo::Wind wind{.speed_m_s = 6.0, .from_deg = 90.0};
  const auto world = street(geo::WindField(wind, kLog));
  auto request = without_wind("A", "B");
  const auto own = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(own), "ok");
  request.wind = wind;
  const auto named = plan(world, request);
  BOOST_TEST(own.duration_s == named.duration_s);
  BOOST_TEST(own.energy_wh == named.energy_wh);
  request.wind = geo::Wind{};
  BOOST_TEST(plan(world, request).energy_wh != own.energy_wh);
}

BOOST_AUTO_TEST_CASE(the_wind_counts_with_the_height_it_is_met_at) {
  const geo::Wind wind{.speed_m_s = 7.0, .from_deg = 90.0};
  const auto growing = street(geo::WindField(wind, kLog));
  const auto same = street(geo::WindField(wind, {}));
  const auto against = plan(growing, without_wind("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(against), "ok");
  BOOST_TEST(against.duration_s > plan(same, without_wind("A", "B")).duration_s);
  BOOST_TEST(greatest_airspeed(*growing.airspace, against) <= test::courier().max_airspeed_m_s + 0.05);
  // Head wind that would ask for more than the greatest airspeed at cruise.
  BOOST_TEST(greatest_airspeed(*growing.airspace, against) > test::courier().cruise_speed_m_s);
}

BOOST_AUTO_TEST_CASE(wind_that_no_flight_avoids_is_a_proof_and_a_gale_on_the_way_is_not) {
  const geo::Wind strong{.speed_m_s = 10.0, .from_deg = 0.0};  // 13.7 m/s at 30 m
  const auto windy = plan(street(geo::WindField(strong, kLog)), without_wind("A", "B"));
  BOOST_TEST(outcome(windy) == "infeasible wind_too_strong");
  BOOST_TEST(windy.error->where == "wind");
  auto world = street({});
  world.airspace->wind_field = forecast(world, {2.0, 16.0, 2.0, 16.0});
  BOOST_TEST(outcome(plan(world, without_wind("A", "B"))) == "refused wind_too_strong");
}

BOOST_AUTO_TEST_CASE(a_gale_between_two_points_of_the_flight_is_seen) {
  auto world = street({});
  const geo::Box2 box = world.airspace->bounds.grid().extent();
  const auto in_the_middle = [&](double speed_m_s) {
    return geo::WindField({}, {.origin = box.min, .spacing_m = 0.5 * (box.max.x() - box.min.x()), .nx = 3, .ny = 1},
                          {kMondayNoon}, std::vector<double>{0.0, -2.0, 0.0, -speed_m_s, 0.0, -2.0});
  };
  world.airspace->wind_field = in_the_middle(16.0);
  BOOST_TEST(outcome(plan(world, without_wind("A", "B"))) == "refused wind_too_strong");
  world.airspace->wind_field = in_the_middle(11.0);
  BOOST_TEST(outcome(plan(world, without_wind("A", "B"))) == "ok");
}

BOOST_AUTO_TEST_CASE(a_head_wind_and_a_tail_wind_are_no_calm) {
  auto slow = test::courier();
  slow.max_airspeed_m_s = 19.0;
  auto world = street({});
  const geo::Box2 box = world.airspace->bounds.grid().extent();
  const auto opposed = [&](double speed_m_s) {
    return geo::WindField({}, {.origin = box.min, .spacing_m = box.max.x() - box.min.x(), .nx = 2, .ny = 1},
                          {kMondayNoon}, std::vector<double>{-speed_m_s, 0.0, speed_m_s, 0.0});
  };
  world.airspace->wind_field = opposed(11.0);
  const auto route = plan(world, without_wind("A", "B"), {}, slow);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST(greatest_airspeed(*world.airspace, route) <= slow.max_airspeed_m_s + 0.05);
  for (std::size_t k = 0; k + 1 < route.waypoints.size(); ++k) {
    const geo::Enu3 a = world.airspace->frame.to_local(route.waypoints[k].position);
    const geo::Enu3 b = world.airspace->frame.to_local(route.waypoints[k + 1].position);
    BOOST_TEST((b - a).head<2>().norm() <= 100.1);
  }
  world.airspace->wind_field = opposed(0.0);
  const auto calm = plan(world, without_wind("A", "B"), {}, slow);
  BOOST_TEST(route.duration_s > calm.duration_s + 1.0);
  BOOST_TEST(route.lower_bound <= route.cost);
}

BOOST_AUTO_TEST_CASE(a_flight_beyond_the_forecast_says_so) {
  auto world = street({});
  world.airspace->wind_field = forecast(world, {1.0, 1.0, 6.0, 6.0});
  auto request = without_wind("A", "B");
  BOOST_TEST(plan(world, request).warnings.empty());
  request.depart = kMondayNoon + std::chrono::hours(3);
  const auto late = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(late), "ok");
  BOOST_TEST(late.warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(wind_that_leaves_no_room_to_climb_is_refused_and_no_proof) {
  auto light = test::courier();
  light.max_airspeed_m_s = light.cruise_speed_m_s = 10.0;
  light.climb_speed_m_s = light.descent_speed_m_s = 5.0;
  light.max_wind_m_s = 9.0;
  const auto world = street(geo::WindField({.speed_m_s = 8.3, .from_deg = 270.0}, {}));
  const auto route = plan(world, without_wind("A", "B"), {}, light);
  BOOST_TEST(outcome(route) == "refused wind_too_strong");
}

BOOST_AUTO_TEST_CASE(a_gale_above_a_calm_usual_height_slows_flights_down) {
  // Calm below 19 m, and at a usual height of 18.75 m.
  const geo::WindProfile canopy{
      .kind = geo::WindProfileKind::log, .at_height_m = 30.0, .z0_m = 1.0, .displacement_m = 18.0};
  auto request = without_wind("A", "B");
  request.policy.min_height_agl_m = 5.0;
  request.policy.max_height_agl_m = 80.0;
  auto slow = test::courier();
  slow.max_airspeed_m_s = 19.0;
  for (const double from_deg : {45.0, 90.0, 135.0, 270.0}) {
    const auto world = street(geo::WindField({.speed_m_s = 6.0, .from_deg = from_deg, .at_height_m = 30.0}, canopy));
    const auto route = plan(world, request, {}, slow);
    BOOST_REQUIRE_EQUAL(outcome(route), "ok");
    BOOST_TEST(greatest_airspeed(*world.airspace, route) <= slow.max_airspeed_m_s + 0.05, "from " << from_deg);
  }
}

BOOST_AUTO_TEST_CASE(a_forecast_counts_at_the_hour_of_the_flight) {
  auto world = street({});
  world.airspace->wind_field = forecast(world, {1.0, 1.0, 6.0, 6.0});
  auto request = without_wind("A", "B");
  const auto early = plan(world, request);
  request.depart = kMondayNoon + std::chrono::minutes(50);
  const auto late = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(early), "ok");
  BOOST_REQUIRE_EQUAL(outcome(late), "ok");
  BOOST_TEST(late.energy_wh > 1.02 * early.energy_wh);
}

BOOST_AUTO_TEST_CASE(no_flight_is_faster_than_its_bound_in_any_wind) {
  std::mt19937_64 rng(test::seed());
  std::uniform_real_distribution<double> speed(0.0, 6.5);
  std::uniform_real_distribution<double> from(0.0, 360.0);
  for (int n = 0; n < 40; ++n) {
    const geo::Wind wind{.speed_m_s = speed(rng), .from_deg = from(rng)};
    const auto world = street(geo::WindField(wind, kLog));
    const auto route = plan(world, without_wind(n % 2 == 0 ? "A" : "B", n % 2 == 0 ? "B" : "A"));
    BOOST_TEST_CONTEXT(wind.speed_m_s << " m/s from " << wind.from_deg) {
      BOOST_REQUIRE_EQUAL(outcome(route), "ok");
      BOOST_TEST(route.lower_bound <= route.cost);
      BOOST_TEST(greatest_airspeed(*world.airspace, route) <= test::courier().max_airspeed_m_s + 0.05);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
