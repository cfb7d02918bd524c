#include "maps/compile.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <regex>

#include "tests/maps/written_region.hpp"

namespace fs = std::filesystem;
namespace maps = swiftlet::maps;
namespace test = swiftlet::test;
using swiftlet::Error;

namespace {

struct UsualRegion {
  test::TemporaryDirectory temporary;
  fs::path dir = temporary.path();
  UsualRegion() { test::write_usual_region(dir); }

  /// Replaces text in one of the region's files.
  void edit(const char* file, const std::string& from, const std::string& to) const {
    std::ifstream in(dir / file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, "not in the file: " << from);
    test::write_text(dir / file, text.replace(at, from.size(), to));
  }

  [[nodiscard]] swiftlet::Expected<maps::CompiledRegion> compile() const {
    const auto manifest = maps::read_region_manifest(dir / "region.toml");
    if (!manifest) return swiftlet::Unexpected(manifest.error());
    return maps::compile(*manifest);
  }

  /// The region must be refused with this code, at this place, with a message that matches.
  void refused(const std::string& code, const std::string& where, const std::string& message) const {
    const auto region = compile();
    BOOST_REQUIRE_MESSAGE(!region, "compiled, but " << code << " was expected");
    const Error& error = region.error();
    BOOST_TEST_INFO(describe(error));
    BOOST_TEST(name(error.code) == code);
    BOOST_TEST_INFO(describe(error));
    BOOST_TEST(std::regex_search(error.where, std::regex(where)));
    BOOST_TEST_INFO(describe(error));
    BOOST_TEST(std::regex_search(error.message, std::regex(message)));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(compile, UsualRegion)

BOOST_AUTO_TEST_CASE(usual_region_compiles_to_what_was_written) {
  const auto region = compile();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto& a = region->airspace;
  BOOST_TEST(a.hash.starts_with("sha256:"));
  BOOST_REQUIRE(a.obstacles.size() == 1u);
  BOOST_TEST(a.obstacles[0].top_msl_m == 50.0);
  // UTM's scale on its central meridian is 0.9996: 40 m on the map are 40.016 m on the ground.
  BOOST_TEST(std::abs((a.obstacles[0].box.max - a.obstacles[0].box.min).x() - 40.016) < 0.01);
  BOOST_REQUIRE(a.zones.size() == 1u);
  BOOST_TEST(a.zones[0].upper->value_m == 500.0);
  BOOST_REQUIRE(a.pads.size() == 2u);
  BOOST_TEST(a.pads[0].slots.size() == 2u);
  BOOST_TEST(a.pads[0].slots[0].alt_msl_m == 10.0);
  BOOST_TEST(region->warnings.empty());
}

BOOST_AUTO_TEST_CASE(hash_follows_the_sources_and_not_their_place) {
  const auto first = compile()->airspace.hash;
  const test::TemporaryDirectory other;
  fs::copy(dir, other.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  const auto manifest = maps::read_region_manifest(other.path() / "region.toml");
  BOOST_TEST(maps::airspace_hash(*manifest).value() == first);
  edit("zones.json", "Heliport", "Heliporu");
  BOOST_TEST(compile()->airspace.hash != first);
}

BOOST_AUTO_TEST_CASE(missing_file) {
  fs::remove(dir / "buildings.gpkg");
  refused("file_not_found", "buildings.gpkg$", "no such file");
}

BOOST_AUTO_TEST_CASE(raster_that_is_text) {
  test::write_text(dir / "terrain.tif", "hello");
  refused("unsupported_format", "terrain.tif$", "is not a raster");
}

BOOST_AUTO_TEST_CASE(vrt_in_a_tif_s_clothes) {
  test::write_text(
      dir / "terrain.tif",
      "<VRTDataset rasterXSize=\"2\" rasterYSize=\"2\"><VRTRasterBand dataType=\"Float32\" band=\"1\"/></VRTDataset>");
  refused("unsupported_format", "terrain.tif$", "is not a raster");
}

BOOST_AUTO_TEST_CASE(empty_raster) {
  test::write_terrain(dir / "terrain.tif", {.columns = 1, .rows = 1});
  refused("raster_empty", "terrain.tif$", "1 x 1 cells.*at least 2 x 2");
}

BOOST_AUTO_TEST_CASE(raster_with_nan) {
  test::write_terrain(dir / "terrain.tif", {.height = [](int c, int r) { return c == 7 && r == 3 ? NAN : 10.0F; }});
  refused("raster_value_invalid", "terrain.tif$", "column 7, row 3 holds nan");
}

BOOST_AUTO_TEST_CASE(small_voids_are_filled_and_reported_whoever_marks_them) {
  const auto hole = [](int c, int r) { return c == 7 && r == 3 ? -32.0F : static_cast<float>(c); };
  test::write_terrain(dir / "terrain.tif", {.height = hole, .nodata = -32.0});
  const auto by_tag = compile();
  test::write_terrain(dir / "terrain.tif", {.height = hole});
  edit("region.toml", "path = \"terrain.tif\"", "path = \"terrain.tif\"\nnodata = -32");
  const auto by_manifest = compile();
  for (const auto* region : {&by_tag, &by_manifest}) {
    BOOST_REQUIRE_MESSAGE(*region, test::why_not(*region));
    BOOST_REQUIRE((*region)->warnings.size() == 1u);
    BOOST_TEST((*region)->warnings[0].find("terrain.tif: 1 cells without data in voids of up to 3 cells, filled") ==
               0u);
    BOOST_TEST((*region)->terrain.at(0).heights_msl_m.at(3 * 101 + 7) == 7.0F);
  }
}

BOOST_AUTO_TEST_CASE(large_voids_stay_void_unless_they_are_sea) {
  const auto bay = [](int c, int r) { return c < 20 && r < 20 ? -32.0F : 10.0F; };
  test::write_terrain(dir / "terrain.tif", {.height = bay, .nodata = -32.0});
  const auto region = compile();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(region->warnings.at(0).find("400 cells without data in larger voids") != std::string::npos);
  const auto in_bay = test::position(100, 900);
  const auto at = [&](const auto& compiled) {
    const auto p =
        compiled->airspace.frame.to_local(swiftlet::LonLat{.lon_deg = in_bay.lon_deg, .lat_deg = in_bay.lat_deg});
    return compiled->airspace.terrain.height_msl_m(p);
  };
  BOOST_TEST(!at(region).has_value());
  edit("region.toml", "path = \"terrain.tif\"", "path = \"terrain.tif\"\nsea_level_m = 0.5");
  const auto sea = compile();
  BOOST_REQUIRE_MESSAGE(sea, test::why_not(sea));
  BOOST_TEST(sea->warnings.at(0).find("400 cells without data, taken as open water at 0.5 m") != std::string::npos);
  BOOST_TEST(at(sea).value() == 0.5);
}

BOOST_AUTO_TEST_CASE(feature_over_a_void_has_no_ground) {
  const auto bay = [](int c, int r) { return c < 50 && r < 50 ? -32.0F : 10.0F; };
  test::write_terrain(dir / "terrain.tif", {.height = bay, .nodata = -32.0});
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(480, 600, 520, 640), 40.0}});
  refused("outside_terrain", "buildings.gpkg, feature 1$", "reaches beyond the terrain.*beyond_terrain = \"keep\"");
  edit("region.toml", "height_field", "beyond_terrain = \"keep\"\nheight_field");
  const auto region = compile();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(region->airspace.obstacles.at(0).top_msl_m == 50.0);
  BOOST_TEST(region->warnings.back().find("1 features partly beyond the terrain") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(raster_without_crs) {
  test::write_terrain(dir / "terrain.tif", {.with_crs = false});
  refused("crs_missing", "terrain.tif$", "no coordinate reference system");
}

BOOST_AUTO_TEST_CASE(vector_without_crs) {
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(300, 300, 340, 340), 40.0}}, false);
  refused("crs_missing", "buildings.gpkg", "reference system");
}

