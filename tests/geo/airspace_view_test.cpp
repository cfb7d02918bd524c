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
    const bool below =
        policy.fly_under && o.base_msl_m && p.z() <= *o.base_msl_m - policy.vertical_clearance_m + slack_m;
    if (p.z() < o.top_msl_m + policy.vertical_clearance_m - slack_m && !below &&
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

/// A street along y = 0 between two blocks, 130 m high, with a skybridge over it from 80 to 86 m above the ground.
std::shared_ptr<geo::Airspace> street_with_skybridge(std::mt19937_64& rng) {
  const auto town = hilly_town(rng, 0);
  const double ground = town->terrain.height_msl_m({0, 0}).value();
  const auto add = [&](const char* id, const Enu2& centre, double half_x, double half_y, double top,
                       std::optional<double> base) {
    geo::Obstacle o;
    o.id = id;
    o.kind = "building";
    o.footprint = box_at(centre, half_x, half_y, 0.0);
    o.box = geo::bounds(o.footprint);
    o.top_msl_m = ground + top;
    if (base) o.base_msl_m = ground + *base;
    town->obstacles.push_back(std::move(o));
  };
  add("north", {0, 60}, 60, 40, 130, {});
  add("south", {0, -60}, 60, 40, 130, {});
  add("skybridge", {0, 0}, 4, 20, 86, 80);
  return town;
}

BOOST_AUTO_TEST_CASE(a_skybridge_blocks_the_street_unless_the_policy_lets_flights_pass_below) {
  std::mt19937_64 rng(1);
  const auto town = street_with_skybridge(rng);
  const double ground = town->terrain.height_msl_m({0, 0}).value();
  geo::Policy policy;
  const geo::AirspaceView closed(town, {.policy = policy, .from = kNoon, .to = kNoon, .authorisations = {}});
  policy.fly_under = true;
  const geo::AirspaceView open(town, {.policy = policy, .from = kNoon, .to = kNoon, .authorisations = {}});
  const auto along = [&](const geo::AirspaceView& view, double from_agl, double to_agl) {
    const Enu3 a(-30, 0, ground + from_agl);
    const Enu3 b(30, 0, ground + to_agl);
    BOOST_TEST(view.is_free(a, b) == view.is_free(b, a));
    return view.is_free(a, b);
  };
  BOOST_TEST(!along(closed, 60, 60));
  BOOST_TEST(along(closed, 100, 100));
  BOOST_TEST(along(open, 60, 60));
  BOOST_TEST(along(open, 69.9, 69.9));
  BOOST_TEST(!along(open, 70.1, 70.1));
  BOOST_TEST(!along(open, 83, 83));
  BOOST_TEST(!along(open, 60, 105));  // climbs through it
  BOOST_TEST(along(open, 96.1, 96.1));
  // The band at a place is the one below; what is free above is found by the segment test all the same.
  const auto band = open.band_at({0, 0});
  BOOST_REQUIRE(band.has_value());
  BOOST_TEST(band->ceiling_msl_m < ground + 70.0);
  BOOST_TEST(band->floor_msl_m < ground + 40.0);
}

BOOST_AUTO_TEST_CASE(with_floating_obstacles_what_is_free_is_legal_and_little_is_lost) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = hilly_town(rng, 40);
  std::uniform_real_distribution<double> thickness(2, 30);
  std::vector<geo::Obstacle> raised(town->obstacles.begin(), town->obstacles.end());
  for (std::size_t k = 0; k < raised.size(); k += 2) raised[k].base_msl_m = raised[k].top_msl_m - thickness(rng);
  town->obstacles = geo::Obstacles(std::move(raised));
  geo::Policy policy;
  policy.fly_under = true;
  policy.min_height_agl_m = 10;
  policy.vertical_clearance_m = 5;
  const geo::AirspaceView view(town, {.policy = policy, .from = kNoon, .to = kNoon, .authorisations = {}});
  std::uniform_real_distribution<double> place(-230, 230);
  std::uniform_real_distribution<double> altitude(110, 340);
  long free = 0;
  long legal = 0;
  long lost = 0;
  for (int round = 0; round < 20000; ++round) {
    const Enu3 a(place(rng), place(rng), altitude(rng));
    const Enu3 b = round % 4 == 0 ? a : Enu3(place(rng), place(rng), round % 3 == 0 ? a.z() : altitude(rng));
    const bool is_free = view.is_free(a, b);
    if (is_free != view.is_free(b, a)) BOOST_ERROR("not symmetric: seed " << seed << " round " << round);
    if (a == b && point_is_legal(*town, policy, a, 0.0)) {
      ++legal;
      lost += is_free ? 0 : 1;
    }
    const auto band = view.band_at({a.x(), a.y()});
    if (band && a.z() >= band->floor_msl_m && a.z() <= band->ceiling_msl_m && !point_is_legal(*town, policy, a, 0.0)) {
      BOOST_ERROR("band at a point: seed " << seed << " round " << round);
    }
    if (!is_free) continue;
    ++free;
    for (int k = 0; k <= 100; ++k) {
      const Enu3 p = a + (b - a) * (k / 100.0);
      if (!point_is_legal(*town, policy, p, 0.0)) BOOST_ERROR("seed " << seed << " round " << round << " sample " << k);
    }
  }
  BOOST_TEST(free > 200);
  BOOST_TEST(legal > 500);
  BOOST_TEST(static_cast<double>(lost) / static_cast<double>(legal) < 0.06);
  const geo::GridFrame& grid = view.grid();
  std::uniform_real_distribution<double> inside(0.0, 1.0);
  for (int round = 0; round < 20000; ++round) {
    const int i = std::uniform_int_distribution<int>(0, grid.nx - 1)(rng);
    const int j = std::uniform_int_distribution<int>(0, grid.ny - 1)(rng);
    const auto band = view.safe_band(i, j);
    if (!band.open()) continue;
    const Enu2 p = grid.node(i, j) + grid.cell_m * Enu2(inside(rng), inside(rng));
    const double z = band.floor_msl_m + inside(rng) * (band.ceiling_msl_m - band.floor_msl_m);
    if (!point_is_legal(*town, policy, {p.x(), p.y(), z}, 0.0)) BOOST_ERROR("cell band: seed " << seed);
  }
}

