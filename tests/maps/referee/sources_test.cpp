#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <limits>

#include "tests/maps/referee/judged_world.hpp"

using namespace swiftlet;
using test::rectangle_wkt;
using test::WrittenFeature;

namespace {

/// A flat region of files of which a test spoils one.
class Files {
 public:
  Files() {
    test::write_terrain(terrain());
    manifest.file = directory_.path() / "region.toml";
    manifest.name = "spoiled";
    manifest.terrain.push_back({.path = terrain(), .nodata = {}});
  }

  [[nodiscard]] std::filesystem::path terrain() const { return directory_.path() / "terrain.tif"; }

  void buildings(const std::vector<WrittenFeature>& features, bool with_crs = true) {
    const auto file = directory_.path() / "buildings.gpkg";
    test::write_buildings(file, features, with_crs);
    maps::ObstacleSource source;
    source.path = file;
    source.height_field = "height";
    manifest.obstacles = {source};
  }

  void zones(const std::string& text) {
    test::write_text(directory_.path() / "zones.json", text);
    manifest.geozones = {{.path = directory_.path() / "zones.json"}};
  }

  /// "code" of opening, "ok" where it works; `where` and `message` must hold the given pieces.
  [[nodiscard]] std::string opening(const std::string& in_where = "", const std::string& in_message = "") const {
    const auto referee = maps::open_referee(manifest);
    if (referee) return "ok";
    const Error& error = referee.error();
    BOOST_TEST(error.where.find(in_where) != std::string::npos, describe(error));
    BOOST_TEST(error.message.find(in_message) != std::string::npos, describe(error));
    return std::string(name(error.code));
  }

  maps::RegionManifest manifest;

 private:
  test::TemporaryDirectory directory_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_sources)

BOOST_AUTO_TEST_CASE(bad_terrain_is_refused) {
  Files files;
  BOOST_TEST(files.opening() == "ok");
  test::write_terrain(files.terrain(), {.with_crs = false});
  BOOST_TEST(files.opening("terrain.tif") == "crs_missing");
  test::write_terrain(files.terrain(),
                      {.height = [](int c, int) { return c == 3 ? std::numeric_limits<float>::quiet_NaN() : 1.0F; }});
  BOOST_TEST(files.opening("terrain.tif", "column 3") == "raster_value_invalid");
  test::write_terrain(files.terrain(), {.height = [](int, int) { return -9999.0F; }, .nodata = -9999.0});
  BOOST_TEST(files.opening("terrain.tif") == "raster_empty");
  test::write_text(files.terrain(), "<VRTDataset rasterXSize=\"2\" rasterYSize=\"2\"></VRTDataset>");
  BOOST_TEST(files.opening("terrain.tif") == "unsupported_format");
  std::filesystem::remove(files.terrain());
  BOOST_TEST(files.opening("terrain.tif") == "file_not_found");
}

BOOST_AUTO_TEST_CASE(bad_features_are_refused_by_name) {
  Files files;
  files.buildings({{rectangle_wkt(10, 10, 20, 20), 5.0}, {rectangle_wkt(30, 10, 40, 20), std::nullopt}});
  BOOST_TEST(files.opening("feature 2") == "height_missing");
  files.manifest.obstacles[0].default_height_m = 10.0;
  BOOST_TEST(files.opening() == "ok");
  files.buildings({{rectangle_wkt(10, 10, 20, 20), -5.0}});
  BOOST_TEST(files.opening("feature 1", "height") == "value_invalid");
  files.buildings({{rectangle_wkt(10, 10, 20, 20), 5.0, true}});
  BOOST_TEST(files.opening("feature 1", "vertex 2") == "geometry_invalid");
  files.buildings({{"POLYGON((500010 2490010,500020 2490020,500020 2490010,500010 2490020,500010 2490010))", 5.0}});
  BOOST_TEST(files.opening("feature 1", "Self-intersection") == "geometry_invalid");
  files.buildings({{"POINT(500010 2490010)", 5.0}});
  BOOST_TEST(files.opening("feature 1", "buffer_m") == "geometry_invalid");
  files.manifest.obstacles[0].buffer_m = 2.0;
  BOOST_TEST(files.opening() == "ok");
  files.buildings({{rectangle_wkt(10, 10, 20, 20), 5.0}}, false);
  BOOST_TEST(files.opening("buildings.gpkg") == "crs_missing");
}

BOOST_AUTO_TEST_CASE(a_feature_partly_off_the_terrain_is_an_error_and_one_wholly_off_is_not) {
  Files files;
  files.buildings({{rectangle_wkt(990, 10, 1004, 20), 5.0}, {rectangle_wkt(2000, 10, 2010, 20), 5.0}});
  BOOST_TEST(files.opening() == "ok");
  // Beyond the hull, on the raster's last half cell; alone it would be a source of another place.
  files.buildings({{rectangle_wkt(1001, 10, 1004, 20), 5.0}, {rectangle_wkt(10, 10, 20, 20), 5.0}});
  BOOST_TEST(files.opening() == "ok");
  files.buildings({{rectangle_wkt(1001, 10, 1004, 20), 5.0}});
  BOOST_TEST(files.opening("buildings.gpkg") == "outside_terrain");
  files.buildings({{rectangle_wkt(990, 10, 1006, 20), 5.0}});
  BOOST_TEST(files.opening("feature 1") == "outside_terrain");
}

BOOST_AUTO_TEST_CASE(bad_zones_are_refused_by_name) {
  const std::string head =
      R"({"features":[{"identifier":"Z9","restriction":"PROHIBITED","geometry":[{"uomDimensions":"M",)";
  const std::string circle = R"("horizontalProjection":{"type":"Circle","center":[117,22.5],"radius":50}}]}]})";
  Files files;
  files.zones(head + R"("lowerLimit":0,"lowerVerticalReference":"AGL",)" + circle);
  BOOST_TEST(files.opening() == "ok");
  files.zones(head + R"("lowerLimit":"low","lowerVerticalReference":"AGL",)" + circle);
  BOOST_TEST(files.opening("zone Z9", "lowerLimit") == "value_invalid");
  files.zones(head + R"("lowerLimit":5,)" + circle);
  BOOST_TEST(files.opening("zone Z9", "lowerVerticalReference") == "value_invalid");
  files.zones(head + R"("horizontalProjection":{"type":"Circle","center":[117,22.5],"radius":-1}}]}]})");
  BOOST_TEST(files.opening("zone Z9", "radius") == "value_invalid");
  files.zones(
      head +
      R"("horizontalProjection":{"type":"Polygon","coordinates":[[[117,22],[117.1,22.1],[117.1,22],[117,22.1],[117,22]]]}}]}]})");
  BOOST_TEST(files.opening("zone Z9", "Self-intersection") == "geometry_invalid");
  files.zones(R"({"features":[{"restriction":"PROHIBITED"}]})");
  BOOST_TEST(files.opening("zones.json", "identifier") == "value_invalid");
  files.zones("[1,2");
  BOOST_TEST(files.opening("zones.json") == "bad_json");
  files.zones(R"({"type":"FeatureCollection","features":[]})");
  BOOST_TEST(files.opening() == "ok");
  files.zones(R"({"zones":[]})");
  BOOST_TEST(files.opening("zones.json") == "unsupported_format");
}

BOOST_AUTO_TEST_SUITE_END()
