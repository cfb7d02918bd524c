#include "dispatch/core/sparse_matching.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>
#include <random>
#include <set>

#include "tests/dispatch/dense_matching.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

std::int64_t total(const CostMatrix& m, const std::vector<int>& column_of) {
  std::int64_t sum = 0;
  std::set<int> taken;
  std::size_t paired = 0;
  for (std::size_t r = 0; r < m.rows; ++r) {
    if (column_of[r] < 0) continue;
    ++paired;
    BOOST_TEST(taken.insert(column_of[r]).second);
    sum += m.at(r, static_cast<std::size_t>(column_of[r]));
  }
  BOOST_TEST(paired == std::min(m.rows, m.columns));
  return sum;
}

std::int64_t by_trying_all(const CostMatrix& m) {
  const std::size_t most = std::max(m.rows, m.columns);
  std::vector<std::size_t> order(most);
  std::iota(order.begin(), order.end(), 0U);
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  do {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < std::min(m.rows, m.columns); ++k) {
      sum += m.rows <= m.columns ? m.at(k, order[k]) : m.at(order[k], k);
    }
    best = std::min(best, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

BOOST_AUTO_TEST_SUITE(matching)

BOOST_AUTO_TEST_CASE(no_pairing_of_small_matrices_is_cheaper) {
  std::mt19937_64 random(test::seed());
  for (int n = 0; n < 400; ++n) {
    CostMatrix m(1 + random() % 6, 1 + random() % 6);
    const bool ties = n % 3 == 0;
    for (auto& cost : m.costs) {
      cost =
          ties ? static_cast<std::int64_t>(random() % 3) : static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
    }
    BOOST_TEST(total(m, dense_matching(m)) == by_trying_all(m));
  }
}

BOOST_AUTO_TEST_CASE(no_exchange_of_two_betters_large_ones_and_constants_change_nothing) {
  std::mt19937_64 random(test::seed() + 1);
  for (int n = 0; n < 10; ++n) {
    CostMatrix m(60, 80);
    for (auto& cost : m.costs) cost = static_cast<std::int64_t>(random() % 1'000'000'000);
    const auto found = dense_matching(m);
    BOOST_TEST(found == dense_matching(m), boost::test_tools::per_element());
    const std::int64_t cost = total(m, found);
    for (std::size_t a = 0; a < m.rows; ++a) {
      for (std::size_t b = a + 1; b < m.rows; ++b) {
        auto swapped = found;
        std::swap(swapped[a], swapped[b]);
        std::int64_t other = 0;
        for (std::size_t r = 0; r < m.rows; ++r) other += m.at(r, static_cast<std::size_t>(swapped[r]));
        BOOST_REQUIRE(other >= cost);
      }
    }
    CostMatrix raised = m;
    for (std::size_t c = 0; c < m.columns; ++c) raised.at(7, c) += 123'456'789;
    BOOST_TEST(total(raised, dense_matching(raised)) == cost + 123'456'789);
  }
}

constexpr std::int64_t kForbidden = 1'000'000'000'000;

struct Answer {
  std::size_t paired = 0;
  std::int64_t cost = 0;
  std::size_t drawn = 0;
};

/// Of a matrix in which some pairs are forbidden, by the sparse search.
Answer sparse_answer(const CostMatrix& m) {
  std::vector<std::vector<MatchCandidate>> lists(m.rows);
  for (std::size_t r = 0; r < m.rows; ++r) {
    for (std::size_t c = 0; c < m.columns; ++c) {
      if (m.at(r, c) != kForbidden) lists[r].push_back({.column = c, .cost = m.at(r, c)});
    }
    std::stable_sort(lists[r].begin(), lists[r].end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
  }
  std::vector<std::size_t> drawn(m.rows);
  const SparseMatching found =
      sparse_matching(m.rows, m.columns, [&](std::size_t row) -> std::optional<MatchCandidate> {
        if (drawn[row] == lists[row].size()) return std::nullopt;
        return lists[row][drawn[row]++];
      });
  Answer answer;
  std::set<std::size_t> taken;
  for (std::size_t r = 0; r < m.rows; ++r) {
    answer.drawn += drawn[r];
    if (!found.column_of[r]) continue;
    BOOST_TEST(taken.insert(*found.column_of[r]).second);
    BOOST_TEST(m.at(r, *found.column_of[r]) != kForbidden);
    ++answer.paired;
    answer.cost += m.at(r, *found.column_of[r]);
  }
  return answer;
}

Answer dense_answer(const CostMatrix& m) {
  const std::vector<int> column_of = dense_matching(m);
  Answer answer;
  for (std::size_t r = 0; r < m.rows; ++r) {
    if (column_of[r] < 0 || m.at(r, static_cast<std::size_t>(column_of[r])) == kForbidden) continue;
    ++answer.paired;
    answer.cost += m.at(r, static_cast<std::size_t>(column_of[r]));
  }
  return answer;
}

BOOST_AUTO_TEST_CASE(the_sparse_search_finds_what_the_dense_one_finds) {
  std::mt19937_64 random(test::seed() + 2);
  for (int n = 0; n < 600; ++n) {
    CostMatrix m(1 + random() % 30, 1 + random() % 30);
    const std::uint64_t forbidden_percent = n % 4 * 30;
    const bool ties = n % 3 == 0;
    for (auto& cost : m.costs) {
      cost =
          ties ? static_cast<std::int64_t>(random() % 4) : static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
      if (random() % 100 < forbidden_percent) cost = kForbidden;
    }
    const Answer sparse = sparse_answer(m);
    const Answer dense = dense_answer(m);
    BOOST_TEST(sparse.paired == dense.paired);
    BOOST_TEST(sparse.cost == dense.cost);
  }
}

BOOST_AUTO_TEST_CASE(where_few_want_the_same_little_is_looked_at) {
  std::mt19937_64 random(test::seed() + 3);
  CostMatrix m(200, 500);
  for (auto& cost : m.costs) cost = static_cast<std::int64_t>(random() % 1'000'000);
  const Answer sparse = sparse_answer(m);
  BOOST_TEST(sparse.cost == dense_answer(m).cost);
  BOOST_TEST(sparse.drawn < m.rows * m.columns / 20);
}

BOOST_AUTO_TEST_CASE(nothing_to_pair_is_fine) {
  BOOST_TEST(sparse_answer(CostMatrix(0, 5)).paired == 0U);
  BOOST_TEST(sparse_answer(CostMatrix(2, 0)).paired == 0U);
  BOOST_TEST(dense_matching(CostMatrix(0, 5)).empty());
  BOOST_TEST(dense_matching(CostMatrix(2, 0)) == (std::vector<int>{-1, -1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
