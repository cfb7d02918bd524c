// Terrain as cities publish it: any reference system, several sources, surface models.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "maps/compile.hpp"
#include "maps/surface_model.hpp"
#include "maps/terrain_voids.hpp"
#include "tests/maps/random_world.hpp"
#include "tests/seed.hpp"

namespace fs = std::filesystem;
namespace maps = swiftlet::maps;
namespace test = swiftlet::test;

namespace {

struct Terrains {
  test::TemporaryDirectory temporary;
  fs::path dir = temporary.path();

  [[nodiscard]] swiftlet::Expected<maps::CompiledRegion> compile(const std::string& entries) const {
    test::write_text(dir / "region.toml",
                     "[region]\nname = \"t\"\nvertical_datum = \"test\"\n[policy]\ncell_m = 10\n" + entries);
    const auto manifest = maps::read_region_manifest(dir / "region.toml");
    if (!manifest) return swiftlet::Unexpected(manifest.error());
    return maps::compile(*manifest);
  }

  [[nodiscard]] static std::optional<double> height(const maps::CompiledRegion& region, double lon, double lat) {
    const auto p = region.airspace.frame.to_local(swiftlet::LonLat{.lon_deg = lon, .lat_deg = lat});
    return region.airspace.terrain.height_msl_m(p);
  }

