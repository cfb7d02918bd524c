#include "geo/disjoint_sets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>
#include <random>
#include <vector>

#include "tests/seed.hpp"

using swiftlet::geo::DisjointSets;

BOOST_AUTO_TEST_SUITE(disjoint_sets)

BOOST_AUTO_TEST_CASE(every_number_stands_alone_at_first) {
  const auto roots = DisjointSets(3).roots();
  BOOST_TEST(roots == (std::vector<std::uint32_t>{0, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(joined_sets_are_those_of_painting_one_in_the_colour_of_the_other) {
  std::mt19937_64 rng(swiftlet::test::seed());
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t count = 1 + static_cast<std::uint32_t>(rng() % 60);
    DisjointSets sets(count);
    std::vector<std::uint32_t> colour(count);
    std::iota(colour.begin(), colour.end(), 0U);
    for (std::uint64_t k = rng() % count; k > 0; --k) {
      const auto a = static_cast<std::uint32_t>(rng() % count);
      const auto b = static_cast<std::uint32_t>(rng() % count);
      sets.join(a, b);
      // The lesser colour stays, so that each set has that of its least number.
      const auto [kept, gone] = std::minmax({colour[a], colour[b]});
      for (std::uint32_t& c : colour) c = c == gone ? kept : c;
      BOOST_TEST(sets.root(a) == sets.root(b));
    }
    BOOST_TEST(std::move(sets).roots() == colour, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()
