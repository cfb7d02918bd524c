#include <boost/test/unit_test.hpp>
#include <cmath>
#include <thread>

#include "tests/maps/referee/judged_world.hpp"

using namespace swiftlet;
using test::broken;
using test::JudgedWorld;

namespace {

/// A path is straight in longitude and latitude: over 400 m it bows by 1.3 mm against the local frame.
constexpr double kBow_m = 2e-3;

// Ground at 10 m, a block of 40 m: its top is at 50 m, free flight over it from 60 m up.
const JudgedWorld& block() {
  static const JudgedWorld world({.boxes = {{300, 300, 340, 340, 40}}});
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_clearance)

BOOST_AUTO_TEST_CASE(a_wall_is_passed_at_ten_metres_and_not_two_centimetres_nearer) {
  const auto kept = block().judge({{289.98, 200, 45}, {289.98, 300, 45}, {289.98, 450, 45}});
  BOOST_TEST(broken(kept) == "");
  BOOST_REQUIRE(kept.min_lateral_clearance_m.has_value());
  BOOST_TEST(std::abs(*kept.min_lateral_clearance_m - 10.02) < kBow_m);
  BOOST_TEST(!kept.min_vertical_clearance_m.has_value());
  BOOST_TEST(kept.nearest.value().obstacle.kind == "building");

  const auto near = block().judge({{290.02, 200, 45}, {290.02, 280, 45}, {290.02, 450, 45}});
  BOOST_TEST(broken(near) == "lateral_clearance@1");
  BOOST_TEST(std::abs(near.violations[0].actual_m.value() - 9.98) < kBow_m);
  BOOST_TEST(near.violations[0].required_m.value() == 10.0);
  BOOST_TEST(near.violations[0].cause.value().id == "1");
}

BOOST_AUTO_TEST_CASE(a_corner_grazed_between_two_distant_points_is_seen) {
  // South-west of the corner (300, 300), across the diagonal, 200 m either way.
  const auto across = [](double distance) {
    const double foot = 300 - distance / std::sqrt(2.0);
    return block().judge({{foot - 140, foot + 140, 45}, {foot + 140, foot - 140, 45}});
  };
  BOOST_TEST(broken(across(10.02)) == "");
  const auto near = across(9.98);
  BOOST_TEST(broken(near) == "lateral_clearance@0");
  BOOST_TEST(std::abs(near.violations[0].actual_m.value() - 9.98) < kBow_m);
  const GeoPoint worst = test::at({300 - 9.98 / std::sqrt(2.0), 300 - 9.98 / std::sqrt(2.0), 45});
  BOOST_TEST(std::abs(near.violations[0].at.lon_deg - worst.lon_deg) < 1e-6);
  BOOST_TEST(std::abs(near.violations[0].at.lat_deg - worst.lat_deg) < 1e-6);
}

BOOST_AUTO_TEST_CASE(overflight_at_exactly_the_vertical_clearance_is_allowed) {
  for (const double alt : {60.0, 60.02}) {
    const auto over = block().judge({{320, 200, alt}, {320, 450, alt}});
    BOOST_TEST(broken(over) == "");
    BOOST_TEST(std::abs(over.min_vertical_clearance_m.value() - (alt - 50)) < kBow_m);
    BOOST_TEST(!over.min_lateral_clearance_m.has_value());
  }
  const auto low = block().judge({{320, 200, 59.98}, {320, 450, 59.98}});
  BOOST_TEST(broken(low) == "lateral_clearance@0");
  BOOST_TEST(low.violations[0].actual_m.value() == 0.0);
}

BOOST_AUTO_TEST_CASE(on_a_climb_only_the_stretch_below_the_clearance_altitude_counts) {
  // Straight at the wall y = 300: 59.99 m (where the wall ceases to bind) is reached `short_of` metres before it.
  const auto climb = [](double short_of) {
    const double slope = 0.1;
    const double reached = 300 - short_of;
    return block().judge({{320, reached - 150, 59.99 - 150 * slope}, {320, reached + 150, 59.99 + 150 * slope}});
  };
  BOOST_TEST(broken(climb(10.02)) == "");
  const auto late = climb(9.98);
  BOOST_TEST(broken(late) == "lateral_clearance@0");
  BOOST_TEST(std::abs(late.violations[0].actual_m.value() - 9.98) < 0.01);
}

BOOST_AUTO_TEST_CASE(ground_of_a_block_is_the_highest_terrain_under_it) {
  // Terrain rises 2 m a cell eastwards: 70 m under the west wall, and 78 m under the east wall.
  const JudgedWorld world(
      {.boxes = {{300.12004801920768, 300, 340.13605442176871, 340, 40}},
       .terrain = {.height = [](int column, int) { return 10.0F + 2.0F * static_cast<float>(column); }}});
  const auto fly = [&](double alt) {
    auto route = world.route({{320, 200, alt}, {320, 450, alt}});
    return world.judge(route);
  };
  BOOST_TEST(broken(fly(128.02)) == "");
  BOOST_TEST(broken(fly(127.97)) == "lateral_clearance@0");
}

BOOST_AUTO_TEST_CASE(threads_judge_alike) {
  const auto route = block().route({{290.02, 200, 45}, {290.02, 280, 45}, {320, 450, 45}, {600, 600, 80}});
  const std::string alone = broken(block().judge(route));
  std::vector<std::string> together(4);
  std::vector<std::thread> threads;
  for (std::string& result : together) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) result = broken(block().judge(route));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : together) BOOST_TEST(result == alone);
}

BOOST_AUTO_TEST_CASE(flight_through_a_building_with_no_lateral_clearance_asked_for) {
  for (const double lateral : {0.0, 0.005, 0.01}) {
    auto through = block().route({{320, 200, 45}, {320, 450, 45}});
    through.policy.lateral_clearance_m = lateral;
    BOOST_TEST(broken(block().judge(through)) == "lateral_clearance@0");
    auto along = block().route({{299.99, 200, 45}, {299.99, 450, 45}});
    along.policy.lateral_clearance_m = lateral;
    BOOST_TEST(broken(block().judge(along)) == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()
