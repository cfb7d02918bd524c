#include <fmt/core.h>

#include <boost/test/unit_test.hpp>

#include "tests/maps/referee/judged_world.hpp"

using namespace swiftlet;
using test::broken;
using test::JudgedWorld;

namespace {

struct ZoneText {
  std::string restriction = "PROHIBITED";
  std::string applicability = R"([{"permanent":"YES"}])";
  std::string limits = R"("uomDimensions":"M","lowerLimit":0,"lowerVerticalReference":"AGL","upperLimit":null)";
  std::string projection = {};  ///< the square 400…500
  std::string root = "features";
};

std::string square() {
  return fmt::format(R"({{"type":"Polygon","coordinates":[[{},{},{},{},{}]]}})", test::lonlat_json(400, 400),
                     test::lonlat_json(500, 400), test::lonlat_json(500, 500), test::lonlat_json(400, 500),
                     test::lonlat_json(400, 400));
}

std::string file_of(const ZoneText& zone) {
  return fmt::format(
      R"({{"{}":[{{"identifier":"Z1","restriction":"{}","applicability":{},"geometry":[{{{},"horizontalProjection":{}}}]}}]}})",
      zone.root, zone.restriction, zone.applicability, zone.limits,
      zone.projection.empty() ? square() : zone.projection);
}

/// West to east through the middle of the square (segment 1 is the one inside), 10 s a segment.
std::vector<test::Place> through(double alt, double y = 450) {
  return {{300, y, alt}, {390, y, alt}, {510, y, alt}, {600, y, alt}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_zones)

BOOST_AUTO_TEST_CASE(a_prohibited_zone_blocks_and_may_be_touched) {
  for (const char* root : {"features", "UASZoneList"}) {
    const JudgedWorld world({.zones = file_of({.root = root})});
    const auto inside = world.judge(through(60));
    BOOST_TEST(broken(inside) == "geozone@1");
    BOOST_TEST(inside.violations[0].cause.value().id == "Z1");
    BOOST_TEST(inside.geozones == std::vector<std::string>{"Z1"});
    BOOST_TEST(broken(world.judge(through(60, 400))) == "");
    BOOST_TEST(broken(world.judge(through(60, 399.98))) == "");
    BOOST_TEST(broken(world.judge(through(60, 400.02))) == "geozone@1");
    BOOST_TEST(world.judge(through(60, 399.98)).geozones.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_margin_widens_it) {
  const JudgedWorld world({.zones = file_of({})});
  auto route = world.route(through(60, 390.02));
  route.policy.zone_margin_m = 10;
  BOOST_TEST(broken(world.judge(route)) == "geozone@1");
  route = world.route(through(60, 389.98));
  route.policy.zone_margin_m = 10;
  BOOST_TEST(broken(world.judge(route)) == "");
}

BOOST_AUTO_TEST_CASE(authorisations_open_what_they_may_open) {
  for (const auto& [restriction, without, with] :
       {std::tuple{"PROHIBITED", "geozone@1", "geozone@1"}, std::tuple{"REQ_AUTHORISATION", "geozone@1", ""},
        std::tuple{"CONDITIONAL", "geozone@1", ""}, std::tuple{"NO_RESTRICTION", "", ""}}) {
    BOOST_TEST_CONTEXT(restriction) {
      const JudgedWorld world({.zones = file_of({.restriction = restriction})});
      auto route = world.route(through(60));
      BOOST_TEST(broken(world.judge(route)) == without);
      route.authorisations = {"Z0", "Z1"};
      BOOST_TEST(broken(world.judge(route)) == with);
      BOOST_TEST(world.judge(route).geozones == std::vector<std::string>{"Z1"});
    }
  }
}

BOOST_AUTO_TEST_CASE(limits_above_ground_follow_the_terrain) {
  // Terrain 10 + 0.2 x (UTM): about 90 m at x = 400, 110 m at x = 500.
  const JudgedWorld world(
      {.zones = file_of({.limits = R"("uomDimensions":"M","lowerLimit":"60","lowerVerticalReference":"AGL",
                                      "upperLimit":80,"upperVerticalReference":"AGL")"}),
       .terrain = {.height = [](int column, int) { return 10.0F + 2.0F * static_cast<float>(column); }}});
  const auto slope = [&](double agl) { return world.judge({{300, 450, 69.976 + agl}, {600, 450, 129.952 + agl}}); };
  BOOST_TEST(broken(slope(59.98)) == "");
  BOOST_TEST(broken(slope(60.02)) == "geozone@0");
  BOOST_TEST(broken(slope(79.98)) == "geozone@0");
  BOOST_TEST(broken(slope(80.02)) == "");
  // Level at 171 m: 81 m above the ground where it enters, 61 m where it leaves.
  BOOST_TEST(broken(world.judge({{300, 450, 171}, {600, 450, 171}})) == "geozone@0");
}

BOOST_AUTO_TEST_CASE(limits_above_the_sea_may_be_feet_written_as_text) {
  const JudgedWorld world({.zones = file_of({.limits = R"("uomDimensions":"FT","lowerLimit":null,
      "upperLimit":"200","upperVerticalReference":"AMSL")"})});  // 60.96 m
  BOOST_TEST(broken(world.judge(through(60.94))) == "geozone@1");
  BOOST_TEST(broken(world.judge(through(60.96))) == "");
}

BOOST_AUTO_TEST_CASE(a_circle_is_geodesic) {
  const JudgedWorld world(
      {.zones = file_of({.projection = fmt::format(R"({{"type":"Circle","center":{},"radius":100}})",
                                                   test::lonlat_json(450, 450))})});
  BOOST_TEST(broken(world.judge({{200, 349.98, 60}, {700, 349.98, 60}})) == "");
  BOOST_TEST(broken(world.judge({{200, 350.02, 60}, {700, 350.02, 60}})) == "geozone@0");
}

BOOST_AUTO_TEST_CASE(a_timed_zone_binds_only_while_the_flight_is_inside) {
  // The path is in the square from 10.8 s to 19.2 s after departure, at 10:00:00 on Saturday.
  const auto judged = [](const char* applicability, double uncertainty_s) {
    const JudgedWorld world({.zones = file_of({.applicability = applicability})});
    auto route = world.route(through(60));
    route.time_uncertainty_s = uncertainty_s;
    return broken(world.judge(route));
  };
  const char* before =
      R"([{"permanent":"NO","startDateTime":"2026-11-21T09:00:00Z","endDateTime":"2026-11-21T10:00:10Z"}])";
  BOOST_TEST(judged(before, 0) == "");
  BOOST_TEST(judged(before, 2) == "geozone@1");
  const char* after_it = R"([{"permanent":"NO","startDateTime":"2026-11-21T10:00:20"}])";
  BOOST_TEST(judged(after_it, 0) == "");
  BOOST_TEST(judged(after_it, 2) == "geozone@1");
  BOOST_TEST(judged(R"([{"permanent":"NO","startDateTime":"2026-11-21T10:00:19Z"}])", 0) == "geozone@1");
  BOOST_TEST(judged(R"([{"permanent":"NO","schedule":[{"day":["SAT"],"startTime":"10:00Z","endTime":"11:00Z"}]}])",
                    0) == "geozone@1");
  BOOST_TEST(
      judged(R"([{"permanent":"NO","dailyPeriod":[{"day":["SUN"],"startTime":"10:00","endTime":"11:00"}]}])", 0) == "");
}

BOOST_AUTO_TEST_SUITE_END()
