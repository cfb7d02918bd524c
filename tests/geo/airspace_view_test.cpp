#include "geo/airspace_view.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/geo/hilly_town.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::Enu2;
using geo::Enu3;
using swiftlet::test::box_at;
using swiftlet::test::hilly_town;

namespace {

const swiftlet::UtcTime kNoon = swiftlet::parse_rfc3339("2026-11-23T12:00:00Z").value();  // a Monday

geo::Geozone zone_over(const geo::MultiPolygon& footprint, std::optional<geo::ZoneLimit> lower,
                       std::optional<geo::ZoneLimit> upper) {
  return {.id = "Z",
          .name = "zone",
          .footprint = footprint,
          .box = geo::bounds(footprint),
          .lower = lower,
          .upper = upper,
          .applicability = {}};
}

/// What the contract asks of one point in transit, straight from its words.
bool point_is_legal(const geo::Airspace& a, const geo::Policy& policy, const Enu3& p, double slack_m) {
  const Enu2 xy(p.x(), p.y());
  const auto ground = a.terrain.height_msl_m(xy);
  if (!ground) return false;
  const double agl = p.z() - *ground;
  if (agl < policy.min_height_agl_m - slack_m || agl > policy.max_height_agl_m + slack_m) return false;
  for (const geo::Obstacle& o : a.obstacles) {
    if (p.z() < o.top_msl_m + policy.vertical_clearance_m - slack_m &&
        geo::distance_m(o.footprint, xy) < policy.lateral_clearance_m - slack_m) {
      return false;
    }
  }
  for (const geo::Geozone& z : a.zones) {
    const auto msl = [&](const geo::ZoneLimit& l) {
      return l.value_m + (l.reference == geo::VerticalReference::agl ? *ground : 0.0);
    };
    if (geo::contains(z.footprint, xy) && (!z.lower || p.z() > msl(*z.lower) + slack_m) &&
        (!z.upper || p.z() < msl(*z.upper) - slack_m)) {
      return false;
    }
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(airspace_view)

BOOST_AUTO_TEST_CASE(what_it_calls_free_is_legal_at_every_sample_and_it_is_symmetric) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = hilly_town(rng, 25);
  town->zones.push_back(zone_over(box_at({60, 60}, 40, 30, 0.4),
                                  geo::ZoneLimit{.value_m = 60, .reference = geo::VerticalReference::agl}, {}));
  town->zones.push_back(zone_over(box_at({-80, 20}, 25, 25, 0.1), {},
                                  geo::ZoneLimit{.value_m = 190, .reference = geo::VerticalReference::amsl}));
  const geo::AirspaceView view(town, {.policy = {}, .from = kNoon, .to = kNoon, .authorisations = {}});
  std::uniform_real_distribution<double> place(-230, 230);
  std::uniform_real_distribution<double> altitude(120, 340);
  long free = 0;
  long blocked = 0;
  for (int round = 0; round < 20000; ++round) {
    const Enu3 a(place(rng), place(rng), altitude(rng));
    const Enu3 b(place(rng), place(rng), round % 3 == 0 ? a.z() : altitude(rng));
    const bool is_free = view.is_free(a, b);
    if (is_free != view.is_free(b, a)) BOOST_ERROR("not symmetric: seed " << seed << " round " << round);
    if (!is_free) {
      ++blocked;
      continue;
    }
    ++free;
    for (int k = 0; k <= 100; ++k) {
      const Enu3 p = a + (b - a) * (k / 100.0);
      if (!point_is_legal(*town, {}, p, 0.0)) BOOST_ERROR("seed " << seed << " round " << round << " sample " << k);
    }
  }
  BOOST_TEST(free > 200);
  BOOST_TEST(blocked > 200);
}

BOOST_AUTO_TEST_CASE(little_is_lost_to_cells) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = hilly_town(rng, 25);
  const geo::AirspaceView view(town, {.policy = {}, .from = kNoon, .to = kNoon, .authorisations = {}});
  std::uniform_real_distribution<double> place(-230, 230);
  std::uniform_real_distribution<double> altitude(120, 340);
  long legal = 0;
  long lost = 0;
  for (int round = 0; round < 20000; ++round) {
    const Enu3 p(place(rng), place(rng), altitude(rng));
    if (!point_is_legal(*town, {}, p, 0.0)) continue;
    ++legal;
    if (!view.is_free(p, p)) ++lost;
  }
  BOOST_TEST(legal > 1000);
  BOOST_TEST(static_cast<double>(lost) / static_cast<double>(legal) < 0.06);
}

BOOST_AUTO_TEST_CASE(optimistic_bands_hold_every_legal_point) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = hilly_town(rng, 40);
  town->zones.push_back(zone_over(box_at({60, 60}, 40, 30, 0.4),
                                  geo::ZoneLimit{.value_m = 60, .reference = geo::VerticalReference::agl}, {}));
  const geo::AirspaceView view(town, {.policy = {}, .from = kNoon, .to = kNoon, .authorisations = {}});
  const geo::GridFrame& grid = view.grid();
  std::uniform_real_distribution<double> place(-230, 230);
  std::uniform_real_distribution<double> altitude(120, 340);
  for (int round = 0; round < 50000; ++round) {
    const Enu3 p(place(rng), place(rng), altitude(rng));
    if (!point_is_legal(*town, {}, p, 0.0)) continue;
    const Enu2 g = (Enu2(p.x(), p.y()) - grid.origin) / grid.cell_m;
    const auto band = view.optimistic_band(static_cast<int>(g.x()), static_cast<int>(g.y()));
    if (p.z() < band.floor_msl_m || p.z() > band.ceiling_msl_m) BOOST_ERROR("seed " << seed << " round " << round);
  }
}