BOOST_AUTO_TEST_CASE(polygon_with_nan) {
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(300, 300, 340, 340), 40.0, true}});
  refused("geometry_invalid", "buildings.gpkg, feature 1$", "not finite");
}

BOOST_AUTO_TEST_CASE(polygon_that_is_a_bow_tie) {
  test::write_buildings(
      dir / "buildings.gpkg",
      {{test::rectangle_wkt(100, 300, 140, 340), 40.0},
       {"POLYGON((500300 2490300,500340 2490340,500340 2490300,500300 2490345,500300 2490300))", 40.0}});
  refused("geometry_invalid", "buildings.gpkg, feature 2$", "not a simple polygon.*Self-intersection");
}

BOOST_AUTO_TEST_CASE(polygon_without_area) {
  test::write_buildings(dir / "buildings.gpkg",
                        {{"POLYGON((500300 2490300,500340 2490340,500300 2490300,500300 2490300))", 40.0}});
  refused("geometry_invalid", "buildings.gpkg, feature 1$", "no area|not a simple polygon");
}

BOOST_AUTO_TEST_CASE(point_without_a_buffer) {
  test::write_buildings(dir / "buildings.gpkg", {{"POINT(500300 2490300)", 40.0}});
  refused("geometry_invalid", "buildings.gpkg, feature 1$", "POINT has no footprint.*buffer_m");
  edit("region.toml", "height_field", "buffer_m = 5\nheight_field");
  BOOST_TEST(compile().has_value());
}

