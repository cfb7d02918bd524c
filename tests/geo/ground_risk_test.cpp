#include "geo/ground_risk.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/seed.hpp"

namespace {

using namespace swiftlet;
using geo::Enu2;

geo::GroundRisk random_risk(std::mt19937_64& rng, int nx, int ny) {
  const geo::GridFrame grid{.origin = {-130.0, 40.0}, .cell_m = 7.0, .nx = nx, .ny = ny};
  std::exponential_distribution<float> people(1e-3F);
  std::vector<float> cells(grid.cell_count());
  for (float& d : cells) d = people(rng);
  return {grid, geo::GroundRisk::pyramid_of(grid, std::move(cells))};
}

Enu2 place_in(std::mt19937_64& rng, const geo::Box2& box, double beyond_m) {
  std::uniform_real_distribution<double> x(box.min.x() - beyond_m, box.max.x() + beyond_m);
  std::uniform_real_distribution<double> y(box.min.y() - beyond_m, box.max.y() + beyond_m);
  return {x(rng), y(rng)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ground_risk)

BOOST_AUTO_TEST_CASE(nothing_known_is_no_density) {
  const geo::GroundRisk none;
  BOOST_TEST(none.empty());
  BOOST_TEST(none.mean_along_per_km2({0, 0}, {100, 30}) == 0.0);
  BOOST_TEST(none.least_in_per_km2({{0, 0}, {1, 1}}) == 0.0);
}

BOOST_AUTO_TEST_CASE(a_row_of_three_cells_by_hand) {
  const geo::GridFrame grid{.origin = {0, 0}, .cell_m = 10.0, .nx = 3, .ny = 1};
  const geo::GroundRisk risk(grid, geo::GroundRisk::pyramid_of(grid, {100.0F, 400.0F, 1000.0F}));
  BOOST_TEST(risk.density_per_km2({5, 5}) == 100.0);
  BOOST_TEST(risk.density_per_km2({-50, 5}) == 100.0);  // the nearest cell stands in
  BOOST_TEST(risk.mean_along_per_km2({0, 5}, {30, 5}) == 500.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(risk.mean_along_per_km2({5, 2}, {25, 9}) == (5 * 100 + 10 * 400 + 5 * 1000) / 20.0,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(risk.mean_along_per_km2({12, 2}, {12, 2}) == 400.0);
  BOOST_TEST(risk.mean_along_per_km2({10, 0}, {10, 10}) == 400.0);  // along a border: the cell to the east
  BOOST_TEST(risk.least_in_per_km2({{12, 1}, {29, 2}}) == 400.0);
  BOOST_CHECK_THROW(geo::GroundRisk(grid, std::vector<float>{1.0F, 2.0F}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_mean_along_is_that_of_a_fine_quadrature) {
  std::mt19937_64 rng(test::seed());
  const geo::GroundRisk risk = random_risk(rng, 41, 27);
  for (int n = 0; n < 300; ++n) {
    const Enu2 a = place_in(rng, risk.grid().extent(), 20.0);
    Enu2 b = place_in(rng, risk.grid().extent(), 20.0);
    if (n % 5 == 1) b.x() = a.x();
    if (n % 5 == 2) b.y() = a.y();
    const double mean = risk.mean_along_per_km2(a, b);
    constexpr int kSteps = 40'000;
    double sum = 0.0;
    for (int k = 0; k < kSteps; ++k) sum += risk.density_per_km2(a + (k + 0.5) / kSteps * (b - a));
    // A quadrature is wrong by up to a step at every border that it crosses.
    BOOST_TEST(std::abs(mean - sum / kSteps) <= 1e4 * 80.0 / kSteps);
    BOOST_TEST(mean == risk.mean_along_per_km2(b, a), boost::test_tools::tolerance(1e-9));
    // Parts of a segment add up to it.
    const double cut = 0.3;
    const Enu2 c = a + cut * (b - a);
    BOOST_TEST(mean == cut * risk.mean_along_per_km2(a, c) + (1 - cut) * risk.mean_along_per_km2(c, b),
               boost::test_tools::tolerance(1e-9));
  }
}

BOOST_AUTO_TEST_CASE(no_place_in_a_box_has_less_than_its_bound) {
  std::mt19937_64 rng(test::seed());
  const geo::GroundRisk risk = random_risk(rng, 65, 33);
  for (int n = 0; n < 2000; ++n) {
    const Enu2 a = place_in(rng, risk.grid().extent(), 30.0);
    const Enu2 b = n % 2 == 0 ? place_in(rng, risk.grid().extent(), 30.0) : Enu2(a + Enu2(9.0, 4.0));
    geo::Box2 box;
    box.include(a);
    box.include(b);
    const double least = risk.least_in_per_km2(box);
    BOOST_TEST(least <= risk.mean_along_per_km2(a, b) * (1 + 1e-12));
    for (int k = 0; k < 50; ++k) BOOST_TEST(least <= risk.density_per_km2(place_in(rng, box, 0.0)));
  }
  // Of everything the bound is the very least.
  const auto cells = risk.pyramid_per_km2().first(risk.grid().cell_count());
  BOOST_TEST(risk.least_in_per_km2(risk.grid().extent()) <= *std::min_element(cells.begin(), cells.end()));
  BOOST_TEST(risk.pyramid_per_km2().back() == *std::min_element(cells.begin(), cells.end()));
}

BOOST_AUTO_TEST_SUITE_END()
