#include "maps/airspace_store.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "geo/view_layers.hpp"
#include "maps/airspace_file.hpp"
#include "tests/maps/airspace_answers.hpp"
#include "tests/maps/random_world.hpp"
#include "tests/maps/written_region.hpp"
#include "tests/seed.hpp"

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

/// Bounds and layers compiled strip by strip and mapped are those compiled whole.
void same_ground_and_layers(const geo::Airspace& a, const geo::Airspace& b) {
  // Nodes without terrain are NaN on both sides.
  const auto same = [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  BOOST_TEST(std::equal(a.bounds.hi_nodes_msl_m().begin(), a.bounds.hi_nodes_msl_m().end(),
                        b.bounds.hi_nodes_msl_m().begin(), same));
  BOOST_TEST(std::equal(a.bounds.lo_nodes_msl_m().begin(), a.bounds.lo_nodes_msl_m().end(),
                        b.bounds.lo_nodes_msl_m().begin(), same));
  BOOST_TEST(std::ranges::equal(a.bounds.extents(), b.bounds.extents()));
  BOOST_TEST((a.terrain.height_msl_m({3, 4}) == b.terrain.height_msl_m({3, 4})));
  const auto whole = a.own_layers->arrays();
  const auto strips = b.own_layers->arrays();
  BOOST_REQUIRE(whole.size() == strips.size());
  for (std::size_t k = 0; k < whole.size(); ++k) {
    BOOST_TEST(whole[k].name == strips[k].name);
    BOOST_TEST(std::ranges::equal(whole[k].bytes, strips[k].bytes), whole[k].name);
  }
}

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
  same_ground_and_layers(a, b);
}