BOOST_AUTO_TEST_CASE(footprint_without_height_and_no_default) {
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(300, 300, 340, 340), {}}});
  refused("height_missing", "buildings.gpkg, feature 1$", "default_height_m");
  edit("region.toml", "height_field", "default_height_m = 12\nheight_field");
  const auto region = compile();
  BOOST_REQUIRE(region);
  BOOST_TEST(region->airspace.obstacles[0].top_msl_m == 22.0);
  BOOST_REQUIRE(region->warnings.size() == 1u);
  BOOST_TEST(region->warnings[0] == "buildings.gpkg: 1 features without a height, taken as default_height_m = 12 m");
}

BOOST_AUTO_TEST_CASE(heights_that_are_none) {
  for (const double height : {-1.0, 1e9, HUGE_VAL}) {
    test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(300, 300, 340, 340), height}});
    refused("value_invalid", "buildings.gpkg, feature 1$", "height = .* must be");
  }
  edit("region.toml", "height_field = \"height\"", "height_field = \"name\"");
  refused("value_invalid", "buildings.gpkg, feature 1$", "name = \"text\" must be a number");
}

BOOST_AUTO_TEST_CASE(unknown_layer_and_field_and_filter) {
  edit("region.toml", "height_field = \"height\"", "height_field = \"hight\"");
  refused("config_invalid", "buildings.gpkg$", "no field \"hight\"");
  edit("region.toml", "height_field = \"hight\"", "layer = \"roofs\"\nheight_field = \"height\"");
  refused("config_invalid", "buildings.gpkg$", "no layer \"roofs\"; it has: buildings");
  edit("region.toml", "layer = \"roofs\"", "where = \"height >\"");
  refused("config_invalid", "buildings.gpkg$", "not a filter");
}

BOOST_AUTO_TEST_CASE(feature_partly_outside_is_refused_and_wholly_outside_is_counted) {
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(990, 300, 1040, 340), 40.0}});
  refused("outside_terrain", "buildings.gpkg, feature 1$", "reaches beyond the terrain");
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(1990, 300, 2040, 340), 40.0},
                                                 {test::rectangle_wkt(300, 300, 340, 340), 40.0}});
  const auto region = compile();
  BOOST_REQUIRE(region);
  BOOST_TEST(region->airspace.obstacles.size() == 1u);
  BOOST_TEST(region->warnings[0].find("1 features outside the terrain, ignored") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(region_entirely_outside_the_terrain) {
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(1990, 300, 2040, 340), 40.0}});
  refused("outside_terrain", "buildings.gpkg$", "all of its 1 features are outside");
}

BOOST_AUTO_TEST_CASE(zone_with_text_where_a_number_belongs) {
  edit("zones.json", "\"upperLimit\":500", "\"upperLimit\":\"high\"");
  refused("value_invalid", "zones.json, zone 0 \\(Z1\\)$", "upperLimit = \"high\" must be a number");
}

