// People on the ground, as cities publish them: rasters, polygons, and places that weigh more.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "maps/airspace_store.hpp"
#include "maps/compile.hpp"
#include "tests/maps/random_world.hpp"
#include "tests/maps/written_region.hpp"

namespace fs = std::filesystem;
namespace geo = swiftlet::geo;
namespace maps = swiftlet::maps;
namespace test = swiftlet::test;

namespace {

struct RiskRegion {
  test::TemporaryDirectory temporary;
  fs::path dir = temporary.path();

  RiskRegion() { test::write_terrain(dir / "terrain.tif"); }

  [[nodiscard]] swiftlet::Expected<maps::CompiledRegion> compile(const std::string& entries) const {
    test::write_text(
        dir / "region.toml",
        "[region]\nname = \"r\"\nvertical_datum = \"test\"\n[[terrain]]\npath = \"terrain.tif\"\n" + entries);
    const auto manifest = maps::read_region_manifest(dir / "region.toml");
    if (!manifest) return swiftlet::Unexpected(manifest.error());
    return maps::compile(*manifest);
  }
  /// People per km² in cells of 100 m over the usual region and beyond, in EPSG:32650.
  void write_population(const std::function<float(int, int)>& value) const {
    test::write_raster(dir / "people.tif", {.crs = "EPSG:32650",
                                            .geotransform = {499900.0, 100, 0, 2491100.0, 0, -100},
                                            .columns = 12,
                                            .rows = 12,
                                            .value = value});
  }
  void refused(const std::string& entries, const std::string& code, const std::string& message) const {
    const auto region = compile(entries);
    BOOST_REQUIRE_MESSAGE(!region, "compiled, but " << code << " was expected");
    BOOST_TEST(name(region.error().code) == code, describe(region.error()));
    BOOST_TEST(region.error().message.find(message) != std::string::npos, describe(region.error()));
  }
  [[nodiscard]] static geo::Enu2 place(const maps::CompiledRegion& region, double x, double y) {
    const auto p = test::position(x, y);
    return region.airspace.frame.to_local(swiftlet::LonLat{.lon_deg = p.lon_deg, .lat_deg = p.lat_deg});
  }
};

const char* const kPeople = "[[ground_risk]]\npath = \"people.tif\"\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ground_risk_sources, RiskRegion)

BOOST_AUTO_TEST_CASE(a_raster_of_people_is_what_its_pixels_say) {
  write_population([](int c, int r) { return static_cast<float>(100 * c + r); });
  const auto region = compile(kPeople);
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const geo::GroundRisk& risk = region->airspace.ground_risk;
  BOOST_TEST(risk.grid().cell_m == 10.0);
  for (int r = 1; r < 11; ++r) {
    for (int c = 1; c < 11; ++c) {  // the middle of each pixel
      BOOST_TEST(risk.density_per_km2(place(*region, -100 + 100 * c + 50, 1100 - 100 * r - 50)) == 100 * c + r);
    }
  }
  // A leg across all pixels: the integral is theirs but for what cells at borders mix.
  const geo::Enu2 a = place(*region, 100.0, 450.0);
  const geo::Enu2 b = place(*region, 900.0, 450.0);
  BOOST_TEST(risk.mean_along_per_km2(a, b) == 100 * 5.5 + 6, boost::test_tools::tolerance(0.01));
  BOOST_TEST(risk.least_in_per_km2({place(*region, 310, 310), place(*region, 590, 590)}) >= 300.0);
}

BOOST_AUTO_TEST_CASE(polygons_add_people_and_weights_multiply_them) {
  write_population([](int, int) { return 1000.0F; });
  test::write_buildings(dir / "blocks.gpkg", {{test::rectangle_wkt(200, 200, 400, 400), 5000.0},
                                              {test::rectangle_wkt(600, 200, 800, 400), {}}});
  test::write_buildings(dir / "schools.gpkg", {{test::rectangle_wkt(300, 300, 500, 500), {}}});
  const std::string blocks = "[[ground_risk]]\npath = \"blocks.gpkg\"\nfield = \"height\"\nweight = 2.0\n";
  const auto region = compile(std::string(kPeople) + blocks + "people_per_km2 = 70\n" +
                              "[[ground_risk]]\npath = \"schools.gpkg\"\nweight = 3.0\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto density = [&](double x, double y) {
    return region->airspace.ground_risk.density_per_km2(place(*region, x, y));
  };
  BOOST_TEST(density(100, 100) == 1000.0);
  BOOST_TEST(density(250, 250) == 1000.0 + 2 * 5000.0);
  BOOST_TEST(density(350, 350) == 3 * (1000.0 + 2 * 5000.0));
  BOOST_TEST(density(450, 450) == 3 * 1000.0);
  BOOST_TEST(density(700, 300) == 1000.0 + 2 * 70.0);
  refused(blocks, "value_invalid", "height is empty; fill it, or give people_per_km2");
}

BOOST_AUTO_TEST_CASE(the_mean_over_all_is_that_of_the_polygon) {
  // A slanted shape with a hole: its people are neither lost nor doubled by the cells.
  test::write_buildings(dir / "blocks.gpkg", {{"POLYGON((500200 2490210,500710 2490330,500600 2490800,500200 2490210),"
                                               "(500400 2490400,500500 2490400,500500 2490450,500400 2490400))",
                                               4000.0}});
  const auto region = compile("[[ground_risk]]\npath = \"blocks.gpkg\"\nfield = \"height\"\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const geo::GroundRisk& risk = region->airspace.ground_risk;
  double people = 0.0;
  for (const float d : risk.pyramid_per_km2().first(risk.grid().cell_count())) people += d * 1e-4;
  const double twice_area =
      510.0 * 590.0 - 400.0 * 120.0 - 100.0 * 50.0;  // by the cross product of two sides; the hole
  BOOST_TEST(people == 4000.0 * 0.5 * twice_area / 1e6, boost::test_tools::tolerance(0.003));
}

BOOST_AUTO_TEST_CASE(what_is_no_density_is_refused) {
  refused("[[ground_risk]]\npath = \"blocks.gpkg\"\n", "config_invalid", "says nothing of people");
  write_population([](int c, int) { return c == 5 ? -3.0F : 10.0F; });
  refused(kPeople, "raster_value_invalid", "column 5, row 0 holds -3; every cell needs a density");
  write_population([](int c, int) { return c == 5 ? NAN : 10.0F; });
  refused(kPeople, "raster_value_invalid", "column 5, row 0 holds nan");
  test::write_buildings(dir / "blocks.gpkg", {{test::rectangle_wkt(200, 200, 400, 400), -1.0}});
  refused("[[ground_risk]]\npath = \"blocks.gpkg\"\nfield = \"height\"\n", "value_invalid",
          "height = -1 must be between");
  refused("[[ground_risk]]\npath = \"blocks.gpkg\"\nfield = \"people\"\n", "config_invalid", "has no field \"people\"");
  test::write_buildings(dir / "blocks.gpkg", {{test::rectangle_wkt(9200, 200, 9400, 400), 10.0}});
  refused("[[ground_risk]]\npath = \"blocks.gpkg\"\nfield = \"height\"\n", "outside_terrain",
          "says nothing of any place");
  refused("[[ground_risk]]\npath = \"blocks.gpkg\"\nfield = \"height\"\nweight = nan\n", "value_invalid", "weight");
}

BOOST_AUTO_TEST_CASE(ground_risk_lives_on_in_the_compiled_form_and_in_the_hash) {
  write_population([](int c, int r) { return static_cast<float>(7 * c + r); });
  const auto region = compile(kPeople);
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto manifest = maps::read_region_manifest(dir / "region.toml");
  BOOST_REQUIRE(maps::compile_region(*manifest, dir / "out"));
  const auto loaded = maps::load_airspace(dir / "out");
  BOOST_REQUIRE_MESSAGE(loaded, test::why_not(loaded));
  BOOST_TEST(((*loaded)->ground_risk == region->airspace.ground_risk));
  BOOST_TEST(maps::check_airspace(dir / "out").empty());
  const auto again = maps::read_region_manifest(dir / "out" / "sources" / "region.toml");
  BOOST_REQUIRE_MESSAGE(again, test::why_not(again));
  BOOST_TEST(maps::airspace_hash(*again).value() == region->airspace.hash);
  const std::string weighed = std::string(kPeople) + "weight = 2.0\n";
  BOOST_TEST(compile(weighed)->airspace.hash != region->airspace.hash);
}

BOOST_AUTO_TEST_SUITE_END()
