#include "geo/free_components.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/geo/hilly_town.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::Enu2;
using geo::Enu3;
using geo::FreeComponents;

namespace {

/// A wall of 100 m round a yard of 60 m by 60 m about the origin, with a gate of that width to the east.
std::shared_ptr<geo::Airspace> walled_yard(std::mt19937_64& rng, double gate_m) {
  const auto town = swiftlet::test::hilly_town(rng, 0);
  const double top = town->terrain.height_msl_m({0, 0}).value() + 150.0;
  const auto wall = [&](double x0, double y0, double x1, double y1) {
    geo::Obstacle o;
    o.id = "wall";
    o.kind = "building";
    o.footprint = {{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, {}}};
    o.box = geo::bounds(o.footprint);
    o.top_msl_m = top;
    town->obstacles.push_back(std::move(o));
  };
  wall(-50, -50, 50, -30);
  wall(-50, 30, 50, 50);
  wall(-50, -50, -30, 50);
  wall(30, -50, 50, -gate_m / 2);
  wall(30, gate_m / 2, 50, 50);
  return town;
}

geo::AirspaceView view_of(const geo::AirspacePtr& town, double max_height_agl_m) {
  geo::Policy policy;
  policy.max_height_agl_m = max_height_agl_m;
  return {town, {.policy = policy, .from = {}, .to = {}, .authorisations = {}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(free_components)

BOOST_AUTO_TEST_CASE(a_gate_of_a_little_more_than_twice_the_clearance_joins_and_a_narrower_one_parts) {
  std::mt19937_64 rng(1);
  const Enu2 yard(3, 3);
  const Enu2 outside(90, 90);
  const auto wide = walled_yard(rng, 21.0);
  const geo::AirspaceView through = view_of(wide, 120);
  const FreeComponents proven(through, FreeComponents::Kind::proven);
  BOOST_REQUIRE(proven.at(yard).has_value());
  BOOST_TEST((proven.at(yard) == proven.at(outside)));
  const auto narrow = walled_yard(rng, 19.0);
  const geo::AirspaceView shut = view_of(narrow, 120);
  const FreeComponents possible(shut, FreeComponents::Kind::possible);
  BOOST_REQUIRE(possible.at(yard).has_value());
  BOOST_TEST((possible.at(yard) != possible.at(outside)));
}

BOOST_AUTO_TEST_CASE(proven_is_within_exact_and_exact_within_possible) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = swiftlet::test::hilly_town(rng, 40);
  const geo::AirspaceView view = view_of(town, 45);
  const FreeComponents proven(view, FreeComponents::Kind::proven);
  const FreeComponents possible(view, FreeComponents::Kind::possible);
  std::uniform_real_distribution<double> place(-230, 230);
  for (int round = 0; round < 20000; ++round) {
    const Enu2 p(place(rng), place(rng));
    const auto terrain = town->terrain.height_msl_m(p);
    double floor = terrain.value_or(0.0) + 30.0;
    for (const geo::Obstacle& o : town->obstacles) {
      if (geo::distance_m(o.footprint, p) < 10.0) floor = std::max(floor, o.top_msl_m + 10.0);
    }
    const bool is_free = terrain && floor <= *terrain + 45.0;
    if (proven.at(p) && !is_free) BOOST_ERROR("proven, not free: seed " << seed << " round " << round);
    if (is_free && !possible.at(p)) BOOST_ERROR("free, not possible: seed " << seed << " round " << round);
  }
  BOOST_TEST(proven.area_m2() < possible.area_m2());
  BOOST_TEST(proven.area_m2() > 0.9 * possible.area_m2());
}

/// Columns of one proven component that lie near each other are joined by what the segment test proves.
BOOST_AUTO_TEST_CASE(neighbours_in_one_proven_component_see_each_other_at_some_altitude) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = swiftlet::test::hilly_town(rng, 40);
  const geo::AirspaceView view = view_of(town, 45);
  const FreeComponents proven(view, FreeComponents::Kind::proven);
  std::uniform_real_distribution<double> place(-230, 230);
  int seen = 0;
  for (int round = 0; round < 20000; ++round) {
    const Enu2 p(place(rng), place(rng));
    if (!proven.at(p)) continue;
    const auto band = view.band_at(p);
    BOOST_REQUIRE(band.has_value());
    BOOST_REQUIRE(band->open());
    const double z = 0.5 * (band->floor_msl_m + band->ceiling_msl_m);
    if (!view.is_free({p.x(), p.y(), z}, {p.x(), p.y(), z})) BOOST_ERROR("seed " << seed << " round " << round);
    ++seen;
  }
  BOOST_TEST(seen > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
