#include "maps/airspace_store.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/maps/written_region.hpp"

namespace fs = std::filesystem;
namespace geo = swiftlet::geo;
namespace maps = swiftlet::maps;
namespace test = swiftlet::test;

namespace {

struct Stored {
  test::TemporaryDirectory temporary;
  fs::path region = temporary.path() / "region.toml";
  fs::path out = temporary.path() / "airspace";
  Stored() { test::write_usual_region(temporary.path()); }

  [[nodiscard]] swiftlet::Expected<void> build() const {
    return maps::compile_region(maps::read_region_manifest(region).value(), out);
  }
  [[nodiscard]] std::size_t entries_beside() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(temporary.path()), {}));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(airspace_store, Stored)

BOOST_AUTO_TEST_CASE(what_is_loaded_is_what_was_compiled) {
  const auto compiled = maps::compile(maps::read_region_manifest(region).value());
  BOOST_REQUIRE(compiled);
  BOOST_REQUIRE(build());
  const auto loaded = maps::load_airspace(out);
  BOOST_REQUIRE_MESSAGE(loaded, test::why_not(loaded));
  const geo::Airspace& a = compiled->airspace;
  const geo::Airspace& b = **loaded;
  BOOST_TEST(a.hash == b.hash);
  BOOST_TEST((a.policy == b.policy));
  BOOST_TEST((a.frame.centre() == b.frame.centre()));
  BOOST_REQUIRE(b.obstacles.size() == 1u);
  BOOST_TEST(a.obstacles[0].top_msl_m == b.obstacles[0].top_msl_m);
  BOOST_TEST((a.obstacles[0].footprint[0].outer == b.obstacles[0].footprint[0].outer));
  BOOST_REQUIRE(b.zones.size() == 1u);
  BOOST_TEST((a.zones[0].footprint[0].outer == b.zones[0].footprint[0].outer));
  BOOST_TEST(b.zones[0].lower->value_m == 0.0);
  BOOST_REQUIRE(b.pads.size() == 2u);
  BOOST_TEST((a.pads[0].slots == b.pads[0].slots));
  // Nodes without terrain are NaN on both sides.
  const auto same = [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  BOOST_TEST(std::equal(a.bounds.hi_nodes_msl_m().begin(), a.bounds.hi_nodes_msl_m().end(),
                        b.bounds.hi_nodes_msl_m().begin(), same));
  BOOST_TEST(std::equal(a.bounds.lo_nodes_msl_m().begin(), a.bounds.lo_nodes_msl_m().end(),
                        b.bounds.lo_nodes_msl_m().begin(), same));
  BOOST_TEST(std::ranges::equal(a.bounds.extents(), b.bounds.extents()));
  BOOST_TEST(a.terrain.height_msl_m({3, 4}).value() == b.terrain.height_msl_m({3, 4}).value());
}

BOOST_AUTO_TEST_CASE(sources_kept_beside_compile_to_the_same_hash) {
  BOOST_REQUIRE(build());
  const auto kept = maps::read_region_manifest(out / "sources" / "region.toml");
  BOOST_REQUIRE_MESSAGE(kept, test::why_not(kept));
  BOOST_TEST(maps::airspace_hash(*kept).value() == (*maps::load_airspace(out))->hash);
}

BOOST_AUTO_TEST_CASE(a_failed_build_leaves_nothing_and_an_older_airspace_untouched) {
  const std::size_t before = entries_beside();
  test::write_text(temporary.path() / "zones.json", "{");
  BOOST_TEST(!build());
  BOOST_TEST(!fs::exists(out));
  BOOST_TEST(entries_beside() == before);
  test::write_usual_region(temporary.path());
  BOOST_REQUIRE(build());
  test::write_text(temporary.path() / "zones.json", "{");
  BOOST_TEST(!build());
  BOOST_TEST(maps::load_airspace(out).has_value());
}

BOOST_AUTO_TEST_CASE(a_second_build_replaces_the_first) {
  BOOST_REQUIRE(build());
  const auto first = (*maps::load_airspace(out))->hash;
  test::write_buildings(temporary.path() / "buildings.gpkg", {{test::rectangle_wkt(100, 300, 140, 340), 20.0}});
  BOOST_REQUIRE(build());
  BOOST_TEST((*maps::load_airspace(out))->hash != first);
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_no_airspace_is_left_alone) {
  fs::create_directory(out);
  test::write_text(out / "letter.txt", "dear");
  const auto done = build();
  BOOST_REQUIRE(!done);
  BOOST_TEST(name(done.error().code) == "output_refused");
  BOOST_TEST(fs::exists(out / "letter.txt"));
}

BOOST_AUTO_TEST_CASE(every_damaged_file_is_noticed) {
  for (const char* file : {"terrain.tif", "terrain_hi.tif", "terrain_lo.tif", "extent.tif", "airspace.gpkg"}) {
    BOOST_REQUIRE(build());
    std::fstream stream(out / file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(fs::file_size(out / file) / 2));
    const int byte = stream.peek();
    stream.put(static_cast<char>(byte ^ 0x40));
    stream.close();
    const auto loaded = maps::load_airspace(out);
    BOOST_REQUIRE_MESSAGE(!loaded, file);
    BOOST_TEST(name(loaded.error().code) == "airspace_damaged");
  }
  BOOST_REQUIRE(build());
  test::write_text(out / "manifest.json", "{\"schema\":\"swiftlet.airspace/1\"}");
  BOOST_TEST(name(maps::load_airspace(out).error().code) == "airspace_damaged");
  test::write_text(out / "manifest.json", "{\"schema\":\"swiftlet.airspace/9\"}");
  BOOST_TEST(name(maps::load_airspace(out).error().code) == "unsupported_format");
}

BOOST_AUTO_TEST_CASE(a_directory_with_a_manifest_of_something_else_is_left_alone) {
  fs::create_directory(out);
  test::write_text(out / "manifest.json", "{}");
  test::write_text(out / "thesis.txt", "years of work");
  BOOST_TEST(name(build().error().code) == "output_refused");
  BOOST_TEST(fs::exists(out / "thesis.txt"));
  // Not even an airspace makes way where someone has put a file of their own into it.
  fs::remove_all(out);
  BOOST_REQUIRE(build());
  test::write_text(out / "thesis.txt", "years of work");
  BOOST_TEST(name(build().error().code) == "output_refused");
  BOOST_TEST(fs::exists(out / "thesis.txt"));
}

BOOST_AUTO_TEST_SUITE_END()
