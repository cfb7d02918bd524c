#include "planner/alternatives.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "planner/route_json.hpp"
#include "planner/track_difference.hpp"
#include "tests/scenarios/flown.hpp"

namespace {

using namespace swiftlet;
using geo::Enu2;
using test::between;
using test::outcome;
using test::plan;

/// A wall that leaves a gap in the north and a farther one in the south.
test::Drawing wall() {
  return test::draw(R"(
    ...............................
    ...............................
    ...............#...............
    ...............#...............
    .A.............#.............B.
    ...............#...............
    ...............#...............
    ...............#...............
    ...............................
    ...............................)");
}

std::vector<Enu2> ground(const test::Drawing& world, const planner::Route& route) {
  std::vector<Enu2> out;
  for (const auto& w : route.waypoints) out.emplace_back(world.airspace->frame.to_local(w.position).head<2>());
  return out;
}

/// North of the wall's middle where the route passes the wall.
double passes_at_y(const test::Drawing& world, const planner::Route& route) {
  const geo::Box2 wall = geo::bounds(world.airspace->obstacles[0].footprint);
  const double x = 0.5 * (wall.min.x() + wall.max.x());
  const auto track = ground(world, route);
  for (std::size_t k = 0; k + 1 < track.size(); ++k) {
    if ((track[k].x() - x) * (track[k + 1].x() - x) <= 0.0) return track[k].y();
  }
  return 0.0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(alternatives)

BOOST_AUTO_TEST_CASE(the_other_side_of_a_wall_is_an_alternative_with_a_certificate_of_its_own) {
  const auto world = wall();
  auto request = between("A", "B");
  request.alternatives = 3;
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_REQUIRE(!route.alternatives.empty());
  const auto side = std::find_if(route.alternatives.begin(), route.alternatives.end(),
                                 [](const planner::Route& r) { return r.differs->kind == "side"; });
  BOOST_REQUIRE((side != route.alternatives.end()));
  const planner::Route& other = *side;
  BOOST_TEST(outcome(other) == "ok");
  BOOST_TEST(other.differs->of->id.starts_with("wall-"));
  BOOST_TEST(other.differs->side == "right");  // flying east, past the south end
  BOOST_TEST(other.differs->apart_m > 40.0);
  BOOST_TEST(passes_at_y(world, route) > passes_at_y(world, other) + 100.0);
  BOOST_TEST(other.cost >= route.cost);
  BOOST_TEST(other.lower_bound == route.lower_bound);
  BOOST_TEST(other.certificate.airspace_hash == route.airspace_hash);
  BOOST_TEST(other.certificate.min_height_agl_m >= 30.0);
  const auto json = planner::to_json(route);
  BOOST_TEST(json["alternatives"].size() == route.alternatives.size());
  const auto place = static_cast<std::size_t>(side - route.alternatives.begin());
  BOOST_TEST(json["alternatives"][place]["differs"]["side"] == "right");
  for (std::size_t k = 1; k < route.alternatives.size(); ++k)
    BOOST_TEST(route.alternatives[k].cost >= route.alternatives[k - 1].cost);
  auto plain = route;
  plain.alternatives.clear();
  BOOST_TEST(planner::route_hash(plain) == planner::route_hash(route));
}

BOOST_AUTO_TEST_CASE(where_nothing_stands_between_there_are_other_heights_and_no_wiggles) {
  const auto world = test::draw(R"(
    ........................................................
    .A....................................................B.
    ........................................................)");
  auto request = between("A", "B");
  request.alternatives = 4;
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST(!route.alternatives.empty());
  double last_m = route.certificate.max_height_agl_m;
  for (const planner::Route& other : route.alternatives) {
    BOOST_TEST(other.differs->kind == "layer");
    BOOST_TEST(other.certificate.max_height_agl_m > last_m + 9.0);
    last_m = other.certificate.max_height_agl_m;
  }
}

BOOST_AUTO_TEST_CASE(under_a_ceiling_without_room_there_is_none) {
  const auto world = test::draw(R"(
    ..............................
    .A..........................B.
    ..............................)");
  auto request = between("A", "B", {.max_height_agl_m = 42.0});
  request.alternatives = 2;
  const auto route = plan(world, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST(route.alternatives.empty());
}

BOOST_AUTO_TEST_CASE(a_wiggle_in_the_open_is_no_other_side_and_both_sides_are_told_apart) {
  const auto world = wall();
  const geo::Box2 wall = geo::bounds(world.airspace->obstacles[0].footprint);
  geo::Policy policy;
  const geo::AirspaceView view(world.airspace, {.policy = policy,
                                                .from = test::kMondayNoon,
                                                .to = test::kMondayNoon + std::chrono::hours(1),
                                                .authorisations = {}});
  const double x = wall.min.x();
  const Enu2 a(x - 250.0, wall.min.y() - 40.0), b(x + 250.0, wall.min.y() - 40.0);
  const std::vector<Enu2> north{a, {x, wall.max.y() + 200.0}, b};
  const std::vector<Enu2> south{a, {x, wall.min.y() - 250.0}, b};
  const std::vector<Enu2> wiggle{a, {x - 200.0, wall.min.y() - 120.0}, {x, wall.max.y() + 200.0}, b};
  const auto sides = planner::passes_another_side(view, north, south);
  BOOST_REQUIRE(sides.has_value());
  BOOST_TEST(sides->side == "left");
  BOOST_TEST(planner::passes_another_side(view, south, north)->side == "right");
  BOOST_TEST(!planner::passes_another_side(view, wiggle, north).has_value());
  BOOST_TEST(!planner::passes_another_side(view, north, north).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
