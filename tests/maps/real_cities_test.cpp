// Geneva and Shenzhen as they were published. The data stands beside the project: see CONTRIBUTING.
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <map>

#include "maps/compile.hpp"
#include "maps/referee/referee.hpp"
#include "tests/maps/random_world.hpp"
#include "tests/maps/written_region.hpp"

namespace maps = swiftlet::maps;
namespace test = swiftlet::test;

namespace {

maps::CompiledRegion compiled(const std::string& region) {
  const auto manifest =
      maps::read_region_manifest(std::string(SWIFTLET_SOURCE_DIR) + "/tests/regions/" + region + "/region.toml");
  BOOST_REQUIRE_MESSAGE(manifest, test::why_not(manifest));
  auto out = maps::compile(*manifest);
  BOOST_REQUIRE_MESSAGE(out, test::why_not(out));
  const auto referee = maps::open_referee(*manifest);
  BOOST_TEST(referee.has_value(), test::why_not(referee));
  return std::move(*out);
}

void tells(const maps::CompiledRegion& region, const std::vector<std::string>& lines) {
  std::string report;
  for (const std::string& line : region.warnings) report += line + "\n";
  for (const std::string& line : lines)
    BOOST_TEST(report.find(line) != std::string::npos, line << " is not in\n" << report);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(real_cities)

BOOST_AUTO_TEST_CASE(geneva_s_buildings_levels_lines_and_towers_are_accounted_for) {
  const auto region = compiled("geneva");
  // 11 712 closed outlines and 57 that the extract has torn; 48 parts. Its power lines are one line, 41 generators and
  // a plant.
  tells(region,
        {"obstacles by class: building 11811, chimney 2, mast 5, power_line 1, power_tower 23, tower 13",
         "building:part=* 48, building=* 11769, man_made=chimney 2, man_made=mast 5, man_made=tower 13, power=line 1, "
         "power=pole 19, power=tower 4",
         "power=generator 41, power=plant 1",
         "heights: 4 from height, 1563 from building:levels at 3.2 m a level (1567 features state it)",
         "10244 features of class building without a height, taken as 18 m",
         "141 outlines not closed or crossing themselves, taken by their convex hull"});
  std::map<std::string, int> kinds;
  for (const auto& o : region.airspace.obstacles) ++kinds[o.kind];
  BOOST_TEST(kinds["building"] == 11811);
  BOOST_TEST(kinds["tower"] == 13);
  BOOST_TEST(kinds["power_line"] == 1);
}

BOOST_AUTO_TEST_CASE(shenzhen_s_surface_is_no_ground_and_its_voids_are_the_bay) {
  const auto region = compiled("shenzhen");
  tells(region,
        {"15800 cells without data, taken as open water at 0 m",
         "a surface model without a terrain model; its ground is a guess",
         "nanshan_osm_building_points.geojson: 4134 features without a height, taken as default_height_m = 25 m"});
  int buildings = 0;
  int cells = 0;
  double highest = 0.0;
  for (const auto& o : region.airspace.obstacles) {
    ++(o.kind == "building" ? buildings : cells);
    if (o.kind == "building") highest = std::max(highest, o.top_msl_m);
  }
  BOOST_TEST(buildings == 7955);
  BOOST_TEST(cells > 200000);
  BOOST_TEST(highest >= 392.5);
  BOOST_TEST(highest < 420.0);
}

BOOST_AUTO_TEST_CASE(idaho_s_forecast_blows_as_its_nearest_nodes_say) {
  const std::filesystem::path forecast =
      std::string(SWIFTLET_SOURCE_DIR) + "/../shared/data/wind/ndfd_20170603T1800_idaho.nc";
  const test::TemporaryDirectory temporary;
  const std::filesystem::path dir = temporary.path();
  // 2 km of flat ground at 43.39° N, 113.03° W, about the middle of the forecast's Lambert grid.
  test::write_raster(dir / "t.tif", {.crs = "EPSG:4326",
                                     .geotransform = {-113.04, 0.0005, 0, 43.40, 0, -0.0005},
                                     .columns = 40,
                                     .rows = 40,
                                     .value = [](int, int) { return 1500.0F; }});
  test::write_text(
      dir / "region.toml",
      "[region]\nname = \"i\"\nvertical_datum = \"NAVD88\"\n[[terrain]]\npath = \"t.tif\"\n[[wind]]\npath = \"" +
          forecast.string() + "\"\nprofile = \"log\"\n");
  const auto manifest = maps::read_region_manifest(dir / "region.toml");
  BOOST_REQUIRE_MESSAGE(manifest, test::why_not(manifest));
  const auto region = maps::compile(*manifest);
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto& field = region->airspace.wind_field;
  BOOST_REQUIRE(field.instants().size() == 1u);
  BOOST_TEST(swiftlet::format_rfc3339(field.instants()[0]) == "2017-06-03T18:00:00.000Z");
  tells(*region, {"one time only, 2017-06-03T18:00:00.000Z"});
  // gdallocationinfo -wgs84 on the two variables there.
  BOOST_TEST(std::abs(region->airspace.wind.speed_m_s - 4.3125) < 0.5);
  BOOST_TEST(std::abs(region->airspace.wind.from_deg - 118.0) < 10.0);
}

BOOST_AUTO_TEST_SUITE_END()
