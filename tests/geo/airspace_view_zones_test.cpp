#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "geo/airspace_view.hpp"
#include "geo/composed_tiles.hpp"
#include "tests/geo/hilly_town.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::Enu2;
using geo::Enu3;
using swiftlet::test::box_at;

namespace {

geo::Geozone drawn_zone(std::mt19937_64& rng, int number) {
  std::uniform_real_distribution<double> place(-240, 240);
  std::uniform_real_distribution<double> half(5, 150);
  std::uniform_real_distribution<double> limit(20, 110);
  const auto chance = [&](int of) { return std::uniform_int_distribution<int>(1, of)(rng) == 1; };
  geo::Geozone zone;
  zone.id = "Z" + std::to_string(number);
  zone.footprint = box_at({place(rng), place(rng)}, half(rng), half(rng), place(rng));
  zone.box = geo::bounds(zone.footprint);
  const auto reference = [&] { return chance(2) ? geo::VerticalReference::agl : geo::VerticalReference::amsl; };
  const auto drawn = [&] {
    const auto r = reference();
    return geo::ZoneLimit{.value_m = limit(rng) + (r == geo::VerticalReference::amsl ? 150.0 : 0.0), .reference = r};
  };
  if (chance(2)) zone.lower = drawn();
  if (chance(3)) zone.upper = drawn();
  return zone;
}

std::shared_ptr<geo::Airspace> with_zones(const geo::Airspace& town, std::vector<geo::Geozone> zones) {
  auto version = std::make_shared<geo::Airspace>(town);
  version->zones = std::move(zones);
  return version;
}

geo::ViewOptions any_time() { return {.policy = {}, .from = {}, .to = {}, .authorisations = {}}; }

/// The first cell on which two views differ, in words; empty where there is none.
std::string difference(const geo::AirspaceView& a, const geo::AirspaceView& b) {
  const auto same = [](const auto& p, const auto& q) {
    return p.floor_msl_m == q.floor_msl_m && p.ceiling_msl_m == q.ceiling_msl_m;
  };
  for (int level = 0; level <= a.tiles().top_level(); ++level) {
    for (int j = 0; j <= (a.grid().ny - 1) >> level; ++j) {
      for (int i = 0; i <= (a.grid().nx - 1) >> level; ++i) {
        if (same(a.tiles().band(level, i, j), b.tiles().band(level, i, j)) &&
            (level > 0 || same(a.optimistic_band(i, j), b.optimistic_band(i, j)))) {
          continue;
        }
        return "level " + std::to_string(level) + " block " + std::to_string(i) + ", " + std::to_string(j);
      }
    }
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(airspace_view_zones)

BOOST_AUTO_TEST_CASE(a_view_made_of_an_older_one_is_the_view_made_anew) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = swiftlet::test::hilly_town(rng, 25);
  town->own_layers = geo::ViewLayers::derive(*town, {});
  auto airspace = with_zones(*town, {});
  auto view = std::make_unique<geo::AirspaceView>(airspace, any_time());
  for (int round = 0; round < 60; ++round) {
    std::vector<geo::Geozone> zones = airspace->zones;
    const auto at = [&] { return std::uniform_int_distribution<std::size_t>(0, zones.size() - 1)(rng); };
    const int act = std::uniform_int_distribution<int>(0, 3)(rng);
    if (zones.empty() || act == 0) {
      const auto place = static_cast<std::ptrdiff_t>(zones.empty() ? 0 : at());
      zones.insert(zones.begin() + place, drawn_zone(rng, round));
    } else if (act == 1) {
      zones.erase(zones.begin() + static_cast<std::ptrdiff_t>(at()));
    } else if (act == 2) {
      zones[at()] = drawn_zone(rng, round);
    } else if (zones.size() > 1) {
      std::swap(zones[at()], zones[at()]);
    }
    const auto next = with_zones(*town, zones);
    auto made_of_older = std::make_unique<geo::AirspaceView>(next, any_time(), *view);
    const geo::AirspaceView made_anew(next, any_time());
    const std::string differs = difference(*made_of_older, made_anew);
    if (!differs.empty()) BOOST_ERROR("seed " << seed << " round " << round << " act " << act << ": " << differs);
    view = std::move(made_of_older);  // the older one goes; what the new one shares with it must live on
    airspace = next;
  }
}

BOOST_AUTO_TEST_CASE(tiles_that_no_change_touches_are_shared) {
  std::mt19937_64 rng(3);
  const auto town = swiftlet::test::hilly_town(rng, 5);
  auto near = drawn_zone(rng, 0);
  near.footprint = box_at({-150, -150}, 20, 20, 0);
  near.box = geo::bounds(near.footprint);
  auto far = near;
  far.footprint = box_at({150, 150}, 20, 20, 0);
  far.box = geo::bounds(far.footprint);
  const geo::AirspaceView one(with_zones(*town, {near}), any_time());
  const geo::AirspaceView both(with_zones(*town, {near, far}), any_time(), one);
  const auto tile = [](const geo::AirspaceView& view, const Enu2& p) {
    const Enu2 g = (p - view.grid().origin) / view.grid().cell_m;
    return view.tiles().at_cell(static_cast<int>(g.x()), static_cast<int>(g.y())).zones;
  };
  BOOST_TEST((tile(one, {-150, -150}) != nullptr));
  BOOST_TEST((tile(one, {-150, -150}) == tile(both, {-150, -150})));
  BOOST_TEST((tile(one, {150, 150}) == nullptr));
  BOOST_TEST((tile(both, {150, 150}) != nullptr));
}

BOOST_AUTO_TEST_CASE(old_readers_are_undisturbed_by_new_versions) {
  std::mt19937_64 rng(5);
  const auto town = swiftlet::test::hilly_town(rng, 15);
  const auto first = std::make_shared<const geo::AirspaceView>(with_zones(*town, {drawn_zone(rng, 0)}), any_time());
  std::vector<std::pair<Enu3, Enu3>> segments;
  std::vector<bool> answers;
  std::uniform_real_distribution<double> place(-230, 230);
  std::uniform_real_distribution<double> altitude(120, 340);
  for (int k = 0; k < 500; ++k) {
    segments.push_back({{place(rng), place(rng), altitude(rng)}, {place(rng), place(rng), altitude(rng)}});
    answers.push_back(first->is_free(segments.back().first, segments.back().second));
  }
  std::atomic<bool> done{false};
  std::atomic<int> changed{0};
  std::vector<std::jthread> readers;
  for (int r = 0; r < 2; ++r) {
    readers.emplace_back([&] {
      do {
        for (std::size_t k = 0; k < segments.size(); ++k) {
          if (first->is_free(segments[k].first, segments[k].second) != answers[k]) ++changed;
        }
      } while (!done);
    });
  }
  std::shared_ptr<const geo::AirspaceView> latest = first;
  for (int round = 0; round < 20; ++round) {
    auto zones = latest->airspace().zones;
    zones.push_back(drawn_zone(rng, round));
    if (zones.size() > 4) zones.erase(zones.begin());
    latest = std::make_shared<const geo::AirspaceView>(with_zones(*town, std::move(zones)), any_time(), *latest);
  }
  done = true;
  readers.clear();
  BOOST_TEST(changed == 0);
}

BOOST_AUTO_TEST_CASE(readers_of_two_versions_may_ask_for_the_same_tiles_first) {
  std::mt19937_64 rng(7);
  const auto town = swiftlet::test::hilly_town(rng, 15);
  std::uniform_real_distribution<double> place(-230, 230);
  std::uniform_real_distribution<double> altitude(120, 340);
  for (int round = 0; round < 10; ++round) {
    std::vector<geo::Geozone> zones{drawn_zone(rng, 0), drawn_zone(rng, 1)};
    const geo::AirspaceView one(with_zones(*town, {zones[0]}), any_time());
    const geo::AirspaceView both(with_zones(*town, zones), any_time(), one);
    const geo::AirspaceView alone(with_zones(*town, {zones[0]}), any_time());
    const geo::AirspaceView together(with_zones(*town, zones), any_time());
    std::vector<std::pair<Enu3, Enu3>> segments;
    for (int k = 0; k < 50; ++k) {
      segments.push_back({{place(rng), place(rng), altitude(rng)}, {place(rng), place(rng), altitude(rng)}});
    }
    std::vector<std::vector<bool>> answers(4);
    {
      std::vector<std::jthread> readers;
      for (std::size_t r = 0; r < answers.size(); ++r) {
        readers.emplace_back([&, r] {
          const geo::AirspaceView& view = r % 2 == 0 ? one : both;
          for (const auto& [a, b] : segments) answers[r].push_back(view.is_free(a, b));
        });
      }
    }
    for (std::size_t k = 0; k < segments.size(); ++k) {
      const auto& [a, b] = segments[k];
      BOOST_TEST(answers[0][k] == alone.is_free(a, b));
      BOOST_TEST(answers[2][k] == answers[0][k]);
      BOOST_TEST(answers[1][k] == together.is_free(a, b));
      BOOST_TEST(answers[3][k] == answers[1][k]);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
