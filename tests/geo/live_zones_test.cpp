#include "geo/live_zones.hpp"

#include <boost/test/unit_test.hpp>
#include <mutex>
#include <random>
#include <thread>

#include "geo/airspace_view.hpp"
#include "tests/geo/hilly_terrain.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::AirspacePtr;

namespace {

geo::MultiPolygon square(double x, double y, double half_m) {
  return {
      {{{x - half_m, y - half_m}, {x + half_m, y - half_m}, {x + half_m, y + half_m}, {x - half_m, y + half_m}}, {}}};
}

geo::Geozone volume(const std::string& id, double x, double y, double half_m) {
  geo::Geozone zone{.id = id,
                    .name = id,
                    .restriction = geo::Restriction::prohibited,
                    .footprint = square(x, y, half_m),
                    .box = {},
                    .lower = {},
                    .upper = {},
                    .applicability = {}};
  zone.box = geo::bounds(zone.footprint);
  return zone;
}

geo::LiveZone live(const std::string& id, double x = 0.0, double y = 0.0) {
  return {.id = id,
          .published = "{\"identifier\":\"" + id + "\",\"x\":" + std::to_string(x) + "}",
          .volumes = {volume(id, x, y, 10.0)}};
}

AirspacePtr compiled() {
  std::mt19937_64 rng(7);
  auto a = std::make_shared<geo::Airspace>();
  a->name = "test";
  a->hash = "sha256:compiled";
  a->terrain = swiftlet::test::hilly_terrain(rng, 30, 0.2, 1.0);
  a->bounds = geo::TerrainBounds::enclose(a->terrain, 4.0);
  // Two volumes with one id, and a zone of its own.
  a->zones = {volume("twin", -80, 0, 10), volume("twin", -80, 40, 10), volume("lone", 80, 0, 10)};
  return a;
}

std::string ids(const AirspacePtr& airspace) {
  std::string text;
  for (const geo::Geozone& zone : airspace->zones) text += (text.empty() ? "" : " ") + zone.id;
  return text;
}

std::string code(const swiftlet::Expected<AirspacePtr>& result) {
  return result ? "ok" : std::string(name(result.error().code));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live_zones)

BOOST_AUTO_TEST_CASE(insert_change_and_remove_leave_older_versions_as_they_are) {
  const AirspacePtr base = compiled();
  const AirspacePtr with_a = geo::insert_zone(base, live("a")).value();
  const AirspacePtr with_b = geo::insert_zone(with_a, live("b")).value();
  const AirspacePtr moved = geo::change_zone(with_b, live("a", 50.0)).value();
  const AirspacePtr without_twin = geo::remove_zone(moved, "twin").value();
  const AirspacePtr lone_changed = geo::change_zone(without_twin, live("lone", 20.0)).value();
  BOOST_TEST(ids(base) == "twin twin lone");
  BOOST_TEST(ids(with_a) == "twin twin lone a");
  BOOST_TEST(ids(with_b) == "twin twin lone a b");
  BOOST_TEST(with_b->zones[3].box.min.x() == -10.0);
  BOOST_TEST(moved->zones[3].box.min.x() == 40.0);
  BOOST_TEST(ids(without_twin) == "lone a b");
  BOOST_TEST(ids(lone_changed) == "a b lone");
  BOOST_TEST(lone_changed->name == base->name);
  const std::set<std::string> hashes{base->hash,  with_a->hash,       with_b->hash,
                                     moved->hash, without_twin->hash, lone_changed->hash};
  BOOST_TEST(hashes.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_version_is_named_by_what_holds_and_not_by_the_way_there) {
  const AirspacePtr base = compiled();
  const AirspacePtr ab = geo::insert_zone(geo::insert_zone(base, live("a")).value(), live("b")).value();
  const AirspacePtr ba = geo::insert_zone(geo::insert_zone(base, live("b")).value(), live("a")).value();
  BOOST_TEST(ab->hash == ba->hash);
  BOOST_TEST(ids(ab) == ids(ba));
  BOOST_TEST((geo::remove_zone(geo::remove_zone(ab, "a").value(), "b").value() == base));
  const AirspacePtr changed = geo::change_zone(base, live("lone")).value();
  const AirspacePtr removed = geo::remove_zone(changed, "lone").value();
  BOOST_TEST(removed->hash == geo::remove_zone(base, "lone").value()->hash);
  BOOST_TEST(geo::insert_zone(removed, live("lone")).value()->hash == changed->hash);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_there_already) {
  const AirspacePtr base = compiled();
  BOOST_TEST(code(geo::insert_zone(base, live("twin"))) == "conflict");
  BOOST_TEST(code(geo::change_zone(base, live("a"))) == "not_found");
  BOOST_TEST(code(geo::remove_zone(base, "a")) == "not_found");
  const AirspacePtr gone = geo::remove_zone(base, "twin").value();
  BOOST_TEST(code(geo::remove_zone(gone, "twin")) == "not_found");
  BOOST_TEST(code(geo::version_with({.base = base, .removed = {"a"}, .zones = {}})) == "not_found");
  BOOST_CHECK_THROW((void)geo::version_with({.base = gone, .removed = {}, .zones = {}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_hash_is_the_one_that_is_written_down) {
  const AirspacePtr base = compiled();
  const AirspacePtr version = geo::insert_zone(geo::remove_zone(base, "twin").value(), live("ä", 1.0)).value();
  // printf '21:swiftlet.live_zones/1,15:sha256:compiled,1:1,4:twin,32:{"identifier":"ä","x":1.000000},' | sha256sum
  BOOST_TEST(version->hash == "sha256:25b701c7c99682994698e5519343cda330634afadf2dd289720fc0818ca43f5e");
}

BOOST_AUTO_TEST_CASE(random_changes_agree_with_a_plain_list) {
  std::mt19937_64 rng(swiftlet::test::seed());
  AirspacePtr now = compiled();
  std::map<std::string, double> expected{{"twin", -80.0}, {"lone", 80.0}};
  for (int k = 0; k < 2000; ++k) {
    const std::string id = std::array{"twin", "lone", "a", "b", "c"}[rng() % 5];
    const double x = static_cast<double>(rng() % 100);
    const bool there = expected.contains(id);
    switch (rng() % 3) {
      case 0: {
        const auto next = geo::insert_zone(now, live(id, x));
        BOOST_REQUIRE_EQUAL(code(next), there ? "conflict" : "ok");
        if (!there) expected[id] = x;
        if (next) now = *next;
        break;
      }
      case 1: {
        const auto next = geo::change_zone(now, live(id, x));
        BOOST_REQUIRE_EQUAL(code(next), there ? "ok" : "not_found");
        if (there) expected[id] = x;
        if (next) now = *next;
        break;
      }
      default: {
        const auto next = geo::remove_zone(now, id);
        BOOST_REQUIRE_EQUAL(code(next), there ? "ok" : "not_found");
        expected.erase(id);
        if (next) now = *next;
      }
    }
    std::map<std::string, double> found;
    for (const geo::Geozone& zone : now->zones) found[zone.id] = 0.5 * (zone.box.min.x() + zone.box.max.x());
    BOOST_REQUIRE(found == expected);
  }
}

BOOST_AUTO_TEST_CASE(readers_keep_their_version_while_new_ones_are_made) {
  std::mutex mutex;
  AirspacePtr current = compiled();
  const auto get = [&] {
    const std::lock_guard lock(mutex);
    return current;
  };
  std::atomic<bool> done = false;
  std::atomic<int> read = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&] {
      while (!done) {
        const AirspacePtr mine = get();
        const bool here = mine->live && mine->live->zones.contains("a");
        const geo::AirspaceView view(mine, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
        for (int k = 0; k < 20; ++k) {
          const double ground = mine->terrain.height_msl_m({0, 0}).value();
          const geo::Geozone* zone = view.blocking_zone({0, 0, ground + 50});
          if ((zone != nullptr) != here || (zone != nullptr && zone->id != "a")) ++wrong;
        }
        ++read;
      }
    });
  }
  for (int k = 0; k < 200 || read < 20; ++k) {
    const AirspacePtr now = get();
    const bool here = now->live && now->live->zones.contains("a");
    AirspacePtr next = here ? geo::remove_zone(now, "a").value() : geo::insert_zone(now, live("a")).value();
    if (k % 3 == 0 && !here) next = geo::change_zone(next, live("lone", 60.0 + k % 7)).value();
    const std::lock_guard lock(mutex);
    current = next;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  BOOST_TEST(wrong == 0);
  BOOST_TEST(read >= 20);
}

BOOST_AUTO_TEST_SUITE_END()