BOOST_AUTO_TEST_CASE(zones_that_are_none) {
  edit("zones.json", "\"radius\":50", "\"radius\":\"fifty\"");
  refused("value_invalid", "zones.json, zone 0", "radius = \"fifty\" must be a number");
  edit("zones.json", "\"fifty\"", "50");
  edit("zones.json", "PROHIBITED", "VERBOTEN");
  refused("value_invalid", "zones.json, zone 0", "restriction = \"VERBOTEN\" must be PROHIBITED");
  test::write_text(dir / "zones.json", "{\"features\":[{]}");
  refused("bad_json", "zones.json$", "not valid JSON");
  test::write_text(dir / "zones.json", "{\"zones\":[]}");
  refused("unsupported_format", "zones.json$", "neither ED-269 nor ED-318");
}

BOOST_AUTO_TEST_CASE(pads_that_are_none) {
  edit("pads.geojson", "\"kind\":\"hub\"", "\"kind\":\"hangar\"");
  refused("pad_invalid", "pads.geojson, feature 0 \\(H1\\)$", "kind = \"hangar\" must be");
  edit("pads.geojson", "hangar", "hub");
  edit("pads.geojson", "\"id\":\"K1\"", "\"id\":\"H1\"");
  refused("pad_invalid", "pads.geojson, feature 1 \\(H1\\)$", "id of another pad");
  edit("pads.geojson", "\"slots\":2", "\"slots\":-2");
  refused("pad_invalid", "pads.geojson, feature 0", "slots = -2 must be a whole number");
}

BOOST_AUTO_TEST_CASE(pad_on_a_roof_takes_its_top_and_a_wrong_deck_is_refused) {
  const auto at = test::position(320, 320);
  const auto pads = [&](const char* deck) {
    test::write_text(dir / "pads.geojson", "{\"features\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[" +
                                               std::to_string(at.lon_deg) + "," + std::to_string(at.lat_deg) +
                                               "]},\"properties\":{\"id\":\"R\",\"kind\":\"kiosk\"" + deck + "}}]}");
  };
  pads("");
  BOOST_TEST(compile()->airspace.pads[0].slots[0].alt_msl_m == 50.0);
  pads(",\"deck_height_agl_m\":40.9");
  BOOST_TEST(compile()->airspace.pads[0].slots[0].alt_msl_m == 50.0);
  pads(",\"deck_height_agl_m\":0");
  refused("pad_invalid", "pads.geojson, feature 0 \\(R\\)$",
          "deck_height_agl_m = 0 but the roof it stands on is 40.00 m");
}

BOOST_AUTO_TEST_CASE(check_reports_every_pad_that_is_wrong) {
  const auto pad = [](const char* id, const char* kind, double x, double y) {
    const auto at = test::position(x, y);
    return "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[" + std::to_string(at.lon_deg) + "," +
           std::to_string(at.lat_deg) + "]},\"properties\":{\"id\":\"" + id + "\",\"kind\":\"" + kind + "\"}}";
  };
  test::write_text(dir / "pads.geojson", "{\"features\":[" + pad("A", "hangar", 100, 100) + "," +
                                             pad("B", "kiosk", 9000, 100) + "," + pad("C", "kiosk", 100, 200) + "," +
                                             pad("C", "kiosk", 100, 300) + "," + pad("D", "kiosk", 999.9, 500) + "]}");
  const auto manifest = maps::read_region_manifest(dir / "region.toml");
  BOOST_REQUIRE(manifest);
  const maps::RegionFindings found = maps::check(*manifest);
  BOOST_REQUIRE(found.problems.size() == 3u);
  BOOST_TEST(found.problems[0].where.ends_with("pads.geojson, feature 0 (A)"));
  BOOST_TEST((found.problems[1].code == swiftlet::ErrorCode::outside_terrain));
  BOOST_TEST(found.problems[2].message == "has the id of another pad");
  BOOST_REQUIRE(!found.warnings.empty());
  BOOST_TEST(found.warnings.back() ==
             "pads.geojson: pad D stands on the rim of the known terrain, where nothing can fly");
}

BOOST_AUTO_TEST_CASE(unknown_key_names_line_and_neighbour) {
  edit("region.toml", "name = \"usual\"", "nane = \"usual\"");
  refused("config_unknown_key", "region.toml:2$", "unknown key \"nane\"; the nearest known one is \"name\"");
}

