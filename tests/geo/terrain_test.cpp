#include "geo/terrain.hpp"

#include <boost/test/unit_test.hpp>

#include "geo/terrain_bounds.hpp"
#include "tests/geo/hilly_terrain.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::Enu2;

BOOST_AUTO_TEST_SUITE(terrain)

BOOST_AUTO_TEST_CASE(highest_on_a_footprint_is_never_below_a_sample_and_is_reached) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto model = swiftlet::test::hilly_terrain(rng, 40, 0.3, 2.0);
  std::uniform_real_distribution<double> place(-100.0, 100.0);
  std::uniform_real_distribution<double> size(1.0, 40.0);
  for (int round = 0; round < 200; ++round) {
    const Enu2 a(place(rng), place(rng));
    const Enu2 b = a + Enu2(size(rng), size(rng));
    const geo::MultiPolygon box{{{a, {b.x(), a.y()}, b, {a.x(), b.y()}}, {}}};
    const double highest = model.ground_under(box).highest_msl_m;
    double sampled = -1e9;
    constexpr int kSamples = 60;
    for (int i = 0; i <= kSamples; ++i) {
      for (int j = 0; j <= kSamples; ++j) {
        const Enu2 p = a + (b - a).cwiseProduct(Enu2(i, j)) / kSamples;
        sampled = std::max(sampled, model.height_msl_m(p).value());
      }
    }
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    BOOST_TEST(highest >= sampled - 1e-9);
    BOOST_TEST(highest - sampled < 1.5);
  }
}

BOOST_AUTO_TEST_CASE(outside_the_hull_there_is_no_height) {
  std::mt19937_64 rng(swiftlet::test::seed());
  const auto model = swiftlet::test::hilly_terrain(rng, 20, 0.0, 1.0);
  BOOST_TEST(model.height_msl_m({0, 0}).has_value());
  BOOST_TEST(!model.height_msl_m({101, 0}).has_value());
  // Between hull and outer edge of the raster a footprint still has its ground; beyond the edge it has none.
  const auto box = [](double x0, double x1) { return geo::MultiPolygon{{{{x0, -2}, {x1, -2}, {x1, 2}, {x0, 2}}, {}}}; };
  const auto under = [&](double x0, double x1) { return model.ground_under(box(x0, x1)); };
  BOOST_TEST((under(88, 94).on_terrain && !under(88, 94).beyond));
  BOOST_TEST((under(88, 96).on_terrain && under(88, 96).beyond));
  // What begins beyond the hull is outside, though there is a ground to stand on.
  BOOST_TEST((!under(91, 94).on_terrain && !under(91, 94).beyond));
  BOOST_TEST((!under(96, 99).on_terrain && under(96, 99).beyond));
}

BOOST_AUTO_TEST_CASE(what_leaves_the_raster_stands_on_its_last_half_cell_too) {
  // An edge that ran on beyond the outer edge was taken to have no ground in the half cell before it either.
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto model = swiftlet::test::hilly_terrain(rng, 20, 0.0, 3.0);  // hull from −100 to 90 m
  std::uniform_real_distribution<double> part(0.0, 1.0);
  for (int round = 0; round < 200; ++round) {
    const Enu2 a(60 + 20 * part(rng), -80 + 150 * part(rng));
    const Enu2 b(100 + 20 * part(rng), -80 + 150 * part(rng));
    const geo::MultiPolygon sliver{{{a, b, a + Enu2(0.0, 0.5)}, {}}};
    const auto ground = model.ground_under(sliver);
    BOOST_TEST((ground.on_terrain && ground.beyond));
    for (int k = 0; k <= 500; ++k) {
      const Enu2 p = a + k / 500.0 * (b - a);
      if (p.x() > 95.0) break;
      const double h = model.height_msl_m(p.cwiseMin(Enu2::Constant(90.0))).value();
      BOOST_TEST_INFO("seed " << seed << " round " << round << " k " << k);
      BOOST_TEST((h <= ground.highest_msl_m + 1e-9 && h >= ground.lowest_msl_m - 1e-9));
    }
  }
}

BOOST_AUTO_TEST_CASE(bounds_enclose_the_terrain_everywhere_and_closely) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  for (const double turn : {0.0, 0.1, 0.7}) {
    const auto model = swiftlet::test::hilly_terrain(rng, 30, turn, 1.0);
    const auto bounds = geo::TerrainBounds::enclose(model, 2.0);
    const geo::GridFrame& grid = bounds.grid();
    std::uniform_real_distribution<double> part(0.0, 1.0);
    double width_sum = 0.0;
    long flyable = 0;
    for (int j = 0; j < grid.ny; ++j) {
      for (int i = 0; i < grid.nx; ++i) {
        if (!bounds.flyable(i, j)) continue;
        ++flyable;
        for (int k = 0; k < 4; ++k) {
          const double u = part(rng);
          const double v = part(rng);
          const auto surface = [&](auto node) {
            return (1 - v) * ((1 - u) * node(i, j) + u * node(i + 1, j)) +
                   v * ((1 - u) * node(i, j + 1) + u * node(i + 1, j + 1));
          };
          const double hi = surface([&](int a, int b) { return double{bounds.hi_msl_m(a, b)}; });
          const double lo = surface([&](int a, int b) { return double{bounds.lo_msl_m(a, b)}; });
          const double h = model.height_msl_m(grid.node(i, j) + grid.cell_m * Enu2(u, v)).value();
          if (!(lo <= h && h <= hi))
            BOOST_ERROR("seed " << seed << " cell " << i << ", " << j << ": " << lo << " " << h << " " << hi);
          width_sum += hi - lo;
        }
      }
    }
    BOOST_TEST(flyable > 15000);
    // Neighbouring slopes of this terrain differ by 0.2 on average, far more than a city's.
    BOOST_TEST(width_sum / static_cast<double>(4 * flyable) < 0.7);
  }
}

BOOST_AUTO_TEST_SUITE_END()
