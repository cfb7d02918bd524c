#include "geo/nearest_obstacle.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "tests/geo/hilly_town.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::Enu2;
using geo::Enu3;

BOOST_AUTO_TEST_SUITE(nearest_obstacle)

BOOST_AUTO_TEST_CASE(it_is_the_one_that_asking_all_of_them_finds) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = swiftlet::test::hilly_town(rng, 30);
  std::vector<geo::Obstacle> raised(town->obstacles.begin(), town->obstacles.end());
  for (std::size_t k = 0; k < raised.size(); k += 3) raised[k].base_msl_m = raised[k].top_msl_m - 4.0;
  town->obstacles = geo::Obstacles(std::move(raised));
  const geo::AirspaceView view(town, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
  std::uniform_real_distribution<double> place(-400, 400);
  std::uniform_real_distribution<double> altitude(0, 900);
  for (int round = 0; round < 3000; ++round) {
    const Enu3 p(place(rng), place(rng), altitude(rng));
    double least = std::numeric_limits<double>::infinity();
    for (const geo::Obstacle& o : town->obstacles) {
      double gap = std::max(0.0, p.z() - o.top_msl_m);
      if (o.base_msl_m) gap = std::max(gap, *o.base_msl_m - p.z());
      least = std::min(least, std::hypot(geo::distance_m(o.footprint, Enu2(p.x(), p.y())), gap));
    }
    const auto found = geo::nearest_obstacle(view, p);
    BOOST_REQUIRE(found.has_value());
    if (std::abs(found->distance_m - least) > 1e-9) BOOST_ERROR("seed " << seed << " round " << round);
  }
}

BOOST_AUTO_TEST_CASE(where_nothing_stands_nothing_is_near) {
  std::mt19937_64 rng(1);
  const auto town = swiftlet::test::hilly_town(rng, 0);
  const geo::AirspaceView view(town, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
  BOOST_TEST(!geo::nearest_obstacle(view, {0, 0, 150}).has_value());
  const auto one = swiftlet::test::hilly_town(rng, 1);
  const geo::AirspaceView other(one, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
  BOOST_TEST(geo::nearest_obstacle(other, {1e7, 0, 150}).has_value());
  BOOST_TEST(!geo::nearest_obstacle(other, {std::nan(""), 0, 150}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
