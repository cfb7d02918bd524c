#include "planner/explain.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "planner/route_json.hpp"
#include "tests/scenarios/flown.hpp"

namespace {

using namespace swiftlet;
using std::chrono::minutes;
using test::between;
using test::kMondayNoon;
using test::outcome;
using test::parted;
using test::plan;

planner::PlanRequest explained(const char* from, const char* to, const geo::Policy& policy = {}) {
  auto request = between(from, to, policy);
  request.explain = true;
  return request;
}

bool says(const planner::Route& route, std::string_view text) {
  for (const std::string& line : planner::explanation_lines(route)) {
    if (line.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explain)

BOOST_AUTO_TEST_CASE(what_closes_the_straight_line_and_what_binds_is_named) {
  const auto world = test::draw(R"(
    ......#.......
    .A....#.....B.
    ......#.......
    ..............
    ..............)");
  const auto route = plan(world, explained("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  const planner::Explanation& e = route.explanation.value();
  BOOST_TEST(!e.straight->free);
  BOOST_TEST(e.straight->blocked_by->id.starts_with("wall-"));
  BOOST_TEST(e.tracks >= 1);
  BOOST_TEST(e.work_units > 0);
  BOOST_TEST(!e.found_by.empty());
  BOOST_TEST(e.start->transit_msl_m >= e.start->deck_msl_m + 30.0);
  BOOST_TEST(e.bound->across_s + e.bound->climb_s + e.bound->landing_s == route.lower_bound,
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(says(route, "the straight line is closed by"));
  BOOST_TEST(planner::to_json(route)["explain"]["straight"]["free"] == false);
  auto plain = explained("A", "B");
  plain.explain = false;
  const auto silent = plan(world, plain);
  BOOST_TEST(!silent.explanation.has_value());
  BOOST_TEST(planner::route_hash(silent) == planner::route_hash(route));
}

BOOST_AUTO_TEST_CASE(what_is_used_up_binds_and_what_is_kept_with_room_does_not) {
  planner::Route route;
  route.certificate = {.airspace_hash = "",
                       .min_lateral_clearance_m = 10.2,
                       .min_vertical_clearance_m = 14.0,
                       .nearest = geo::NearestObstacle{.obstacle = {"crane", "7"}},
                       .min_height_agl_m = 41.0,
                       .max_height_agl_m = 119.8,
                       .geozones = {"Z"}};
  const auto binding = planner::binding_of(route);
  BOOST_REQUIRE_EQUAL(binding.size(), 3U);
  BOOST_TEST(binding[0].what == "lateral_clearance");
  BOOST_TEST(binding[0].cause->id == "7");
  BOOST_TEST(binding[1].what == "max_height_agl");
  BOOST_TEST(binding[1].limit_m == 120.0);
  BOOST_TEST(binding[2].cause->id == "Z");
}

BOOST_AUTO_TEST_CASE(a_straight_line_that_is_free_is_said_to_be) {
  const auto route = plan(test::draw(".A............B."), explained("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST(route.explanation->straight->free);
  BOOST_TEST(route.explanation->found_by == "straight line");
}

BOOST_AUTO_TEST_CASE(after_a_zone_that_ends_a_flight_may_depart) {
  const auto world = parted();
  world.zone("Z").applicability = {
      {.start = kMondayNoon - minutes(60), .end = kMondayNoon + minutes(120), .periods = {}}};
  auto request = explained("A", "B");
  const auto closed = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(closed), "infeasible unreachable");
  BOOST_REQUIRE(closed.hints.depart_after.has_value());
  BOOST_TEST((*closed.hints.depart_after >= kMondayNoon + minutes(120)));
  BOOST_TEST(says(closed, "try: depart at"));
  request.depart = *closed.hints.depart_after;
  BOOST_TEST(outcome(plan(world, request)) == "ok");
}

BOOST_AUTO_TEST_CASE(a_zone_without_an_end_gives_no_hint_of_time) {
  const auto closed = plan(parted(), explained("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(closed), "infeasible unreachable");
  BOOST_TEST(!closed.hints.depart_after.has_value());
}

BOOST_AUTO_TEST_CASE(a_higher_ceiling_that_opens_a_way_is_tried_out) {
  const auto world = test::draw(R"(
    ......6.......
    .A....6.....B.
    ......6.......)");
  const auto closed = plan(world, explained("A", "B", {.max_height_agl_m = 60.0}));
  BOOST_REQUIRE_EQUAL(outcome(closed), "infeasible unreachable");
  BOOST_REQUIRE(closed.hints.max_height_agl_m.has_value());
  BOOST_TEST(outcome(plan(world, between("A", "B", {.max_height_agl_m = *closed.hints.max_height_agl_m}))) == "ok");
  BOOST_TEST(planner::to_json(closed)["error"]["hint"]["max_height_agl_m"] == *closed.hints.max_height_agl_m);
}

BOOST_AUTO_TEST_CASE(a_pad_that_a_zone_covers_has_a_neighbour) {
  const auto world = test::draw(R"(
    .............ZZZ
    .A...........ZBZ
    .............ZZZ
    ............C...)");
  const auto closed = plan(world, explained("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(closed), "infeasible no_fly_zone");
  BOOST_TEST(closed.hints.pad == "C");
}

BOOST_AUTO_TEST_SUITE_END()
