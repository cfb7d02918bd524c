#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/maps/referee/judged_world.hpp"

using namespace swiftlet;
using test::broken;
using test::JudgedWorld;

namespace {

// Ground at 10 m; a block with its roof at 50 m, and on its east half a storey more, at 55 m.
const JudgedWorld& block() {
  static const JudgedWorld world({.boxes = {{300, 300, 340, 340, 40}, {325, 300, 340, 340, 45}}});
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_terminal)

BOOST_AUTO_TEST_CASE(only_the_vertical_over_start_and_goal_may_be_below_the_floor) {
  const auto flight = [](double leave_at, double drift) {
    return block().judge(
        {{600, 600, 10}, {600 + drift, 600, leave_at}, {700, 600, 60}, {800, 600, 60}, {800, 600, 10}});
  };
  BOOST_TEST(broken(flight(40.0, 0.04)) == "");
  BOOST_TEST(std::abs(flight(40.0, 0.0).min_height_agl_m - 30.0) < 1e-3);
  BOOST_TEST(broken(flight(39.98, 0.0)) == "min_height_agl@1");
  BOOST_TEST(broken(flight(40.0, 0.06)) == "min_height_agl@0");
}

BOOST_AUTO_TEST_CASE(nothing_rises_above_the_deck_inside_the_cylinder) {
  const auto beside = [](double distance) {
    return block().judge({{300 - distance, 320, 10}, {300 - distance, 320, 60}, {200, 320, 60}});
  };
  BOOST_TEST(broken(beside(8.02)) == "");
  const auto near = beside(7.98);
  BOOST_TEST(broken(near) == "terminal_radius@0");
  BOOST_TEST(std::abs(near.violations[0].actual_m.value() - 7.98) < 1e-3);
  // Up beside the wall only to 59 m: still bound by the wall when it leaves.
  BOOST_TEST(broken(block().judge({{291, 320, 10}, {291, 320, 59}, {200, 320, 60}})) == "lateral_clearance@1");
}

BOOST_AUTO_TEST_CASE(a_deck_that_is_already_free_has_its_cylinder_all_the_same) {
  // A deck 35 m above the ground, 6 m beside a wall that rises above it; only 5 m of clearance are asked for.
  const auto judged = [](double distance, bool vertical) {
    auto route = block().route(
        vertical ? std::vector<test::Place>{{300 - distance, 320, 45}, {300 - distance, 320, 60}, {200, 320, 60}}
                 : std::vector<test::Place>{{300 - distance, 320, 45}, {200, 320, 60}});
    route.policy.lateral_clearance_m = 5.0;
    return broken(block().judge(route));
  };
  BOOST_TEST(judged(6.0, true) == "terminal_radius@0");
  BOOST_TEST(judged(8.02, true) == "");
  BOOST_TEST(judged(6.0, false) == "");  // airborne
}

BOOST_AUTO_TEST_CASE(a_roof_is_a_deck_where_its_higher_part_is_far_enough) {
  const auto from_roof = [](double x, double deck, double leave_at) {
    return block().judge({{x, 320, deck}, {x, 320, leave_at}, {200, 320, leave_at}});
  };
  BOOST_TEST(broken(from_roof(316.9, 50, 65)) == "");
  BOOST_TEST(broken(from_roof(317.1, 50, 65)) == "terminal_radius@0");
  // Inside the building.
  BOOST_TEST(broken(from_roof(310, 49.9, 65)) == "terminal_radius@0");
  // Clear of the higher part (x < 315) the roof itself binds to 60 m.
  BOOST_TEST(broken(from_roof(310, 50, 60)) == "");
  BOOST_TEST(broken(from_roof(310, 50, 59.98)) == "lateral_clearance@1");
}

BOOST_AUTO_TEST_CASE(the_goal_is_judged_like_the_start) {
  BOOST_TEST(broken(block().judge({{200, 320, 60}, {292.02, 320, 60}, {292.02, 320, 10}})) == "terminal_radius@1");
  BOOST_TEST(broken(block().judge({{200, 320, 60}, {291.98, 320, 60}, {291.98, 320, 10}})) == "");
}

BOOST_AUTO_TEST_CASE(the_ceiling_binds_in_the_terminal) {
  auto route = block().route({{600, 600, 10}, {600, 600, 60}, {600, 600, 45}, {700, 600, 45}});
  BOOST_TEST(broken(block().judge(route)) == "");
  route.policy.max_height_agl_m = 40;
  BOOST_TEST(broken(block().judge(route)) == "max_height_agl@0 max_height_agl@1");
}

BOOST_AUTO_TEST_CASE(a_deck_below_the_ground_is_seen) {
  BOOST_TEST(broken(block().judge({{600, 600, 9.9}, {600, 600, 60}, {700, 600, 60}})) == "below_ground@0");
}

BOOST_AUTO_TEST_CASE(an_airborne_start_needs_no_terminal_and_gets_no_exemption) {
  BOOST_TEST(broken(block().judge({{600, 600, 45}, {700, 600, 45}})) == "");
  BOOST_TEST(broken(block().judge({{600, 600, 35}, {700, 600, 45}})) == "min_height_agl@0");
  BOOST_TEST(broken(block().judge({{291, 320, 45}, {200, 320, 45}})) == "lateral_clearance@0");
}

BOOST_AUTO_TEST_SUITE_END()