  void refused(const std::string& entries, const std::string& code, const std::string& message) const {
    const auto region = compile(entries);
    BOOST_REQUIRE_MESSAGE(!region, "compiled, but " << code << " was expected");
    BOOST_TEST(name(region.error().code) == code);
    BOOST_TEST(region.error().message.find(message) != std::string::npos, describe(region.error()));
  }
};

/// Writes a slope in a reference system: 100 m at the middle of the raster, rising 1 m a column.
void write_slope(const fs::path& file, const std::string& crs, double lon, double lat, double cell, bool turned_round) {
  test::RasterToWrite raster{.crs = crs, .geotransform = {}, .columns = 41, .rows = 41, .value = {}};
  const auto [x, y] = test::in_crs(crs, lon, lat);
  const double sign = turned_round ? -1.0 : 1.0;
  raster.geotransform = {x - 20.5 * sign * cell, sign * cell, 0, y + 20.5 * sign * cell, 0, -sign * cell};
  raster.value = [](int c, int) { return static_cast<float>(80 + c); };
  test::write_raster(file, raster);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(terrain_sources, Terrains)

BOOST_AUTO_TEST_CASE(any_reference_system_places_the_same_terrain) {
  struct System {
    const char* crs;
    double lon, lat, cell;
    bool turned_round;
  };
  const System systems[] = {
      {"EPSG:4326", 4.83, 45.76, 0.0002, false},
      {"EPSG:3946", 4.83, 45.76, 10.0, false},
      {"EPSG:32650", 117.0, 22.5, 10.0, false},
      {"EPSG:5514", 14.42, 50.08, 10.0, false},  // Krovak: both coordinates negative
      {"EPSG:2053", 29.0, -26.2, 10.0, true},    // Lo29: axes point west and south
      {"EPSG:32722", -47.9, -15.8, 10.0, false},
      {"+proj=laea +lat_0=46 +lon_0=7 +ellps=GRS80 +units=m +no_defs", 6.1, 46.2, 10.0, false},
      {"+proj=longlat +ellps=bessel +towgs84=674.4,15.1,405.3,0,0,0,0 +no_defs", 7.4, 46.9, 0.0002, false},
      {"+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=500000 +ellps=GRS80 +units=us-ft +no_defs", 9.1, 48.8, 30.0,
       false},
  };
  for (const System& system : systems) {
    BOOST_TEST_CONTEXT(system.crs) {
      write_slope(dir / "t.tif", system.crs, system.lon, system.lat, system.cell, system.turned_round);
      const auto region = compile("[[terrain]]\npath = \"t.tif\"\n");
      BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
      BOOST_TEST(std::abs(region->airspace.frame.centre().lon_deg - system.lon) < 3e-8);
      BOOST_TEST(std::abs(region->airspace.frame.centre().lat_deg - system.lat) < 3e-8);
      BOOST_TEST(std::abs(height(*region, system.lon, system.lat).value() - 100.0) < 1e-3);
      // A row along the raster, five columns on: found where its own system says.
      const auto [x, y] = test::in_crs(system.crs, system.lon, system.lat);
      const double sign = system.turned_round ? -1.0 : 1.0;
      const auto there = test::from_crs(system.crs, x + 5.25 * sign * system.cell, y - 3.5 * sign * system.cell);
      BOOST_TEST(std::abs(height(*region, there.lon_deg, there.lat_deg).value() - 105.25) < 1e-3);
    }
  }
}

BOOST_AUTO_TEST_CASE(later_terrain_wins_where_it_has_data) {
  const auto raster = [&](const char* file, double x, double size, float h, bool with_void) {
    test::write_raster(
        dir / file,
        {.geotransform = {500000 + x, size, 0, 2490400, 0, -size},
         .columns = 20,
         .rows = 20,
         .value = [=](int c, int r) { return with_void && c > 12 && r > 12 ? -9999.0F : h + static_cast<float>(c); },
         .nodata = -9999.0});
  };
  raster("a.tif", 0, 20, 100.0F, false);
  raster("b.tif", 100, 10, 300.0F, true);
  const std::string a = "[[terrain]]\npath = \"a.tif\"\n";
  const std::string b = "[[terrain]]\npath = \"b.tif\"\n";
  const auto at = [&](const maps::CompiledRegion& region, double x, double y) {
    const test::Position p = test::position(x, y);
    return height(region, p.lon_deg, p.lat_deg);
  };
  const auto ab = compile(a + b);
  BOOST_REQUIRE_MESSAGE(ab, test::why_not(ab));
  BOOST_TEST(std::abs(at(*ab, 155, 345).value() - 305.0) < 0.01);  // b's sixth column
  BOOST_TEST(std::abs(at(*ab, 50, 345).value() - 102.0) < 0.01);   // a alone
  BOOST_TEST(std::abs(at(*ab, 270, 230).value() - 113.0) < 0.01);  // b's void
  const auto ba = compile(b + a);
  BOOST_REQUIRE_MESSAGE(ba, test::why_not(ba));
  BOOST_TEST(std::abs(at(*ba, 155, 345).value() - 107.25) < 0.01);
  // Over the step the enclosing surfaces hold both heights.
  const auto& bounds = ab->airspace.bounds;
  const test::Position seam = test::position(105.0, 345.0);
  const auto p = ab->airspace.frame.to_local(swiftlet::LonLat{.lon_deg = seam.lon_deg, .lat_deg = seam.lat_deg});
  const int i = static_cast<int>((p.x() - bounds.grid().origin.x()) / bounds.grid().cell_m);
  const int j = static_cast<int>((p.y() - bounds.grid().origin.y()) / bounds.grid().cell_m);
  BOOST_TEST(bounds.hi_msl_m(i, j) >= 300.0F);
  BOOST_TEST(bounds.lo_msl_m(i, j) <= 105.0F);
}

BOOST_AUTO_TEST_CASE(a_footprint_over_a_step_stands_on_the_higher_side) {
  const auto flat = [&](const char* file, double x, double size, float h) {
    test::write_raster(dir / file, {.geotransform = {500000 + x, size, 0, 2490400, 0, -size},
                                    .columns = 20,
                                    .rows = 20,
                                    .value = [=](int, int) { return h; }});
  };
  flat("low.tif", 0, 20, 100.0F);
  flat("high.tif", 100, 10, 130.0F);
  flat("pit.tif", 100, 10, 70.0F);
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(95, 300, 115, 320), 10.0},     // over the rim
                                                 {test::rectangle_wkt(150, 300, 170, 320), 10.0}});  // inside
  const std::string obstacles = "[[obstacles]]\npath = \"buildings.gpkg\"\nheight_field = \"height\"\n";
  const auto up = compile("[[terrain]]\npath = \"low.tif\"\n[[terrain]]\npath = \"high.tif\"\n" + obstacles);
  BOOST_REQUIRE_MESSAGE(up, test::why_not(up));
  BOOST_TEST(up->airspace.obstacles.at(0).top_msl_m == 140.0);
  BOOST_TEST(up->airspace.obstacles.at(1).top_msl_m == 140.0);
  const auto down = compile("[[terrain]]\npath = \"low.tif\"\n[[terrain]]\npath = \"pit.tif\"\n" + obstacles);
  BOOST_REQUIRE_MESSAGE(down, test::why_not(down));
  BOOST_TEST(down->airspace.obstacles.at(0).top_msl_m == 110.0);
  BOOST_TEST(down->airspace.obstacles.at(1).top_msl_m == 80.0);
}

BOOST_AUTO_TEST_CASE(a_building_on_a_surface_model_is_not_added_twice) {
  // A surface of 5 m with a block of 45 m; the building is known to be 38 m high, another 50.
  test::write_raster(
      dir / "dsm.tif",
      {.geotransform = {500000, 10, 0, 2490400, 0, -10}, .columns = 40, .rows = 40, .value = [](int c, int r) {
         return c >= 10 && c < 14 && r >= 10 && r < 14 ? 45.0F : 5.0F;
       }});
  test::write_buildings(dir / "buildings.gpkg", {{test::rectangle_wkt(102, 262, 138, 298), 38.0},
                                                 {test::rectangle_wkt(202, 262, 238, 298), 50.0}});
  const auto region = compile(
      "[[terrain]]\npath = \"dsm.tif\"\nkind = \"dsm\"\nground_radius_m = 40\n[[obstacles]]\npath = "
      "\"buildings.gpkg\"\nheight_field = \"height\"\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  BOOST_TEST(region->warnings.at(0).find("a surface model without a terrain model; its ground is a guess") !=
             std::string::npos);
  double surface = 0.0;
  double pixels_m2 = 0.0;
  for (const auto& o : region->airspace.obstacles) {
    if (o.kind == "building") {
      BOOST_TEST((o.top_msl_m == 43.0 || o.top_msl_m == 55.0));
      continue;
    }
    BOOST_TEST(o.kind == "surface");
    surface = std::max(surface, o.top_msl_m);
    pixels_m2 += (o.box.max - o.box.min).prod();
  }
  BOOST_TEST(surface == 45.0);                      // at least its own top
  BOOST_TEST(std::abs(pixels_m2 - 1600.0) < 20.0);  // the block's 16 cells, and nothing of the plain
}

