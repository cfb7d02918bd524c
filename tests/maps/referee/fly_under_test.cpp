#include <boost/test/unit_test.hpp>

#include "tests/maps/referee/judged_world.hpp"

using namespace swiftlet;
using test::broken;

namespace {

/// A bridge from x = 300 to 340, y = 300 to 340: from 60 m above the datum to 70 m. The ground is at 10 m.
struct Bridge {
  test::TemporaryDirectory directory;
  maps::RegionManifest manifest;
  std::unique_ptr<const geo::Referee> referee;

  Bridge() {
    const auto& dir = directory.path();
    manifest.file = dir / "region.toml";
    manifest.name = "bridge";
    manifest.vertical_datum = "test";
    test::write_terrain(dir / "terrain.tif");
    manifest.terrain.push_back({.path = dir / "terrain.tif", .nodata = {}});
    // The field that the writer calls "height" is read as the base; the top is what every feature gets by default.
    test::write_buildings(dir / "bridge.gpkg", {{test::true_rectangle_wkt(300, 300, 340, 340), 60.0}});
    maps::ObstacleSource source;
    source.path = dir / "bridge.gpkg";
    source.kind = "bridge";
    source.base_field = "height";
    source.default_height_m = 60.0;
    manifest.obstacles.push_back(source);
    auto opened = maps::open_referee(manifest);
    BOOST_REQUIRE_MESSAGE(opened.has_value(), test::why_not(opened));
    referee = std::move(*opened);
  }

  [[nodiscard]] geo::RefereeReport along(double alt_m, bool fly_under) const {
    geo::RouteUnderTest route;
    route.airspace_hash = maps::airspace_hash(manifest).value();
    route.depart = parse_rfc3339("2026-11-21T10:00:00Z").value();
    route.policy.fly_under = fly_under;
    route.policy.min_height_agl_m = 20.0;
    for (const double x : {200.0, 320.0, 450.0}) {
      route.path.push_back(test::at({x, 320.0, alt_m}));
      route.t_s.push_back(x);
    }
    return referee->judge(route);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_fly_under)

BOOST_AUTO_TEST_CASE(nothing_passes_below_a_bridge_unless_the_policy_says_so) {
  const Bridge bridge;
  BOOST_TEST(broken(bridge.along(45.0, false)) != "");
  BOOST_TEST(broken(bridge.along(45.0, true)) == "");
  BOOST_TEST(broken(bridge.along(49.99, true)) == "");
  BOOST_TEST(broken(bridge.along(50.05, true)) != "");
  BOOST_TEST(broken(bridge.along(65.0, true)) != "");
  BOOST_TEST(broken(bridge.along(80.0, false)) == "");
  BOOST_TEST(broken(bridge.along(80.0, true)) == "");
  BOOST_TEST(bridge.along(45.0, true).min_vertical_clearance_m.value() > 14.9);
}

BOOST_AUTO_TEST_SUITE_END()
