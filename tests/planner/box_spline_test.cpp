#include "planner/box_spline.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/seed.hpp"

using swiftlet::planner::Gate;
using swiftlet::planner::least_curvature;

namespace {

double uniform(std::mt19937_64& random, double lo, double hi) {
  return lo + (hi - lo) * static_cast<double>(random() >> 11) * 0x1.0p-53;
}

std::vector<Gate> random_gates(std::mt19937_64& random, std::size_t count) {
  std::vector<Gate> gates;
  double s = 0.0;
  double middle = 100.0;
  for (std::size_t k = 0; k < count; ++k) {
    const double half = uniform(random, 0.05, 5.0);
    gates.push_back({s, middle - half, middle + half});
    s += random() % 5 == 0 ? uniform(random, 0.01, 0.5) : uniform(random, 0.5, 12.0);
    middle += uniform(random, -2.0, 2.0);
  }
  gates.front() = {gates.front().s_m, 100.0, 100.0};
  gates.back().lo = gates.back().hi = middle;
  return gates;
}

/// What least_curvature makes small, up to a constant: curvature, and slope with a tension of 20 m.
double cost(const std::vector<Gate>& gates, const std::vector<double>& z) {
  const auto length = [&](std::size_t k) { return std::max(0.1, gates[k + 1].s_m - gates[k].s_m); };
  double sum = 0.0;
  for (std::size_t k = 0; k + 1 < z.size(); ++k) {
    sum += (z[k + 1] - z[k]) * (z[k + 1] - z[k]) / length(k) / 400.0;
    if (k == 0) continue;
    const double share = 0.5 * (length(k - 1) + length(k));
    const double c = ((z[k + 1] - z[k]) / length(k) - (z[k] - z[k - 1]) / length(k - 1)) / share;
    sum += c * c * share;
  }
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(box_spline)

BOOST_AUTO_TEST_CASE(heights_lie_in_their_gates_and_no_neighbour_is_better) {
  std::mt19937_64 random(swiftlet::test::seed());
  for (int world = 0; world < 60; ++world) {
    const auto gates = random_gates(random, 3 + random() % 200);
    const auto z = least_curvature(gates, 0.0036);
    BOOST_REQUIRE_EQUAL(z.size(), gates.size());
    for (std::size_t k = 0; k < gates.size(); ++k) {
      BOOST_TEST(z[k] >= gates[k].lo - 1e-4);
      BOOST_TEST(z[k] <= gates[k].hi + 1e-4);
    }
    const double best = cost(gates, z);
    for (int trial = 0; trial < 200; ++trial) {
      auto other = z;
      const std::size_t k = 1 + random() % (z.size() - 2);
      other[k] = std::clamp(other[k] + uniform(random, -0.5, 0.5), gates[k].lo, gates[k].hi);
      BOOST_TEST(cost(gates, other) >= best * (1.0 - 1e-3) - 1e-6);
    }
  }
}

BOOST_AUTO_TEST_CASE(gates_nearly_on_one_another_are_passed_without_a_step) {
  // A hillside in steps of cells that the track cuts near a corner.
  std::vector<Gate> gates{{0.0, 301.0, 301.0}};
  for (int k = 1; k < 20; ++k) {
    const double s = 5.4 * k;
    const double floor = 298.0 - 2.4 * k;
    gates.push_back({s, floor + 0.2, floor + 3.1});
    gates.push_back({s + 0.06, floor, floor + 1.6});
  }
  gates.push_back({5.4 * 20, 252.0, 252.0});
  const auto z = least_curvature(gates, 0.0036);
  for (std::size_t k = 0; k + 1 < gates.size(); ++k) {
    const double run = gates[k + 1].s_m - gates[k].s_m;
    if (run < 1.0) BOOST_TEST(std::abs(z[k + 1] - z[k]) < 2.0 * run);
  }
}

BOOST_AUTO_TEST_CASE(a_straight_line_stays_one) {
  std::vector<Gate> gates;
  for (int k = 0; k <= 100; ++k) gates.push_back({8.0 * k, 90.0, 130.0});
  gates.front().lo = gates.front().hi = 100.0;
  gates.back().lo = gates.back().hi = 120.0;
  const auto z = least_curvature(gates, 0.0036);
  for (std::size_t k = 0; k < z.size(); ++k) BOOST_TEST(std::abs(z[k] - (100.0 + 0.2 * static_cast<double>(k))) < 0.05);
}

BOOST_AUTO_TEST_SUITE_END()
