#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "tests/scenarios/flown.hpp"

namespace geo = swiftlet::geo;
namespace planner = swiftlet::planner;
using swiftlet::test::between;
using swiftlet::test::draw;
using swiftlet::test::outcome;
using swiftlet::test::plan;

namespace {

/// The most easterly and westerly local x of a route, to tell which way it went round.
double extreme(const swiftlet::test::Drawing& drawing, const planner::Route& route, int axis, double sign) {
  double best = -1e9;
  for (const auto& w : route.waypoints)
    best = std::max(best, sign * drawing.airspace->frame.to_local(w.position)[axis]);
  return sign * best;
}

void check_sound(const swiftlet::test::Drawing& drawing, const planner::Route& route) {
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST(route.lower_bound <= route.cost);
  BOOST_TEST(route.cost == route.duration_s);
  BOOST_TEST(route.duration_s == route.waypoints.back().t_s);
  BOOST_TEST(route.energy_wh > 0.0);
  BOOST_TEST(swiftlet::test::broken_limit(*drawing.airspace, route, swiftlet::test::courier(), {}) == "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenarios)

BOOST_AUTO_TEST_CASE(over_an_open_field_the_way_is_straight_and_the_bound_near) {
  const auto world = draw(R"(
    ..............................
    .A..........................B.
    ..............................)");
  const auto route = plan(world, between("A", "B"));
  check_sound(world, route);
  BOOST_TEST(extreme(world, route, 1, 1.0) - extreme(world, route, 1, -1.0) < 0.1);
  BOOST_TEST(route.cost < 1.08 * route.lower_bound);
  BOOST_TEST(route.certificate.min_height_agl_m >= 30.0 - 0.001);
}

BOOST_AUTO_TEST_CASE(a_wall_is_passed_by_its_gap) {
  const auto world = draw(R"(
    ..............#...............
    ..............#...............
    .A............#.............B.
    ..............#...............
    ..............#...............
    ..............................
    ..............................
    ..............#...............)");
  const auto route = plan(world, between("A", "B"));
  check_sound(world, route);
  BOOST_TEST(extreme(world, route, 1, -1.0) < 60.0 - 10.0);  // through the gap, 10 m off the wall's end
  BOOST_TEST(route.certificate.min_lateral_clearance_m.value_or(10.0) >= 10.0 - 0.01);
}

BOOST_AUTO_TEST_CASE(a_wall_without_a_gap_is_a_proof_that_names_it) {
  const auto world = draw(R"(
    .......#.......
    .A.....#.....B.
    .......#.......)");
  const auto route = plan(world, between("A", "B"));
  BOOST_TEST_INFO((route.error ? route.error->message : ""));
  BOOST_REQUIRE_EQUAL(outcome(route), "infeasible unreachable");
  BOOST_REQUIRE(route.error->cause.has_value());
  BOOST_TEST(route.error->cause->kind == "building");
  BOOST_TEST(route.error->cause->id.starts_with("wall-"));
  BOOST_TEST(route.waypoints.empty());
}

BOOST_AUTO_TEST_CASE(an_enclosed_courtyard_cannot_be_reached_and_its_wall_is_named) {
  const auto world = draw(R"(
    ......................
    ............#######...
    ............#.....#...
    .A..........#..B..#...
    ............#.....#...
    ............#######...
    ......................)");
  const auto route = plan(world, between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "infeasible unreachable");
  BOOST_TEST(route.error->cause->id.starts_with("wall-"));
  const auto back = plan(world, between("B", "A"));
  BOOST_TEST(outcome(back) == "infeasible unreachable");
}

BOOST_AUTO_TEST_CASE(a_crack_narrower_than_the_clearances_is_no_way_in) {
  const auto world = draw(R"(
    ......................
    ............###.###...
    ............#.....#...
    .A..........#..B..#...
    ............#.....#...
    ............#######...
    ......................)");
  // 20 m between two walls: with 10 m on either side there is one line left, of no width; below that, none.
  geo::Policy policy;
  policy.lateral_clearance_m = 11.0;
  BOOST_TEST(outcome(plan(world, between("A", "B", policy))) == "infeasible unreachable");
  policy.lateral_clearance_m = 10.0;
  BOOST_TEST(outcome(plan(world, between("A", "B", policy))) == "refused undecided_at_resolution");
  policy.lateral_clearance_m = 7.0;
  check_sound(world, plan(world, between("A", "B", policy)));
}

BOOST_AUTO_TEST_CASE(low_houses_are_flown_over_unless_the_ceiling_is_lower) {
  const auto world = draw(R"(
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    .A......3..........B...
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    ........3..............
    .......................
    .......................)");
  const auto over = plan(world, between("A", "B"));
  check_sound(world, over);
  BOOST_TEST(over.certificate.max_height_agl_m >= 40.0 - 0.01);
  geo::Policy low;
  low.max_height_agl_m = 38.0;
  const auto round = plan(world, between("A", "B", low));
  check_sound(world, round);
  BOOST_TEST(round.certificate.max_height_agl_m <= 38.0 + 0.001);
  BOOST_TEST(round.length_m > over.length_m);
}

BOOST_AUTO_TEST_CASE(a_short_wall_is_gone_round_where_that_is_sooner_than_flying_over_it) {
  const auto world = draw(R"(
    .........9.............
    .A.......9..........B..
    .........9.............
    .......................
    .......................)");
  const auto route = plan(world, between("A", "B"));
  check_sound(world, route);
  BOOST_TEST(route.certificate.max_height_agl_m < 60.0);
}

BOOST_AUTO_TEST_CASE(a_roof_carries_a_pad) {
  const auto world = draw(R"(
    ...............
    .A...........b.
    ...............)");
  const auto route = plan(world, between("A", "b"));
  check_sound(world, route);
  BOOST_TEST(route.waypoints.back().height_agl_m == 30.0);
}

BOOST_AUTO_TEST_CASE(a_roof_higher_than_the_pad_beside_it_obstructs_it) {
  const auto world = draw(R"(
    ...............
    .A..........3b.
    ...............)");
  check_sound(world, plan(world, between("A", "b")));
  std::vector<geo::Obstacle> obstacles(world.airspace->obstacles.begin(), world.airspace->obstacles.end());
  obstacles[0].top_msl_m += 5.0;
  obstacles[0].footprint.front().outer[1].x() += 3.0;  // 7 m from the pad's axis
  obstacles[0].footprint.front().outer[2].x() += 3.0;
  obstacles[0].box = geo::bounds(obstacles[0].footprint);
  world.airspace->obstacles = geo::Obstacles(std::move(obstacles));
  const auto route = plan(world, between("A", "b"));
  BOOST_REQUIRE_EQUAL(outcome(route), "infeasible pad_obstructed");
  BOOST_TEST(route.error->cause->id == world.airspace->obstacles[0].id);
}

BOOST_AUTO_TEST_CASE(a_drone_in_flight_brakes_before_it_turns) {
  const auto world = draw(R"(
    ..............................
    .A..........................B.
    ..............................
    ..............................)");
  auto request = between("A", "B");
  const geo::Enu3 p(120.0, 40.0, 150.0);
  request.from =
      planner::AirbornePoint{.at = world.airspace->frame.to_geo(p), .v_e_m_s = -8.0, .v_n_m_s = 3.0, .v_u_m_s = 0.5};
  const auto route = plan(world, request);
  check_sound(world, route);
  BOOST_TEST(route.waypoints.front().ground_speed_m_s == std::hypot(8.0, 3.0), boost::test_tools::tolerance(1e-3));
  BOOST_TEST(extreme(world, route, 0, -1.0) < 120.0 - 8.0);  // it goes on westwards while it brakes
}

BOOST_AUTO_TEST_CASE(wind_makes_the_way_there_and_back_differ) {
  const auto world = draw(R"(
    ........................................
    .A....................................B.
    ........................................)");
  const geo::Wind west{.speed_m_s = 11.0, .from_deg = 270.0};
  auto out = between("A", "B");
  auto back = between("B", "A");
  out.wind = back.wind = west;
  const auto with = plan(world, out);
  const auto against = plan(world, back);
  BOOST_REQUIRE_EQUAL(outcome(with), "ok");
  BOOST_REQUIRE_EQUAL(outcome(against), "ok");
  for (const auto* route : {&with, &against}) {
    BOOST_TEST(swiftlet::test::broken_limit(*world.airspace, *route, swiftlet::test::courier(), west) == "");
    BOOST_TEST(route->lower_bound <= route->cost);
  }
  BOOST_TEST(against.duration_s > with.duration_s + 5.0);
  out.wind->speed_m_s = 12.5;
  BOOST_TEST(outcome(plan(world, out)) == "infeasible wind_too_strong");
}

BOOST_AUTO_TEST_SUITE_END()
