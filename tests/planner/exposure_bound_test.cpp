#include "planner/exposure_bound.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "tests/seed.hpp"

namespace {

using namespace swiftlet;
using geo::Enu2;

geo::GroundRisk risk_of(const geo::GridFrame& grid, std::vector<float> cells) {
  return {grid, geo::GroundRisk::pyramid_of(grid, std::move(cells))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exposure_bound)

BOOST_AUTO_TEST_CASE(over_an_even_density_it_is_the_straight_line_but_for_cells) {
  const geo::GridFrame grid{.origin = {0, 0}, .cell_m = 10.0, .nx = 80, .ny = 60};
  const geo::GroundRisk even = risk_of(grid, std::vector<float>(grid.cell_count(), 1000.0F));
  std::mt19937_64 rng(test::seed());
  std::uniform_real_distribution<double> x(0, 800), y(0, 600);
  for (int n = 0; n < 60; ++n) {
    const Enu2 a(x(rng), y(rng)), b(x(rng), y(rng));
    const double straight = 1000.0 * (b - a).norm();
    const double bound = planner::least_exposure(even, grid.extent(), a, b, 0.1);
    BOOST_TEST_CONTEXT(a.transpose() << " to " << b.transpose()) {
      BOOST_TEST(bound <= straight);
      BOOST_TEST(bound >= std::cos(std::numbers::pi / 8.0) * straight - 10000.0);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_band_of_people_that_nobody_can_go_round_is_crossed_once) {
  const geo::GridFrame grid{.origin = {0, 0}, .cell_m = 10.0, .nx = 40, .ny = 40};
  std::vector<float> cells(grid.cell_count(), 0.0F);
  for (int j = 0; j < 40; ++j) {
    for (int i = 18; i < 22; ++i) cells[static_cast<std::size_t>(j * 40 + i)] = 500.0F;
  }
  const double bound =
      planner::least_exposure(risk_of(grid, std::move(cells)), grid.extent(), {50, 100}, {350, 300}, 0.1);
  BOOST_TEST(bound <= 500.0 * 40.0 + 1e-6);
  BOOST_TEST(bound >= 0.7 * 500.0 * 40.0);
}

BOOST_AUTO_TEST_CASE(no_way_however_drawn_costs_less) {
  std::mt19937_64 rng(test::seed());
  std::exponential_distribution<float> people(1e-3F);
  for (int world = 0; world < 12; ++world) {
    const geo::GridFrame grid{.origin = {-100, 50}, .cell_m = 10.0, .nx = 30 + world, .ny = 25};
    std::vector<float> cells(grid.cell_count());
    for (float& d : cells) d = rng() % 3 == 0 ? 0.0F : people(rng);
    const geo::GroundRisk risk = risk_of(grid, std::move(cells));
    const geo::Box2 box = grid.extent();
    std::uniform_real_distribution<double> x(box.min.x(), box.max.x()), y(box.min.y(), box.max.y());
    const Enu2 a(x(rng), y(rng)), b(x(rng), y(rng));
    const double bound = planner::least_exposure(risk, box, a, b, 0.1);
    const auto cost = [&](const std::vector<Enu2>& way) {
      double sum = 0.0;
      for (std::size_t k = 0; k + 1 < way.size(); ++k)
        sum += (way[k + 1] - way[k]).norm() * risk.mean_along_per_km2(way[k], way[k + 1]);
      return sum;
    };
    // The best of many ways, each made cheaper point by point.
    double best = cost({a, b});
    for (int n = 0; n < 40; ++n) {
      std::vector<Enu2> way{a};
      const int points = 1 + static_cast<int>(rng() % 12);
      for (int k = 1; k <= points; ++k)
        way.push_back(a + (b - a) * k / (points + 1) + 0.3 * Enu2(x(rng) - x(rng), y(rng) - y(rng)));
      for (Enu2& p : way) p = p.cwiseMax(box.min).cwiseMin(box.max);
      way.push_back(b);
      std::normal_distribution<double> step(0.0, 15.0);
      for (int k = 0; k < 200; ++k) {
        std::vector<Enu2> other = way;
        Enu2& moved = other[1 + rng() % static_cast<std::size_t>(points)];
        moved = (moved + Enu2(step(rng), step(rng))).cwiseMax(box.min).cwiseMin(box.max);
        if (cost(other) < cost(way)) way = std::move(other);
      }
      best = std::min(best, cost(way));
    }
    BOOST_TEST_CONTEXT("world " << world) BOOST_TEST(bound <= best + 1e-6);
  }
}

BOOST_AUTO_TEST_SUITE_END()
