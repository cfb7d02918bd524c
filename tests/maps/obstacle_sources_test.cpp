// Obstacles in every form: bases, radii, sag, rasters, OpenStreetMap; and each of them broken.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "maps/airspace_store.hpp"
#include "maps/compile.hpp"
#include "tests/maps/random_world.hpp"

namespace fs = std::filesystem;
namespace maps = swiftlet::maps;
namespace test = swiftlet::test;

namespace {

/// Flat ground at 10 m, and features written as GeoJSON.
struct Obstacles {
  test::TemporaryDirectory temporary;
  fs::path dir = temporary.path();
  Obstacles() { test::write_terrain(dir / "terrain.tif"); }

  static std::string at(double x, double y) {
    const test::Position p = test::position(x, y);
    return fmt::format("[{:.10f},{:.10f}]", p.lon_deg, p.lat_deg);
  }
  static std::string box(double x, double y, double size) {
    return fmt::format(R"({{"type":"Polygon","coordinates":[[{0},{1},{2},{3},{0}]]}})", at(x, y), at(x + size, y),
                       at(x + size, y + size), at(x, y + size));
  }
  void write(const std::vector<std::pair<std::string, std::string>>& features) const {
    std::string json;
    for (const auto& [tags, geometry] : features) {
      json += fmt::format(R"({}{{"type":"Feature","properties":{},"geometry":{}}})", json.empty() ? "" : ",", tags,
                          geometry);
    }
    test::write_text(dir / "o.geojson", R"({"type":"FeatureCollection","features":[)" + json + "]}");
  }

  [[nodiscard]] swiftlet::Expected<maps::CompiledRegion> compile(const std::string& entry) const {
    test::write_text(
        dir / "region.toml",
        "[region]\nname = \"o\"\nvertical_datum = \"test\"\n[[terrain]]\npath = \"terrain.tif\"\n[[obstacles]]\n" +
            entry);
    const auto manifest = maps::read_region_manifest(dir / "region.toml");
    if (!manifest) return swiftlet::Unexpected(manifest.error());
    return maps::compile(*manifest);
  }

  void refused(const std::string& entry, const std::string& code, const std::string& where,
               const std::string& message) const {
    const auto region = compile(entry);
    BOOST_REQUIRE_MESSAGE(!region, "compiled, but " << code << " was expected");
    BOOST_TEST(name(region.error().code) == code);
    BOOST_TEST(region.error().where.find(where) != std::string::npos, describe(region.error()));
    BOOST_TEST(region.error().message.find(message) != std::string::npos, describe(region.error()));
  }

