#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "tests/maps/referee/judged_world.hpp"

using namespace swiftlet;
using test::broken;
using test::JudgedWorld;

namespace {

/// A path is straight in longitude and latitude: it bows by millimetres against the terrain's grid.
constexpr double kBow_m = 3e-3;
constexpr double kUtm = 0.9996;  // a place in UTM metres divided by it is one in true metres

const JudgedWorld& flat() {
  static const JudgedWorld world(JudgedWorld::Contents{});
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_heights)

BOOST_AUTO_TEST_CASE(over_a_ramp_the_height_follows_the_slope) {
  // 2 m a cell of 10 m: the terrain is 10 + 0.2 x.
  const JudgedWorld ramp(
      {.terrain = {.height = [](int column, int) { return 10.0F + 2.0F * static_cast<float>(column); }}});
  const auto climb = [&](double agl) {
    return ramp.judge({{100 / kUtm, 500, 30 + agl}, {500 / kUtm, 510, 110 + agl}, {800 / kUtm, 500, 170 + agl}});
  };
  BOOST_TEST(broken(climb(30.02)) == "");
  BOOST_TEST(std::abs(climb(30.02).min_height_agl_m - 30.02) < kBow_m);
  BOOST_TEST(broken(climb(29.98)) == "min_height_agl@0 min_height_agl@1");
  BOOST_TEST(broken(climb(119.98)) == "");
  BOOST_TEST(std::abs(climb(119.98).max_height_agl_m - 119.98) < kBow_m);
  BOOST_TEST(broken(climb(120.02)) == "max_height_agl@0 max_height_agl@1");
  // Level flight into the slope: the lowest point is the far end.
  const auto level = ramp.judge({{200 / kUtm, 500, 100}, {400 / kUtm, 500, 100}});
  BOOST_TEST(broken(level) == "min_height_agl@0");
  BOOST_TEST(std::abs(level.violations[0].actual_m.value() - 10) < kBow_m);
}

BOOST_AUTO_TEST_CASE(a_saddle_inside_one_segment_is_found_in_closed_form) {
  // 0.02 column row over 10 m: along the anti-diagonal it peaks halfway, between two cell borders at 60.005 m.
  const auto height = [](int column, int row) { return 10.0F + 0.02F * static_cast<float>(column * row); };
  const JudgedWorld saddle({.terrain = {.height = height}});
  // column = 9.5 + s, row = 90.5 - s: the product is highest where they are equal, at 50.0.
  const auto cross = [&](double alt) {
    return saddle.judge({{95 / kUtm, 1000 / kUtm - 905 / kUtm, alt}, {905 / kUtm, 1000 / kUtm - 95 / kUtm, alt}});
  };
  BOOST_TEST(broken(cross(60 + 30.02)) == "");
  const auto low = cross(60 + 29.98);
  BOOST_TEST(broken(low) == "min_height_agl@0");
  BOOST_TEST(std::abs(low.violations[0].actual_m.value() - 29.98) < kBow_m);
}

BOOST_AUTO_TEST_CASE(below_the_ground_is_a_rule_of_its_own) {
  BOOST_TEST(broken(flat().judge({{100, 100, 45}, {300, 100, 9.98}, {400, 100, 45}})) ==
             "below_ground@0 min_height_agl@0 below_ground@1 min_height_agl@1");
}

BOOST_AUTO_TEST_CASE(the_region_ends_at_the_outermost_cell_centres) {
  BOOST_TEST(broken(flat().judge({{500, 500, 60}, {999.99 / kUtm, 500, 60}})) == "");
  BOOST_TEST(broken(flat().judge({{500, 500, 60}, {1000.02 / kUtm, 500, 60}, {500, 510, 60}})) ==
             "out_of_region@0 out_of_region@1");
  BOOST_TEST(broken(flat().judge({{500, 500, 60}, {500, -0.02, 60}})) == "out_of_region@0");
  auto far = flat().route({{500, 500, 60}, {600, 500, 60}});
  far.path[1] = {.lon_deg = -60, .lat_deg = -80, .alt_msl_m = 60};
  BOOST_TEST(broken(flat().judge(far)) == "out_of_region@0");
}

BOOST_AUTO_TEST_CASE(cells_without_data_are_no_region) {
  const auto height = [](int column, int row) { return column >= 50 && column < 54 && row == 50 ? -9999.0F : 10.0F; };
  const JudgedWorld world({.terrain = {.height = height, .nodata = -9999.0}});  // 4 cells: too many to fill
  BOOST_TEST(broken(world.judge({{400 / kUtm, 489 / kUtm, 60}, {600 / kUtm, 489 / kUtm, 60}})) == "");
  BOOST_TEST(broken(world.judge({{400 / kUtm, 491 / kUtm, 60}, {600 / kUtm, 491 / kUtm, 60}})) == "out_of_region@0");
}

BOOST_AUTO_TEST_CASE(a_malformed_path_is_refused_before_it_is_measured) {
  const auto good = flat().route({{100, 100, 60}, {200, 100, 60}});
  BOOST_TEST(broken(flat().judge(good)) == "");
  auto route = good;
  route.path.pop_back();
  route.t_s.pop_back();
  BOOST_TEST(broken(flat().judge(route)) == "path@0");
  route = good;
  route.path[1].alt_msl_m = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(broken(flat().judge(route)) == "path@0");
  route = good;
  route.t_s[1] = -1;
  BOOST_TEST(broken(flat().judge(route)) == "path@0");
  route = good;
  route.t_s.push_back(30);
  BOOST_TEST(broken(flat().judge(route)) == "path@0");
  route = good;
  route.airspace_hash = "sha256:0";
  BOOST_TEST(broken(flat().judge(route)) == "airspace_hash@0");
}

BOOST_AUTO_TEST_SUITE_END()
