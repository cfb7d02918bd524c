#include <boost/test/unit_test.hpp>

#include "tests/scenarios/flown.hpp"

namespace geo = swiftlet::geo;
using swiftlet::test::between;
using swiftlet::test::draw;
using swiftlet::test::kMondayNoon;
using swiftlet::test::outcome;
using swiftlet::test::plan;

namespace {

/// Two halves with a zone from edge to edge between them.
swiftlet::test::Drawing parted() {
  return draw(R"(
    .......Z.......
    .A.....Z.....B.
    .......Z.......)");
}

geo::Applicability from_to(std::chrono::minutes from, std::chrono::minutes to) {
  return {.start = kMondayNoon + from, .end = kMondayNoon + to, .periods = {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zones)

BOOST_AUTO_TEST_CASE(a_zone_in_force_parts_the_region_and_is_named) {
  const auto world = parted();
  const auto route = plan(world, between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "infeasible unreachable");
  BOOST_TEST(route.error->cause->kind == "geozone");
  BOOST_TEST(route.error->cause->id == "Z");
}

BOOST_AUTO_TEST_CASE(an_authorisation_opens_a_zone_that_asks_for_one) {
  const auto world = parted();
  world.zone("Z").restriction = geo::Restriction::requires_authorisation;
  auto request = between("A", "B");
  BOOST_TEST(outcome(plan(world, request)) == "infeasible unreachable");
  request.authorisations = {"Z"};
  const auto route = plan(world, request);
  BOOST_TEST(outcome(route) == "ok");
  BOOST_TEST(route.authorisations == request.authorisations);
}

BOOST_AUTO_TEST_CASE(a_zone_that_begins_after_the_flight_does_not_stand_in_its_way) {
  const auto world = parted();
  world.zone("Z").applicability = {from_to(std::chrono::minutes(15), std::chrono::minutes(600))};
  BOOST_TEST(outcome(plan(world, between("A", "B"))) == "ok");
}

BOOST_AUTO_TEST_CASE(a_zone_that_ends_soon_is_no_proof) {
  const auto world = parted();
  world.zone("Z").applicability = {from_to(std::chrono::minutes(-60), std::chrono::minutes(5))};
  BOOST_TEST(outcome(plan(world, between("A", "B"))) == "refused undecided_at_resolution");
  world.zone("Z").applicability = {from_to(std::chrono::minutes(-60), std::chrono::minutes(-1))};
  BOOST_TEST(outcome(plan(world, between("A", "B"))) == "ok");
}

BOOST_AUTO_TEST_CASE(the_uncertainty_of_time_counts_at_the_edge_of_a_zone_in_time) {
  const auto world = parted();
  auto ended = from_to(std::chrono::minutes(-60), std::chrono::minutes(0));
  *ended.end -= std::chrono::seconds(20);  // less than the 30 s by which a flight may run ahead
  world.zone("Z").applicability = {ended};
  BOOST_TEST(outcome(plan(world, between("A", "B"))) == "refused undecided_at_resolution");
}

BOOST_AUTO_TEST_CASE(a_zone_that_begins_above_the_ground_is_flown_under) {
  const auto world = draw(R"(
    .......OOO.......
    .A.....OOO.....B.
    .......OOO.......)");
  const auto route = plan(world, between("A", "B"));
  BOOST_TEST(outcome(route) == "ok");
  BOOST_TEST(route.certificate.max_height_agl_m <= 60.0);
}

BOOST_AUTO_TEST_CASE(a_zone_over_a_pad_closes_it) {
  const auto world = draw(R"(
    .............ZZZ
    .A...........ZBZ
    .............ZZZ)");
  const auto route = plan(world, between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "infeasible no_fly_zone");
  BOOST_TEST(route.error->cause->id == "Z");
}

BOOST_AUTO_TEST_SUITE_END()
