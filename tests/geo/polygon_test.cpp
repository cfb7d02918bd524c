#include "geo/polygon.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::Enu2;

namespace {

geo::MultiPolygon square_with_hole() {
  return {{{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {{{4, 4}, {6, 4}, {6, 6}, {4, 6}}}}};
}

/// A star-shaped polygon round `centre`, never self-crossing.
geo::MultiPolygon random_star(std::mt19937_64& rng, const Enu2& centre) {
  std::uniform_real_distribution<double> radius(2.0, 12.0);
  const int n = std::uniform_int_distribution<int>(3, 9)(rng);
  geo::Ring ring;
  for (int k = 0; k < n; ++k) {
    const double a = 2.0 * M_PI * k / n;
    ring.push_back(centre + radius(rng) * Enu2(std::cos(a), std::sin(a)));
  }
  return {{ring, {}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(polygon)

BOOST_AUTO_TEST_CASE(holes_are_not_footprint) {
  const auto shape = square_with_hole();
  BOOST_TEST(geo::contains(shape, Enu2(1, 1)));
  BOOST_TEST(!geo::contains(shape, Enu2(5, 5)));
  BOOST_TEST(geo::distance_m(shape, Enu2(5, 5)) == 1.0);
  BOOST_TEST(geo::distance_m(shape, Enu2(13, 14)) == 5.0);
  BOOST_TEST(geo::distance_m(shape, Enu2(3, 3)) == 0.0);
}

BOOST_AUTO_TEST_CASE(segment_that_passes_through_without_a_vertex_inside_touches) {
  const auto shape = square_with_hole();
  BOOST_TEST(geo::distance_m(shape, Enu2(-5, 1), Enu2(15, 1)) == 0.0);
  BOOST_TEST(geo::distance_m(shape, Enu2(4.5, 5), Enu2(5.5, 5)) == 0.5);
}

BOOST_AUTO_TEST_CASE(box_around_everything_touches) {
  const auto shape = square_with_hole();
  BOOST_TEST(geo::distance_m(shape, geo::Box2{{-5, -5}, {20, 20}}) == 0.0);
  BOOST_TEST(geo::distance_m(shape, geo::Box2{{4.5, 4.5}, {5.5, 5.5}}) == 0.5);
}

BOOST_AUTO_TEST_CASE(distances_agree_with_dense_sampling) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  std::uniform_real_distribution<double> place(-25.0, 25.0);
  for (int round = 0; round < 200; ++round) {
    const auto shape = random_star(rng, Enu2(place(rng), place(rng)) * 0.2);
    const Enu2 a(place(rng), place(rng));
    const Enu2 b(place(rng), place(rng));
    double sampled = 1e9;
    constexpr int kSamples = 400;
    for (int k = 0; k <= kSamples; ++k) {
      const Enu2 p = a + (b - a) * (static_cast<double>(k) / kSamples);
      sampled = std::min(sampled, geo::distance_m(shape, p));
    }
    const double exact = geo::distance_m(shape, a, b);
    BOOST_TEST_INFO("seed " << seed << " round " << round);
    BOOST_TEST(exact <= sampled + 1e-9);
    BOOST_TEST(sampled - exact <= (b - a).norm() / kSamples);
    const geo::Box2 box{a.cwiseMin(b), a.cwiseMax(b)};
    BOOST_TEST(geo::distance_m(shape, box) <= exact + 1e-9);
    const Enu2 corner(box.min.x(), box.max.y());
    BOOST_TEST(geo::distance_m(shape, box) <= geo::distance_m(shape, corner) + 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(a_point_on_a_shared_edge_lies_in_one_polygon_and_touches_both) {
  const geo::MultiPolygon west{{{{0, 0}, {4, 0}, {4, 8}, {0, 8}}, {}}};
  const geo::MultiPolygon east{{{{4, 0}, {8, 0}, {8, 8}, {4, 8}}, {}}};
  for (const double y : {0.0, 1.0, 2.5, 7.0}) {
    const geo::Enu2 p(4.0, y);
    BOOST_TEST(geo::contains(west, p) != geo::contains(east, p));
    BOOST_TEST(geo::distance_m(west, p) == 0.0);
    BOOST_TEST(geo::distance_m(east, p) == 0.0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