BOOST_AUTO_TEST_CASE(check_reports_the_first_problem_of_every_source) {
  edit("zones.json", "PROHIBITED", "VERBOTEN");
  edit("pads.geojson", "\"kind\":\"hub\"", "\"kind\":\"hangar\"");
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(300, 300, 340, 340), {}}});
  const auto manifest = maps::read_region_manifest(dir / "region.toml");
  BOOST_REQUIRE(manifest);
  BOOST_TEST(maps::check(*manifest).problems.size() == 3u);
}

BOOST_AUTO_TEST_CASE(period_that_is_always_active_beside_a_weekly_one) {
  edit("zones.json", R"("permanent":"YES")",
       R"("permanent":"NO","schedule":[{"day":["ANY"]},{"day":["MON"],"startTime":"08:00Z","endTime":"10:00Z"}])");
  const auto region = compile();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto wednesday = swiftlet::parse_rfc3339("2026-11-25T15:00:00Z").value();
  BOOST_TEST(region->airspace.zones.at(0).active_throughout(wednesday, wednesday));
}

BOOST_AUTO_TEST_CASE(zone_within_the_largest_margin_is_kept) {
  const auto far = test::position(11500, 500);
  test::write_text(dir / "zones.json",
                   "{\"features\":[{\"identifier\":\"F\",\"restriction\":\"PROHIBITED\",\"geometry\":[{"
                   "\"uomDimensions\":\"M\",\"lowerLimit\":0,\"lowerVerticalReference\":\"AGL\","
                   "\"upperLimit\":null,\"horizontalProjection\":{\"type\":\"Circle\",\"center\":[" +
                       std::to_string(far.lon_deg) + "," + std::to_string(far.lat_deg) + "],\"radius\":600}}]}]}");
  const auto region = compile();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(region->airspace.zones.size() == 1u);
}

BOOST_AUTO_TEST_CASE(polygon_that_covers_the_whole_terrain_does_not_vanish) {
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(-500, -500, 1500, 1500), 40.0}});
  refused("outside_terrain", "buildings.gpkg, feature 1$", "reaches beyond the terrain");
}

BOOST_AUTO_TEST_CASE(height_that_is_a_list) {
  test::write_text(dir / "buildings.geojson",
                   R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"height":[60]},
    "geometry":{"type":"Polygon","coordinates":[[[117.004,22.52],[117.0042,22.52],[117.0042,22.5202],[117.004,22.52]]]}}]})");
  edit("region.toml", "buildings.gpkg", "buildings.geojson");
  refused("value_invalid", "buildings.geojson, feature 0$", "height = .* must be one number");
}

BOOST_AUTO_TEST_CASE(long_edge_bends_as_its_reference_system_says) {
  // Straight in degrees, an east-west line of 900 m bows by 7 mm against the chord between its ends.
  const auto west = test::position(50, 500);
  const auto east = test::position(950, 500);
  test::write_text(dir / "line.geojson",
                   "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"height\":30},"
                   "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[" +
                       std::to_string(west.lon_deg) + "," + std::to_string(west.lat_deg) + "],[" +
                       std::to_string(east.lon_deg) + "," + std::to_string(west.lat_deg) + "]]}}]}");
  edit("region.toml", "path = \"buildings.gpkg\"", "path = \"line.geojson\"\nbuffer_m = 5");
  const auto region = compile();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto& a = region->airspace;
  const swiftlet::LonLat middle{.lon_deg = 0.5 * (west.lon_deg + east.lon_deg),
                                .lat_deg = std::stod(std::to_string(west.lat_deg))};
  const auto p = a.frame.to_local(middle);
  const auto half_width = [&](double side) {
    double y = 0.0;
    while (swiftlet::geo::contains(a.obstacles.at(0).footprint, p + side * swiftlet::geo::Enu2(0, y))) y += 0.0005;
    return y;
  };
  BOOST_TEST(a.obstacles.at(0).enclosure_m > 0.0);
  BOOST_TEST(std::abs(half_width(1) - half_width(-1)) < 0.003);
}

BOOST_AUTO_TEST_SUITE_END()
