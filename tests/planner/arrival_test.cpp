#include "planner/arrival.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/scenarios/flown.hpp"

namespace {

using namespace swiftlet;
using std::chrono::minutes;
using test::between;
using test::kMondayNoon;
using test::outcome;
using test::plan;

test::Drawing parted() {
  return test::draw(R"(
    .......ZZZ.......
    .A.....ZZZ.....B.
    .......ZZZ.......)");
}

UtcTime touchdown(const planner::Route& route) { return after(route.depart, route.duration_s); }

}  // namespace

BOOST_AUTO_TEST_SUITE(arrival)

BOOST_AUTO_TEST_CASE(the_departure_is_the_latest_that_arrives_in_time) {
  const auto world = test::draw(".A..........B.");
  auto request = between("A", "B");
  for (const int after_s : {300, 301, 3600, 86400}) {
    request.arrive_by = kMondayNoon + std::chrono::seconds(after_s);
    const auto route = plan(world, request);
    BOOST_REQUIRE_EQUAL(outcome(route), "ok");
    BOOST_TEST((route.depart >= request.depart));
    BOOST_TEST((touchdown(route) <= *request.arrive_by));
    BOOST_TEST((touchdown(route) >= *request.arrive_by - std::chrono::seconds(1)));
  }
}

BOOST_AUTO_TEST_CASE(too_soon_is_a_proof_only_below_the_bound) {
  const auto world = test::draw(".A..........B.");
  auto request = between("A", "B");
  const auto now = plan(world, request);
  request.arrive_by = after(kMondayNoon, 0.5 * now.lower_bound);
  BOOST_TEST(outcome(plan(world, request)) == "infeasible arrive_by_too_soon");
  request.arrive_by = after(kMondayNoon, 0.5 * (now.lower_bound + now.duration_s));
  const auto open = plan(world, request);
  BOOST_TEST(outcome(open) == "refused arrive_by_too_soon");
  BOOST_TEST(open.error->where == "arrive_by");
  BOOST_TEST(open.waypoints.empty());
  request.arrive_by = kMondayNoon - minutes(1);
  BOOST_TEST(outcome(plan(world, request)) == "infeasible arrive_by_too_soon");
}

BOOST_AUTO_TEST_CASE(a_zone_that_is_in_force_at_the_end_is_flown_through_before_it_begins) {
  const auto world = parted();
  const UtcTime begins = kMondayNoon + minutes(60);
  world.zone("Z").applicability = {{.start = begins, .end = kMondayNoon + minutes(180), .periods = {}}};
  auto request = between("A", "B");
  request.arrive_by = kMondayNoon + minutes(90);
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST((touchdown(route) <= begins));
  BOOST_TEST((touchdown(route) >= begins - minutes(5)));
}

BOOST_AUTO_TEST_CASE(a_zone_that_is_in_force_all_the_time_is_what_stands_in_the_way) {
  const auto world = parted();
  auto request = between("A", "B");
  request.arrive_by = kMondayNoon + minutes(90);
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "infeasible unreachable");
  BOOST_TEST(route.error->cause->id == "Z");
}

BOOST_AUTO_TEST_CASE(who_is_in_the_air_cannot_depart_later) {
  const auto world = test::draw(".A..........B.");
  auto request = between("A", "B");
  request.from = planner::AirbornePoint{.at = {4.85, 45.76, 160.0}};
  request.arrive_by = kMondayNoon + minutes(90);
  const auto route = plan(world, request);
  BOOST_TEST(outcome(route) == "refused bad_request");
  BOOST_TEST(route.error->where == "arrive_by");
}

BOOST_AUTO_TEST_SUITE_END()