  [[nodiscard]] static double width(const swiftlet::geo::Obstacle& o) { return (o.box.max - o.box.min).x(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(obstacle_sources, Obstacles)

BOOST_AUTO_TEST_CASE(bridge_has_a_base_and_keeps_it_when_stored) {
  write({{R"({"top":30,"base":25})", box(100, 100, 20)},
         {R"({"height":12,"over":4})", box(200, 100, 20)},
         {R"({"height":12,"base":20,"over":4})", box(300, 100, 20)}});
  const auto region = compile(
      "path = \"o.geojson\"\nheight_field = \"height\"\ntop_field = \"top\"\nbase_field = \"base\"\nbase_height_field "
      "= \"over\"\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto& o = region->airspace.obstacles;
  BOOST_TEST(o.at(0).base_msl_m.value() == 25.0);
  BOOST_TEST(o.at(1).base_msl_m.value() == 14.0);
  BOOST_TEST(o.at(2).base_msl_m.value() == 14.0);  // the lower of two statements
  const auto manifest = maps::read_region_manifest(dir / "region.toml").value();
  BOOST_REQUIRE(maps::store_airspace(manifest, *region, dir / "out"));
  const auto loaded = maps::load_airspace(dir / "out");
  BOOST_REQUIRE_MESSAGE(loaded, test::why_not(loaded));
  BOOST_TEST((*loaded)->obstacles.at(0).base_msl_m.value() == 25.0);
}

BOOST_AUTO_TEST_CASE(base_that_is_not_below_the_top) {
  write({{R"({"height":5})", box(50, 50, 10)}, {R"({"height":5,"base":15})", box(100, 100, 20)}});
  const std::string entry = "path = \"o.geojson\"\nheight_field = \"height\"\nbase_field = \"base\"\n";
  refused(entry, "value_invalid", "o.geojson, feature 1", "its base at 15 m is not below its top at 15 m");
  write({{R"({"height":5,"base":"low"})", box(100, 100, 20)}});
  refused(entry, "value_invalid", "feature 0", "base = \"low\" must be a number");
  write({{R"({"height":5,"base":20000})", box(100, 100, 20)}});
  refused(entry, "value_invalid", "feature 0", "base = 20000 must be between -500 and 11000 m");
}

BOOST_AUTO_TEST_CASE(levels_that_are_too_many_are_told_in_levels) {
  write({{R"({"levels":900})", box(100, 100, 20)}});
  refused("path = \"o.geojson\"\nlevels_field = \"levels\"\nlevel_height_m = 4\n", "value_invalid", "feature 0",
          "levels = 900 must be between 0 and 500 levels");
}

BOOST_AUTO_TEST_CASE(crane_has_its_own_radius_and_a_mast_the_source_s) {
  const std::string point = R"({"type":"Point","coordinates":)";
  write({{R"({"height":60,"jib":40})", point + at(300, 300) + "}"}, {R"({"height":60})", point + at(500, 300) + "}"}});
  const auto region = compile(
      "path = \"o.geojson\"\nkind = \"crane\"\nheight_field = \"height\"\nradius_field = \"jib\"\nbuffer_m = 3\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(std::abs(width(region->airspace.obstacles.at(0)) - 80.0) < 0.2);
  BOOST_TEST(std::abs(width(region->airspace.obstacles.at(1)) - 6.0) < 0.02);
  write({{R"({"height":60,"jib":-4})", point + at(300, 300) + "}"}});
  refused("path = \"o.geojson\"\nheight_field = \"height\"\nradius_field = \"jib\"\n", "value_invalid", "feature 0",
          "jib = -4 must be between 0 and 5000 m");
  write({{R"({"height":60})", point + at(300, 300) + "}"}});
  refused("path = \"o.geojson\"\nheight_field = \"height\"\n", "geometry_invalid", "feature 0",
          "give buffer_m above 0");
}

BOOST_AUTO_TEST_CASE(sag_widens_a_line_and_lowers_its_base_but_leaves_points_alone) {
  write({{R"({"top":60,"base":40})",
          fmt::format(R"({{"type":"LineString","coordinates":[{},{}]}})", at(300, 100), at(300, 300))},
         {R"({"top":60,"base":40})", fmt::format(R"({{"type":"Point","coordinates":{}}})", at(600, 100))}});
  const auto region = compile(
      "path = \"o.geojson\"\nkind = \"power_line\"\ntop_field = \"top\"\nbase_field = \"base\"\nbuffer_m = 5\nsag_m = "
      "8\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(std::abs(width(region->airspace.obstacles.at(0)) - 26.0) < 0.1);
  BOOST_TEST(region->airspace.obstacles.at(0).top_msl_m == 60.0);
  BOOST_TEST(region->airspace.obstacles.at(0).base_msl_m.value() == 32.0);
  BOOST_TEST(std::abs(width(region->airspace.obstacles.at(1)) - 10.0) < 0.03);
}

BOOST_AUTO_TEST_CASE(points_beside_polygons_in_one_feature_are_not_dropped) {
  write({{R"({"height":20})",
          fmt::format(R"({{"type":"GeometryCollection","geometries":[{},{{"type":"Point","coordinates":{}}}]}})",
                      box(100, 100, 20), at(200, 110))}});
  const auto region = compile("path = \"o.geojson\"\nheight_field = \"height\"\nbuffer_m = 4\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(region->airspace.obstacles.at(0).footprint.size() == 2u);
}

BOOST_AUTO_TEST_CASE(feature_on_the_last_half_cell_of_the_raster_is_outside_the_hull) {
  write({{R"({"height":20})", box(1001, 100, 3)}, {R"({"height":20})", box(100, 100, 20)}});
  const auto region = compile("path = \"o.geojson\"\nheight_field = \"height\"\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(region->airspace.obstacles.size() == 1u);
  BOOST_TEST(region->warnings.at(0) == "o.geojson: 1 features outside the terrain, ignored");
}

BOOST_AUTO_TEST_CASE(pixels_of_equal_top_are_joined_and_cover_exactly_what_they_did) {
  // A block of 12 x 9 pixels of 12 m, a tree of 7 m, low shrubs, and a tree outside the terrain.
  test::write_raster(dir / "h.tif", {.geotransform = {500900, 4, 0, 2490500, 0, -4},
                                     .columns = 60,
                                     .rows = 40,
                                     .value =
                                         [](int c, int r) {
                                           if (c < 12 && r < 9) return 12.0F;
                                           if (c == 20 && r == 20) return 7.0F;
                                           if (c == 50 && r == 20) return 7.0F;
                                           return c == 5 && r == 30 ? -9999.0F : 1.0F;
                                         },
                                     .nodata = -9999});
  const auto region = compile("raster = \"h.tif\"\nkind = \"tree\"\nmin_height_m = 2\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(region->warnings.at(0) == "h.tif: 1 features outside the terrain, ignored");
  BOOST_TEST(region->warnings.at(1) == "h.tif: 1 pixels without data, on which nothing stands");
  BOOST_REQUIRE(region->airspace.obstacles.size() == 2u);
  const auto& block = region->airspace.obstacles.at(0);
  BOOST_TEST(block.kind == "tree");
  BOOST_TEST(block.id == "0,0");
  BOOST_TEST(block.top_msl_m == 22.0);
  BOOST_TEST(std::abs(width(block) - 48.0 / 0.9996) < 0.01);
  BOOST_TEST(region->airspace.obstacles.at(1).id == "20,20");
}

BOOST_AUTO_TEST_CASE(rasters_of_heights_that_are_wrong) {
  const test::RasterToWrite raster{.geotransform = {500100, 4, 0, 2490500, 0, -4},
                                   .value = [](int c, int r) { return c == 3 && r == 2 ? 2500.0F : 1.0F; }};
  test::write_raster(dir / "h.tif", raster);
  refused("raster = \"h.tif\"\n", "raster_value_invalid", "h.tif", "the pixel in column 3, row 2 is 2500 m high");
  refused("raster = \"g.tif\"\n", "file_not_found", "g.tif", "no such file");
  refused("raster = \"h.tif\"\nheight_field = \"x\"\n", "config_unknown_key", "region.toml:8", "height_field");
  refused("raster = \"h.tif\"\nmin_height_m = -1\n", "value_invalid", "region.toml:8", "min_height_m = -1 must be");
}

BOOST_AUTO_TEST_CASE(openstreetmap_is_read_with_a_report_of_what_was_guessed) {
  std::string nodes;
  int id = 0;
  const auto node = [&](double x, double y, const std::string& tags = "") {
    const test::Position p = test::position(x, y);
    nodes += fmt::format("<node id=\"{}\" lat=\"{:.9f}\" lon=\"{:.9f}\" version=\"1\">{}</node>", ++id, p.lat_deg,
                         p.lon_deg, tags);
    return id;
  };
  const auto ring = [&](double x, double y) {
    const int a = node(x, y);
    node(x + 20, y);
    node(x + 20, y + 20);
    node(x, y + 20);
    return fmt::format("<nd ref=\"{0}\"/><nd ref=\"{1}\"/><nd ref=\"{2}\"/><nd ref=\"{3}\"/><nd ref=\"{0}\"/>", a,
                       a + 1, a + 2, a + 3);
  };
  std::string ways;
  ways += "<way id=\"1\" version=\"1\">" + ring(100, 100) +
          R"(<tag k="building" v="yes"/><tag k="height" v="~12 m"/></way>)";
  // A closed way with building:part is an area, not a line; it hangs over a street.
  ways += "<way id=\"2\" version=\"1\">" + ring(200, 100) +
          R"(<tag k="building:part" v="yes"/><tag k="building:levels" v="5"/><tag k="min_height" v="4"/></way>)";
  ways += "<way id=\"3\" version=\"1\">" + ring(300, 100) + R"(<tag k="building" v="no"/></way>)";
  ways += "<way id=\"4\" version=\"1\">" + ring(400, 100) +
          R"(<tag k="building" v="house"/><tag k="height" v="tall"/></way>)";
  ways += "<way id=\"5\" version=\"1\">" + ring(500, 100) +
          R"(<tag k="building" v="yes"/><tag k="location" v="underground"/></way>)";
  const int a = node(100, 500);
  node(600, 520);
  ways +=
      fmt::format(R"(<way id="6" version="1"><nd ref="{}"/><nd ref="{}"/><tag k="power" v="line"/></way>)", a, a + 1);
  node(700, 700, R"(<tag k="man_made" v="crane"/><tag k="height" v="40 ft"/>)");
  test::write_text(dir / "c.osm", "<?xml version=\"1.0\"?><osm version=\"0.6\">" + nodes + ways + "</osm>");
  const auto region = compile("path = \"c.osm\"\ndefault_height_m = 9\nradii_m = { crane = 30 }\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  std::map<std::string, const swiftlet::geo::Obstacle*> by_id;
  for (const auto& o : region->airspace.obstacles) by_id[o.id] = &o;
  BOOST_TEST(by_id.size() == 5u);
  BOOST_TEST(by_id.at("way/1")->top_msl_m == 22.0);
  BOOST_TEST(by_id.at("way/2")->top_msl_m == 25.0);
  BOOST_TEST(by_id.at("way/2")->base_msl_m.value() == 14.0);
  BOOST_TEST(std::abs(width(*by_id.at("way/2")) - 20.0) < 0.05);
  BOOST_TEST(by_id.at("way/4")->top_msl_m == 19.0);
  BOOST_TEST(by_id.at("way/6")->kind == "power_line");
  BOOST_TEST(by_id.at("way/6")->top_msl_m == 70.0);
  BOOST_TEST(std::abs(by_id.begin()->second->top_msl_m - 22.192) < 1e-9);
  std::string report;
  for (const std::string& line : region->warnings) report += line + "\n";
  for (const char* line :
       {"c.osm: obstacles by class: building 3, crane 1, power_line 1", "tags that are no obstacles: building=no 1",
        "heights: 2 from height, 1 from building:levels at 3 m a level (1 features state it)",
        "1 features of class building without a height, taken as 9 m",
        "1 features of class power_line without a height, taken as 60 m", "1 tags read with good will",
        "tags that are no measure, passed over: height=tall 1", "1 features underground, no obstacles"}) {
    BOOST_TEST(report.find(line) != std::string::npos, line << " is not in\n" << report);
  }
  refused("path = \"c.osm\"\n", "height_missing", "c.osm, way/4", "give default_heights_m = { building = … }");
  refused("path = \"c.osm\"\ndefault_height_m = 9\nradii_m = { crain = 30 }\n", "config_unknown_key", "region.toml:9",
          "\"crain\"; the nearest known one is \"crane\"");
  test::write_text(dir / "c.osm.pbf", "not a protocol buffer");
  refused("path = \"c.osm.pbf\"\ndefault_height_m = 9\n", "unsupported_format", "c.osm.pbf",
          "is not an OpenStreetMap extract");
}

BOOST_FIXTURE_TEST_CASE(of_very_many_broken_features_the_number_is_told, Obstacles) {
  write(std::vector(250, std::pair<std::string, std::string>{R"({"height":null})", box(400, 300, 20)}));
  const auto region = compile("path = \"o.geojson\"\nheight_field = \"height\"\n");
  BOOST_REQUIRE(!region);
  const auto problems = swiftlet::one_by_one({region.error()});
  BOOST_TEST(problems.size() == 101U);
  BOOST_TEST(problems.back().message == "… and 150 more problems");
}

BOOST_FIXTURE_TEST_CASE(every_broken_feature_of_a_file_is_told, Obstacles) {
  write({{R"({"height":5})", box(300, 300, 20)},
         {R"({"height":null})", box(400, 300, 20)},
         {R"({"height":-7})", box(500, 300, 20)},
         {R"({"height":5})", box(600, 300, 0)}});
  const auto region = compile("path = \"o.geojson\"\nheight_field = \"height\"\n");
  BOOST_REQUIRE(!region);
  const auto problems = swiftlet::one_by_one({region.error()});
  BOOST_TEST(problems.size() == 3U);
  for (std::size_t k = 0; k < problems.size(); ++k) {
    BOOST_TEST(problems[k].where.ends_with(fmt::format("feature {}", k + 1)), describe(problems[k]));
  }
}

BOOST_AUTO_TEST_SUITE_END()
