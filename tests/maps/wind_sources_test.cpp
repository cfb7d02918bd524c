// Wind as a region states it: one number, or a forecast as weather services publish them.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "maps/airspace_store.hpp"
#include "maps/compile.hpp"
#include "tests/maps/random_world.hpp"
#include "tests/maps/written_forecast.hpp"
#include "tests/maps/written_region.hpp"

namespace fs = std::filesystem;
namespace geo = swiftlet::geo;
namespace maps = swiftlet::maps;
namespace test = swiftlet::test;
using namespace std::chrono_literals;

namespace {

const swiftlet::UtcTime kMidnight{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}};

struct WindRegion {
  test::TemporaryDirectory temporary;
  fs::path dir = temporary.path();
  test::ForecastToWrite forecast = test::usual_forecast();

  WindRegion() { test::write_terrain(dir / "terrain.tif"); }

  [[nodiscard]] swiftlet::Expected<maps::CompiledRegion> compile(const std::string& wind) const {
    test::write_text(
        dir / "region.toml",
        "[region]\nname = \"w\"\nvertical_datum = \"test\"\n[[terrain]]\npath = \"terrain.tif\"\n[[wind]]\n" + wind);
    const auto manifest = maps::read_region_manifest(dir / "region.toml");
    if (!manifest) return swiftlet::Unexpected(manifest.error());
    return maps::compile(*manifest);
  }
  [[nodiscard]] swiftlet::Expected<maps::CompiledRegion> compile_forecast(const std::string& more = "") const {
    test::write_forecast(dir / "wind.nc", forecast);
    return compile("path = \"wind.nc\"\n" + more);
  }
  void refused(const swiftlet::Expected<maps::CompiledRegion>& region, const std::string& code,
               const std::string& message) const {
    BOOST_REQUIRE_MESSAGE(!region, "compiled, but " << code << " was expected: " << message);
    BOOST_TEST(name(region.error().code) == code, describe(region.error()));
    BOOST_TEST(region.error().message.find(message) != std::string::npos, describe(region.error()));
  }
  /// Where the forecast's column and row are in the local frame.
  [[nodiscard]] static geo::Enu2 place(const maps::CompiledRegion& region, double x, double y) {
    const auto p = test::position(x - 500000.0, y - 2490000.0);
    return region.airspace.frame.to_local(swiftlet::LonLat{.lon_deg = p.lon_deg, .lat_deg = p.lat_deg});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(wind_sources, WindRegion)

BOOST_AUTO_TEST_CASE(one_wind_with_its_profile) {
  const auto region = compile(
      "speed_m_s = 4.0\nfrom_deg = 225.0\nat_height_m = 20.0\nprofile = \"log\"\nz0_m = 1.0\ndisplacement_m = 3.0\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const geo::Airspace& a = region->airspace;
  BOOST_TEST(a.wind.speed_m_s == 4.0);
  const auto at = a.wind_at_m_s({0.0, 0.0, 10.0 + 103.0}, kMidnight);  // the terrain is at 10 m
  BOOST_REQUIRE(at);
  BOOST_TEST(at->norm() == 4.0 * std::log(100.0) / std::log(17.0), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(at->x() == at->y(), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(!a.wind_at_m_s({0.0, 1e5, 50.0}, kMidnight).has_value());
  // Another wind at 10 m blows by the same profile.
  const auto other = a.wind_field_of({.speed_m_s = 3.0, .from_deg = 0.0, .at_height_m = 10.0});
  BOOST_REQUIRE(other);
  BOOST_TEST(other->velocity_m_s({0, 0}, 53.0, kMidnight).y() == -3.0 * std::log(50.0) / std::log(7.0),
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(!a.wind_field_of({.speed_m_s = 3.0, .from_deg = 0.0, .at_height_m = 3.5}).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_wind_is_refused) {
  refused(compile("speed_m_s = nan\nfrom_deg = 0\n"), "value_invalid", "speed_m_s");
  refused(compile("speed_m_s = 4\n"), "config_invalid", "from_deg");
  refused(compile("from_deg = 10\n"), "config_invalid", "speed_m_s");
  refused(compile("speed_m_s = 4\nfrom_deg = 0\nprofile = \"cubic\"\n"), "config_invalid", "must be \"log\"");
  refused(compile("speed_m_s = 4\nfrom_deg = 0\nprofile = \"log\"\ndisplacement_m = 14\n"), "value_invalid",
          "at_height_m = 10 must be above 14.5 m");
  refused(compile("speed_m_s = 4\nfrom_deg = 0\n[[wind]]\nspeed_m_s = 4\nfrom_deg = 0\n"), "config_invalid",
          "one [[wind]]");
}

BOOST_AUTO_TEST_CASE(a_forecast_blows_as_its_nodes_say_and_turns_between_them_as_a_vector) {
  forecast.value = [](int k, int t, int, int r, int c) {
    return k == 0 ? 4.0 + 0.3 * c + 0.2 * r + t : 350.0 + 5.0 * c;  // through north
  };
  const auto region = compile_forecast();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const geo::WindField& field = region->airspace.wind_field;
  BOOST_TEST(field.instants().size() == 2u);
  BOOST_TEST((field.instants()[1] == kMidnight + 1h));
  for (int r = 2; r < 5; ++r) {
    for (int c = 2; c < 5; ++c) {
      const geo::Enu2 p =
          place(*region, forecast.x[static_cast<std::size_t>(c)], forecast.y[static_cast<std::size_t>(r)]);
      for (int t = 0; t < 2; ++t) {
        const geo::Enu2 wanted =
            geo::velocity_of({.speed_m_s = forecast.value(0, t, 0, r, c), .from_deg = forecast.value(1, t, 0, r, c)});
        const geo::Enu2 found = field.velocity_m_s(p, 10.0, kMidnight + t * 1h);
        // The lattice samples the forecast every 75 m: at a node of the forecast it may cut the corner.
        BOOST_TEST((found - wanted).norm() < 0.15,
                   c << ", " << r << ": " << found.transpose() << " for " << wanted.transpose());
      }
      const geo::Enu2 half = field.velocity_m_s(p, 10.0, kMidnight + 30min);
      const geo::Enu2 ends =
          0.5 * (field.velocity_m_s(p, 10.0, kMidnight) + field.velocity_m_s(p, 10.0, kMidnight + 1h));
      BOOST_TEST((half - ends).norm() < 1e-9);
    }
  }
  BOOST_TEST(region->airspace.wind.at_height_m == 10.0);
}

BOOST_AUTO_TEST_CASE(rows_from_north_to_south_and_kilometres_are_the_same_forecast) {
  const auto value = [](int k, int, int, double r, int c) { return k == 0 ? 4.0 + 0.3 * c + 0.5 * r : 270.0; };
  forecast.value = [&](int k, int t, int l, int r, int c) { return value(k, t, l, r, c); };
  const auto usual = compile_forecast();
  BOOST_REQUIRE_MESSAGE(usual, test::why_not(usual));
  std::reverse(forecast.y.begin(), forecast.y.end());
  forecast.value = [&](int k, int t, int l, int r, int c) { return value(k, t, l, 6 - r, c); };
  const auto turned = compile_forecast();
  BOOST_REQUIRE_MESSAGE(turned, test::why_not(turned));
  for (double& x : forecast.x) x /= 1000.0;
  for (double& y : forecast.y) y /= 1000.0;
  forecast.axis_unit = "km";
  const auto kilometres = compile_forecast();
  BOOST_REQUIRE_MESSAGE(kilometres, test::why_not(kilometres));
  for (double at = -400.0; at <= 400.0; at += 37.0) {
    const geo::Enu2 v = usual->airspace.wind_field.velocity_m_s({at, -at / 2}, 10.0, kMidnight);
    BOOST_TEST((turned->airspace.wind_field.velocity_m_s({at, -at / 2}, 10.0, kMidnight) - v).norm() < 1e-6);
    BOOST_TEST((kilometres->airspace.wind_field.velocity_m_s({at, -at / 2}, 10.0, kMidnight) - v).norm() < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(vectors_along_a_turned_grid_are_turned) {
  // Lambert's cone far from its meridian: the grid's y axis is some 8 degrees off true north here.
  forecast.crs = "+proj=lcc +lat_1=25 +lat_2=25 +lat_0=25 +lon_0=95 +ellps=GRS80 +units=m +no_defs";
  forecast.x.clear();
  forecast.y.clear();
  const auto middle = test::position(500.0, 500.0);
  const auto [x, y] = test::in_crs(forecast.crs, middle.lon_deg, middle.lat_deg);
  for (int k = -10; k <= 10; ++k) {
    forecast.x.push_back(x + 700.0 * k);
    forecast.y.push_back(y + 900.0 * k);
  }
  forecast.names[0] = "u";
  forecast.names[1] = "v";
  forecast.standard_names[0] = "x_wind";
  forecast.standard_names[1] = "y_wind";
  forecast.units[1] = "m/s";
  forecast.value = [](int k, int, int, int, int) { return k == 0 ? 0.0 : 6.0; };  // along the grid's y axis
  const auto region = compile_forecast();
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  // The meridians run together by sin(lat_1) of what they lie apart: east of the middle one the grid's north lies east
  // of the true one, and what blows along it blows so.
  const double turn_rad = (middle.lon_deg - 95.0) * std::sin(25.0 * M_PI / 180.0) * M_PI / 180.0;
  const geo::Enu2 v = region->airspace.wind_field.velocity_m_s({0, 0}, 10.0, kMidnight);
  BOOST_TEST((v - 6.0 * geo::Enu2(std::sin(turn_rad), std::cos(turn_rad))).norm() < 0.02);
  const auto true_north = compile_forecast("u_variable = \"u\"\nv_variable = \"v\"\nvectors = \"true_north\"\n");
  BOOST_REQUIRE_MESSAGE(true_north, test::why_not(true_north));
  BOOST_TEST((true_north->airspace.wind_field.velocity_m_s({0, 0}, 10.0, kMidnight) - geo::Enu2(0, 6)).norm() < 0.01);
}

BOOST_AUTO_TEST_CASE(levels_units_and_longitudes_to_360) {
  forecast.levels_m = {2.0, 10.0, 80.0};
  forecast.units[0] = "knots";
  forecast.value = [](int k, int, int l, int, int) { return k == 0 ? 10.0 * (l + 1) : 180.0; };
  const auto at80 = compile_forecast("at_height_m = 80.0\n");
  BOOST_REQUIRE_MESSAGE(at80, test::why_not(at80));
  BOOST_TEST(at80->airspace.wind.speed_m_s == 30.0 * 1852.0 / 3600.0, boost::test_tools::tolerance(1e-9));
  refused(compile_forecast("at_height_m = 50.0\n"), "config_invalid",
          "has no level at at_height_m = 50 m; it has: 2, 10, 80");
  forecast.level_unit = "Pa";
  refused(compile_forecast(), "unsupported_format", "its levels are in \"pa\"");

  forecast = test::usual_forecast();
  forecast.crs = "EPSG:4326";
  const auto corner = test::position(0.0, 0.0);
  forecast.x = {corner.lon_deg - 1.0 + 360.0, corner.lon_deg + 360.0, corner.lon_deg + 1.0 + 360.0};
  forecast.y = {corner.lat_deg + 1.0, corner.lat_deg, corner.lat_deg - 1.0};
  const auto far_east = compile_forecast();
  BOOST_REQUIRE_MESSAGE(far_east, test::why_not(far_east));
  BOOST_TEST((far_east->airspace.wind_field.velocity_m_s({0, 0}, 10.0, kMidnight) - geo::Enu2(5, 0)).norm() < 0.01);
}

BOOST_AUTO_TEST_CASE(a_forecast_that_lies_is_refused) {
  const auto usual = test::usual_forecast();
  const auto with = [&](auto&& change) {
    forecast = usual;
    change(forecast);
    return compile_forecast();
  };
  refused(with([](auto& f) { f.with_time = false; }), "time_invalid", "has no time axis");
  refused(with([](auto& f) { f.time_unit = "fortnights since 2026-11-21"; }), "time_invalid",
          "must be like \"hours since");
  refused(with([](auto& f) { f.time_unit = "hours since 2026-13-41"; }), "time_invalid", "counts from no date");
  refused(with([](auto& f) { f.times = {1.0, 1.0}; }), "time_invalid", "must ascend");
  refused(with([](auto& f) { f.times = {1.0, NAN}; }), "time_invalid", "no time of a forecast");
  refused(with([](auto& f) { f.calendar = "360_day"; }), "time_invalid", "calendar = \"360_day\"");
  refused(with([](auto& f) { f.units[0] = "K"; }), "unsupported_format", "are in \"k\" and \"degree\"");
  refused(with([](auto& f) { f.units[1] = "m/s"; }), "unsupported_format", "a direction in degrees");
  refused(with([](auto& f) {
            f.value = [](int k, int, int, int r, int c) { return k == 0 && r == 3 && c == 3 ? NAN : 5.0; };
          }),
          "raster_value_invalid", "in column 3, row 3 are nan and 5");
  refused(with([](auto& f) { f.value = [](int, int t, int, int, int) { return t == 1 ? 1e6 : 5.0; }; }),
          "raster_value_invalid", "2026-11-21T01:00:00.000Z");
  refused(with([](auto& f) { f.value = [](int, int, int, int, int) { return -5.0; }; }), "raster_value_invalid", "-5");
  refused(with([](auto& f) { f.x[3] += 40.0; }), "unsupported_format", "even steps");
  refused(with([](auto& f) {
            for (double& x : f.x) x += 700.0;
          }),
          "outside_terrain", "does not reach over all");
  refused(with([](auto& f) { f.standard_names[0] = "air_temperature"; }), "config_invalid", "speed (air_temperature)");
  refused(compile("path = \"terrain.tif\"\n"), "unsupported_format", "NetCDF");
  // A gap that the region does not need is none of its business.
  const auto gap = with(
      [](auto& f) { f.value = [](int k, int, int, int r, int c) { return k == 0 && r == 0 && c == 0 ? NAN : 5.0; }; });
  BOOST_TEST(gap.has_value(), test::why_not(gap));
}

BOOST_AUTO_TEST_CASE(a_forecast_lives_on_in_the_compiled_form_and_in_the_hash) {
  forecast.value = [](int k, int t, int, int r, int c) { return k == 0 ? 3.0 + r + 0.1 * c + t : 10.0 * c; };
  const auto region = compile_forecast("profile = \"power\"\nexponent = 0.3\n");
  BOOST_REQUIRE_MESSAGE(region, test::why_not(region));
  const auto manifest = maps::read_region_manifest(dir / "region.toml");
  BOOST_REQUIRE(manifest);
  BOOST_REQUIRE(maps::compile_region(*manifest, dir / "out"));
  const auto loaded = maps::load_airspace(dir / "out");
  BOOST_REQUIRE_MESSAGE(loaded, test::why_not(loaded));
  BOOST_TEST(((*loaded)->wind_field == region->airspace.wind_field));
  BOOST_TEST(((*loaded)->wind == region->airspace.wind));
  BOOST_TEST(maps::check_airspace(dir / "out").empty());
  // The canonical region file says the same again, and another byte of wind is another airspace.
  const auto again = maps::read_region_manifest(dir / "out" / "sources" / "region.toml");
  BOOST_REQUIRE_MESSAGE(again, test::why_not(again));
  BOOST_TEST(maps::airspace_hash(*again).value() == region->airspace.hash);
  forecast.value = [](int k, int, int, int, int) { return k == 0 ? 3.0 : 10.0; };
  BOOST_TEST(compile_forecast("profile = \"power\"\nexponent = 0.3\n")->airspace.hash != region->airspace.hash);
}

BOOST_AUTO_TEST_SUITE_END()