BOOST_AUTO_TEST_CASE(several_terrains_and_floating_obstacles_come_back_as_they_were) {
  // Cells of 20 m with a hole in them, over half of the region, win over the flat terrain of 10 m.
  test::write_raster(
      temporary.path() / "hills.tif",
      {.geotransform = {500000 + 395, 20, 0, 2490000 + 905, 0, -20},
       .columns = 25,
       .rows = 40,
       .value = [](int c,
                   int r) { return c > 8 && c < 14 && r > 20 ? -9999.0F : 10.0F + 0.3F * static_cast<float>(c); },
       .nodata = -9999.0});
  std::ifstream in(region);
  const std::string usual{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  test::write_text(region, usual + "[[terrain]]\npath = \"hills.tif\"\n[policy]\nfly_under = true\n");
  auto compiled = maps::compile(maps::read_region_manifest(region).value());
  BOOST_REQUIRE_MESSAGE(compiled, test::why_not(compiled));
  geo::Airspace& a = compiled->airspace;
  BOOST_REQUIRE(a.terrain.sources().size() == 2u);
  geo::Obstacle bridge = a.obstacles[0];
  bridge.base_msl_m = 33.25;
  bridge.id = "bridge";
  a.obstacles.push_back(bridge);
  a.own_layers.reset();  // its index knows nothing of the bridge
  a.own_layers = geo::ViewLayers::derive(a, a.policy);
  const fs::path file = temporary.path() / "a.bin";
  BOOST_REQUIRE(maps::write_airspace_file(a, file));
  BOOST_TEST(maps::check_airspace_file(file).empty());
  const auto mapped = maps::map_airspace_file(file);
  BOOST_REQUIRE_MESSAGE(mapped, test::why_not(mapped));
  const geo::Airspace& b = **mapped;
  BOOST_TEST(b.policy.fly_under);
  BOOST_REQUIRE(b.obstacles.size() == 2u);
  BOOST_TEST(!b.obstacles[0].base_msl_m);
  BOOST_TEST(b.obstacles[1].base_msl_m.value() == 33.25);
  BOOST_REQUIRE(b.terrain.sources().size() == 2u);
  for (std::size_t k = 0; k < 2; ++k) {
    const geo::HeightRange& x = a.terrain.sources()[k].range();
    const geo::HeightRange& y = b.terrain.sources()[k].range();
    BOOST_TEST(x.lowest_msl_m == y.lowest_msl_m);
    BOOST_TEST(x.highest_msl_m == y.highest_msl_m);
    BOOST_TEST(x.complete == y.complete);
  }
  BOOST_TEST(a.terrain.sources()[0].range().complete);
  BOOST_TEST(!a.terrain.sources()[1].range().complete);
  for (double y = -500; y <= 500; y += 37) {
    for (double x = -500; x <= 500; x += 37) {
      BOOST_TEST((a.terrain.height_msl_m({x, y}) == b.terrain.height_msl_m({x, y})));
    }
  }
  same_ground_and_layers(a, b);
  // And whole: each terrain has its file, all of which are checked.
  BOOST_REQUIRE(build());
  BOOST_TEST(maps::check_airspace(out).empty());
  test::flip_byte(out / "terrain_1.tif", fs::file_size(out / "terrain_1.tif") / 2);
  BOOST_TEST(!maps::check_airspace(out).empty());
  BOOST_TEST(build().has_value());
  BOOST_TEST(maps::check_airspace(out).empty());
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
  BOOST_REQUIRE(build());
  BOOST_TEST(maps::check_airspace(out).empty());
  for (const char* file : {"airspace.bin", "terrain.tif", "floor.tif", "ceiling.tif", "airspace.gpkg",
                           "sources/0_terrain.tif", "sources/1_buildings.gpkg"}) {
    BOOST_REQUIRE_MESSAGE(fs::exists(out / file), file);
    test::flip_byte(out / file, fs::file_size(out / file) / 2);
    const auto found = maps::check_airspace(out);
    BOOST_REQUIRE_MESSAGE(!found.empty(), file);
    BOOST_TEST(name(found.front().code) == "airspace_damaged");
    BOOST_TEST(found.front().where.find(fs::path(file).filename().string()) != std::string::npos);
    test::flip_byte(out / file, fs::file_size(out / file) / 2);
  }
  BOOST_TEST(maps::check_airspace(out).empty());
  fs::resize_file(out / "airspace.bin", fs::file_size(out / "airspace.bin") - 1);
  BOOST_TEST(name(maps::load_airspace(out).error().code) == "airspace_damaged");
}

BOOST_AUTO_TEST_CASE(older_formats_are_refused_and_say_what_to_do) {
  BOOST_REQUIRE(build());
  for (const char* schema : {"swiftlet.airspace/1", "swiftlet.airspace/2", "swiftlet.airspace/9"}) {
    test::write_text(out / "manifest.json", std::string("{\"schema\":\"") + schema + "\"}");
    const auto loaded = maps::load_airspace(out);
    BOOST_REQUIRE(!loaded);
    BOOST_TEST(name(loaded.error().code) == "unsupported_format");
    BOOST_TEST(loaded.error().message.find("build the airspace again") != std::string::npos);
  }
  // An airspace of an older format makes way for a new one.
  test::write_text(out / "terrain_hi.tif", "older");
  BOOST_TEST(build().has_value());
  BOOST_TEST(maps::check_airspace(out).empty());
}

BOOST_AUTO_TEST_CASE(parts_of_two_airspaces_do_not_make_one) {
  BOOST_REQUIRE(build());
  fs::copy_file(out / "airspace.bin", temporary.path() / "first.bin");
  test::write_buildings(temporary.path() / "buildings.gpkg", {{test::rectangle_wkt(100, 300, 140, 340), 20.0}});
  BOOST_REQUIRE(build());
  fs::copy_file(temporary.path() / "first.bin", out / "airspace.bin", fs::copy_options::overwrite_existing);
  BOOST_TEST(name(maps::load_airspace(out).error().code) == "airspace_damaged");
}

BOOST_AUTO_TEST_CASE(a_damaged_airspace_answers_as_the_sound_one_or_throws) {
  BOOST_REQUIRE(build());
  const fs::path file = out / "airspace.bin";
  const std::string sound = test::answers(maps::load_airspace(out).value());
  std::mt19937_64 random(test::seed());
  std::size_t thrown = 0;
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t at = random() % fs::file_size(file);
    test::flip_byte(file, at);
    const auto loaded = maps::load_airspace(out);
    if (loaded) {
      try {
        BOOST_TEST(test::answers(*loaded) == sound, "other answers after byte " << at << " was changed");
      } catch (const geo::AirspaceDamaged& damage) {
        ++thrown;
        BOOST_TEST(name(damage.error().code) == "airspace_damaged");
        BOOST_TEST(damage.error().where.find("airspace.bin") != std::string::npos);
        BOOST_TEST(damage.error().where.find("tile") != std::string::npos);
      }
    } else {
      BOOST_TEST(name(loaded.error().code) == "airspace_damaged");
    }
    test::flip_byte(file, at);
  }
  BOOST_TEST(thrown > 10u);  // most of the file is read only when it is asked for
  BOOST_TEST(test::answers(maps::load_airspace(out).value()) == sound);
}

BOOST_AUTO_TEST_CASE(an_airspace_in_use_outlives_its_replacement) {
  BOOST_REQUIRE(build());
  const auto before = maps::load_airspace(out).value();
  test::write_buildings(temporary.path() / "buildings.gpkg", {{test::rectangle_wkt(100, 300, 140, 340), 90.0}});
  BOOST_REQUIRE(build());
  const auto after = maps::load_airspace(out).value();
  BOOST_TEST(before->obstacles[0].top_msl_m != after->obstacles[0].top_msl_m);
  BOOST_TEST(test::answers(before) != test::answers(after));
}

BOOST_AUTO_TEST_CASE(what_a_killed_build_left_goes_with_the_next) {
  fs::create_directory(temporary.path() / "airspace.new-killed");
  test::write_text(temporary.path() / "airspace.new-killed" / "floor.tif", "half");
  BOOST_REQUIRE(build());
  BOOST_TEST(!fs::exists(temporary.path() / "airspace.new-killed"));
  // One that is being written by somebody else is left alone.
  auto other = maps::FreshDirectory::beside(out);
  BOOST_REQUIRE(other);
  BOOST_REQUIRE(build());
  BOOST_TEST(fs::exists(other->path()));
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