BOOST_AUTO_TEST_CASE(hostile_numbers_are_not_free) {
  std::mt19937_64 rng(1);
  const auto town = hilly_town(rng, 1);
  const geo::AirspaceView view(town, {.policy = {}, .from = kNoon, .to = kNoon, .authorisations = {}});
  const double nan = std::nan("");
  BOOST_TEST(!view.is_free({nan, 0, 200}, {0, 0, 200}));
  BOOST_TEST(!view.is_free({0, 0, 200}, {0, 0, nan}));
  BOOST_TEST(!view.is_free({1e300, 0, 200}, {0, 0, 200}));
  BOOST_TEST(!view.is_free({0, 0, HUGE_VAL}, {0, 0, 200}));
  BOOST_TEST(!view.band_at({nan, 0}).has_value());
}

BOOST_AUTO_TEST_CASE(timed_zone_blocks_only_in_its_time_and_authorisation_opens_it) {
  std::mt19937_64 rng(1);
  const auto town = hilly_town(rng, 0);
  auto zone = zone_over(box_at({0, 0}, 50, 50, 0), {}, {});
  zone.restriction = geo::Restriction::requires_authorisation;
  zone.applicability = {
      {.start = {},
       .end = {},
       .periods = {{.days = 0b0000001, .start = std::chrono::hours(11), .end = std::chrono::hours(13)}}}};
  town->zones.push_back(zone);
  const double z = town->terrain.height_msl_m({0, 0}).value() + 75;
  const auto free_at = [&](swiftlet::UtcTime from, swiftlet::UtcTime to, std::vector<std::string> held) {
    const geo::AirspaceView view(town, {.policy = {}, .from = from, .to = to, .authorisations = std::move(held)});
    return view.is_free({-10, 0, z}, {10, 0, z});
  };
  using namespace std::chrono_literals;
  BOOST_TEST(!free_at(kNoon, kNoon, {}));
  BOOST_TEST(free_at(kNoon, kNoon, {"Z"}));
  BOOST_TEST(free_at(kNoon + 2h, kNoon + 3h, {}));
  BOOST_TEST(!free_at(kNoon - 3h, kNoon + 3h, {}));
  BOOST_TEST(free_at(kNoon + 24h, kNoon + 24h, {}));
}

BOOST_AUTO_TEST_SUITE_END()