/// Every quarter of every cell: its safe band must be legal at any point of it, and hold within its possible band.
BOOST_AUTO_TEST_CASE(quarters_of_refined_cells_are_proven_and_cover_their_cell) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = hilly_town(rng, 40);
  geo::Policy policy;
  policy.max_height_agl_m = 45.0;
  const geo::AirspaceView view(town, {.policy = policy, .from = kNoon, .to = kNoon, .authorisations = {}});
  const geo::GridFrame& grid = view.grid();
  std::uniform_real_distribution<double> inside(0.0, 1.0);
  long refined = 0;
  for (int j = 0; j < grid.ny; ++j) {
    for (int i = 0; i < grid.nx; ++i) {
      if (!view.is_refined(i, j)) continue;
      ++refined;
      double area = 0.0;
      view.for_each_quarter(i, j, [&](const geo::AirspaceView::Quarter& quarter) {
        area += quarter.side_m * quarter.side_m;
        const Enu2 p = quarter.corner_enu + quarter.side_m * Enu2(inside(rng), inside(rng));
        if (quarter.safe.open()) {
          const double z =
              quarter.safe.floor_msl_m + inside(rng) * (quarter.safe.ceiling_msl_m - quarter.safe.floor_msl_m);
          if (!point_is_legal(*town, policy, {p.x(), p.y(), z}, 0.0)) BOOST_ERROR("safe: seed " << seed);
        }
        const double z = town->terrain.height_msl_m(p).value() + 30.0 + 15.0 * inside(rng);
        if (point_is_legal(*town, policy, {p.x(), p.y(), z}, 0.0) &&
            (z < quarter.optimistic.floor_msl_m || z > quarter.optimistic.ceiling_msl_m)) {
          BOOST_ERROR("possible: seed " << seed);
        }
      });
      BOOST_TEST(std::abs(area - grid.cell_m * grid.cell_m) < 1e-9);
    }
  }
  BOOST_TEST(refined > 100);
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