BOOST_AUTO_TEST_CASE(ground_of_a_surface_is_the_least_around_by_every_way_of_looking) {
  const auto seed = test::seed();
  std::mt19937_64 rng(seed);
  for (int round = 0; round < 30; ++round) {
    maps::TerrainRaster raster{.columns = static_cast<int>(2 + rng() % 30),
                               .rows = static_cast<int>(2 + rng() % 30),
                               .heights_msl_m = {},
                               .crs_wkt = {}};
    for (int k = 0; k < raster.columns * raster.rows; ++k) {
      raster.heights_msl_m.push_back(rng() % 9 == 0 ? NAN : static_cast<float>(rng() % 100));
    }
    const int kc = static_cast<int>(1 + rng() % 7);
    const int kr = static_cast<int>(1 + rng() % 7);
    const auto before = raster.heights_msl_m;
    maps::filter_ground(raster, kc, kr);
    for (int r = 0; r < raster.rows; ++r) {
      for (int c = 0; c < raster.columns; ++c) {
        const auto at = [&](int a, int b) { return static_cast<std::size_t>(b * raster.columns + a); };
        float least = before[at(c, r)];
        for (int b = 0; b < raster.rows && std::isfinite(least); ++b) {
          for (int a = 0; a < raster.columns; ++a) {
            const int dc = (a - c) * kr;
            const int dr = (b - r) * kc;
            if (dc * dc + dr * dr <= kc * kc * kr * kr && std::isfinite(before[at(a, b)]))
              least = std::min(least, before[at(a, b)]);
          }
        }
        const float found = raster.heights_msl_m[at(c, r)];
        BOOST_TEST_INFO("seed " << seed << " round " << round << " cell " << c << ", " << r);
        BOOST_TEST((found == least || (std::isnan(found) && std::isnan(least))));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(voids_that_touch_by_a_corner_are_one) {
  const float n = NAN;
  maps::TerrainRaster raster{.columns = 5,
                             .rows = 3,
                             .heights_msl_m = {1, 2, 3, 4, 5,  //
                                               1, n, 3, n, 5,  //
                                               1, 2, n, 4, 5},
                             .crs_wkt = {}};
  maps::TerrainSource source;
  source.max_void_cells = 2;
  auto copy = raster;
  BOOST_TEST(maps::treat_voids(copy, source).left == 3u);
  source.max_void_cells = 3;
  const auto report = maps::treat_voids(raster, source);
  BOOST_TEST(report.filled == 3u);
  // The mean of all twelve others, which all touch the void.
  BOOST_TEST(std::abs(raster.heights_msl_m[6] - 36.0F / 12.0F) < 1e-6F);
}

BOOST_AUTO_TEST_CASE(terrain_that_is_wrong) {
  test::write_raster(
      dir / "t.tif",
      {.geotransform = {500000, 10, 0, 2490400, 0, -10}, .value = [](int, int) { return 1.0F; }, .unit = "ft"});
  refused("[[terrain]]\npath = \"t.tif\"\n", "unsupported_format",
          "gives its heights in \"ft\"; turn them into metres");
  test::write_raster(
      dir / "t.tif",
      {.geotransform = {500000, 10, 0, 2490400, 0, -10}, .value = [](int, int) { return -9999.0F; }, .nodata = -9999});
  refused("[[terrain]]\npath = \"t.tif\"\n", "raster_empty", "holds no data in any cell");
  test::write_raster(dir / "t.tif", {.geotransform = {500000, 10, 0, 2490400, 0, -10},
                                     .value = [](int c, int) { return c == 4 ? -9999.0F : 1.0F; }});
  refused("[[terrain]]\npath = \"t.tif\"\n", "raster_value_invalid", "column 4, row 0 holds -9999");
  refused("[[terrain]]\npath = \"t.tif\"\nkind = \"dem\"\n", "config_invalid",
          "kind = \"dem\" must be \"dtm\" or \"dsm\"");
  refused("[[terrain]]\npath = \"t.tif\"\nground_radius_m = 5\n", "config_unknown_key", "ground_radius_m");
  refused("[[terrain]]\npath = \"t.tif\"\nmax_void_cells = -1\n", "value_invalid", "max_void_cells = -1 must be");
}

BOOST_AUTO_TEST_SUITE_END()
