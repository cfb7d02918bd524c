#include <fmt/core.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "tests/maps/referee/judged_world.hpp"
#include "tests/seed.hpp"

using namespace swiftlet;
using test::Box3;
using test::Place;

namespace {

constexpr double kGround_m = 10.0;
/// A kilometre straight in longitude and latitude bows by up to 7 mm against the straight line that is sampled.
constexpr double kSlack_m = 0.008;

double distance_m(const Box3& box, double x, double y) {
  return std::hypot(std::max({box.x0_m - x, x - box.x1_m, 0.0}), std::max({box.y0_m - y, y - box.y1_m, 0.0}));
}

/// What a dense sampling of the path sees.
struct Sampled {
  bool broken = false;
  double lateral_m = std::numeric_limits<double>::infinity();
  double vertical_m = std::numeric_limits<double>::infinity();
};

Sampled sample(const std::vector<Box3>& boxes, const std::vector<Place>& path, const geo::Policy& policy) {
  Sampled seen;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    for (int k = 0; k <= 2000; ++k) {
      const double s = k / 2000.0;
      const double x = path[i].x_m + s * (path[i + 1].x_m - path[i].x_m);
      const double y = path[i].y_m + s * (path[i + 1].y_m - path[i].y_m);
      const double z = path[i].alt_m + s * (path[i + 1].alt_m - path[i].alt_m);
      for (const Box3& box : boxes) {
        const double lateral = distance_m(box, x, y);
        const double over = z - (kGround_m + box.height_m);
        if (over < policy.vertical_clearance_m - 0.01) seen.lateral_m = std::min(seen.lateral_m, lateral);
        if (lateral < policy.lateral_clearance_m - 0.01) seen.vertical_m = std::min(seen.vertical_m, over);
        seen.broken = seen.broken || (over < policy.vertical_clearance_m - 0.01 - kSlack_m &&
                                      lateral < policy.lateral_clearance_m - 0.01 - kSlack_m);
      }
    }
  }
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(referee_random_boxes)

BOOST_AUTO_TEST_CASE(whatever_sampling_sees_the_referee_sees_and_it_measures_no_more_than_sampling_does) {
  std::mt19937_64 random(test::seed());
  const auto uniform = [&](double lo, double hi) { return std::uniform_real_distribution<double>(lo, hi)(random); };
  int broken = 0;
  int kept = 0;
  for (int w = 0; w < 4; ++w) {
    std::vector<Box3> boxes;
    for (int n = 0; n < 25; ++n) {
      const double x = uniform(100, 850);
      const double y = uniform(100, 850);
      boxes.push_back({x, y, x + uniform(2, 60), y + uniform(2, 60), uniform(5, 90)});
    }
    const test::JudgedWorld world({.boxes = boxes});
    for (int n = 0; n < 60; ++n) {
      std::vector<Place> path;
      for (int k = 0; k < 3; ++k) path.push_back({uniform(50, 950), uniform(50, 950), kGround_m + uniform(31, 119)});
      auto route = world.route(path);
      route.policy.lateral_clearance_m = uniform(0.5, 20);
      route.policy.vertical_clearance_m = uniform(0.5, 20);
      const geo::RefereeReport report = world.judge(route);
      const Sampled seen = sample(boxes, path, route.policy);
      const bool refused = std::any_of(report.violations.begin(), report.violations.end(),
                                       [](const auto& v) { return v.rule == "lateral_clearance"; });
      BOOST_TEST_CONTEXT(fmt::format("world {} path {}: {}", w, n, test::broken(report))) {
        // An end of the path that breaks a clearance is no airborne start but a deck, and may lie in the cylinder.
        if (seen.broken) BOOST_TEST(!report.ok());
        if (refused) {
          ++broken;
          continue;
        }
        if (!report.ok()) continue;
        ++kept;
        // Sampling misses at most the way between two samples (0.64 m); the referee misses nothing.
        const double none = std::numeric_limits<double>::infinity();
        const double lateral = report.min_lateral_clearance_m.value_or(none);
        BOOST_TEST(lateral <= seen.lateral_m + kSlack_m);
        if (seen.lateral_m < none) BOOST_TEST(lateral >= seen.lateral_m - 0.7);
        const double vertical = report.min_vertical_clearance_m.value_or(none);
        BOOST_TEST(vertical <= seen.vertical_m + kSlack_m);
        if (seen.vertical_m < none) BOOST_TEST(vertical >= seen.vertical_m - 0.2);
      }
    }
  }
  // Both ways must have been tried often.
  BOOST_TEST(broken > 20);
  BOOST_TEST(kept > 20);
}

BOOST_AUTO_TEST_SUITE_END()
