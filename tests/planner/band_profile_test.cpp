#include "planner/band_profile.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "tests/scenarios/drawn_airspace.hpp"
#include "tests/scenarios/flown.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
namespace planner = swiftlet::planner;
using planner::BandInterval;
using planner::GroundLeg;
using planner::ProfilePoint;

namespace {

GroundLeg corridor(std::vector<BandInterval> intervals) {
  double length = 0.0;
  for (const auto& i : intervals) length += i.length_m;
  return {.from = {0, 0}, .to = {length, 0}, .intervals = std::move(intervals), .speed_m_s = 10.0};
}

double length_of(const std::vector<ProfilePoint>& line) {
  double sum = 0.0;
  for (std::size_t k = 0; k + 1 < line.size(); ++k)
    sum += std::hypot(line[k + 1].s_m - line[k].s_m, line[k + 1].z_msl_m - line[k].z_msl_m);
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(band_profile)

BOOST_AUTO_TEST_CASE(over_a_step_the_string_touches_its_edges) {
  const GroundLeg leg = corridor({{100, 0, 200}, {20, 50, 200}, {100, 0, 200}});
  const GroundLeg* one[] = {&leg};
  const auto line = planner::taut_profile(one, 10, 10, 0.0);
  BOOST_REQUIRE(line.has_value());
  BOOST_REQUIRE_EQUAL(line->size(), 4);
  BOOST_TEST((*line)[1].s_m == 100);
  BOOST_TEST((*line)[2].s_m == 120);
  BOOST_TEST((*line)[1].z_msl_m == 50 + planner::kProfileMargin_m, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(planner::profile_fits(one, *line));
}

BOOST_AUTO_TEST_CASE(a_corridor_that_does_not_overlap_is_closed) {
  const GroundLeg leg = corridor({{10, 0, 20}, {10, 20.001, 60}});
  const GroundLeg* one[] = {&leg};
  BOOST_TEST(!planner::taut_profile(one, 10, 30, 0.0).has_value());
  const GroundLeg closed = corridor({});
  const GroundLeg* shut[] = {&closed};
  BOOST_TEST(!planner::taut_profile(shut, 10, 30, 0.0).has_value());
}

// Cells touched in a corner only have no length: they were taken together for ever, where single they leave no opening.
BOOST_AUTO_TEST_CASE(a_closed_corner_between_two_cells_ends_the_search_for_an_opening) {
  const GroundLeg leg =
      corridor({{5, 0, 20}, {0, 0, 12}, {0, 5, 20}, {5, 15, 30}, {0, 15, 18}, {0, 21, 30}, {5, 15, 30}});
  const GroundLeg* one[] = {&leg};
  BOOST_TEST(!planner::taut_profile(one, 5, 25, 24.0).has_value());
}

BOOST_AUTO_TEST_CASE(random_corridors_are_kept_and_no_line_through_them_is_shorter) {
  std::mt19937_64 rng(swiftlet::test::seed());
  std::uniform_real_distribution<double> number(0.0, 1.0);
  int open = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<BandInterval> intervals;
    double level = 50.0;
    for (int k = 0; k < 30; ++k) {
      level += 20.0 * (number(rng) - 0.5);
      const double room = 2.0 + 30.0 * number(rng);
      intervals.push_back({k % 7 == 3 ? 0.0 : 5.0 * number(rng), level - room, level + room});
    }
    intervals.front().length_m = intervals.back().length_m = 3.0;
    const double z0 = intervals.front().floor_msl_m + 1.0;
    const double z1 = intervals.back().ceiling_msl_m - 1.0;
    const GroundLeg leg = corridor(intervals);
    const GroundLeg* one[] = {&leg};
    const auto taut = planner::taut_profile(one, z0, z1, 0.0);
    const auto gentle = planner::taut_profile(one, z0, z1, 24.0);
    BOOST_REQUIRE_EQUAL(taut.has_value(), gentle.has_value());
    if (!taut) continue;
    ++open;
    BOOST_TEST(planner::profile_fits(one, *taut));
    BOOST_TEST(planner::profile_fits(one, *gentle));
    BOOST_TEST(length_of(*taut) <= length_of(*gentle) + 1e-6);
    // Any line through random points of the openings is at least as long.
    for (int tries = 0; tries < 20; ++tries) {
      std::vector<ProfilePoint> other{{0.0, z0}};
      double s = 0.0;
      for (std::size_t k = 0; k + 1 < intervals.size(); ++k) {
        s += intervals[k].length_m;
        const double lo = std::max(intervals[k].floor_msl_m, intervals[k + 1].floor_msl_m) + planner::kProfileMargin_m;
        const double hi =
            std::min(intervals[k].ceiling_msl_m, intervals[k + 1].ceiling_msl_m) - planner::kProfileMargin_m;
        other.push_back({s, lo + number(rng) * (hi - lo)});
      }
      other.push_back({s + intervals.back().length_m, z1});
      BOOST_TEST(length_of(*taut) <= length_of(other) + 1e-6);
    }
  }
  BOOST_TEST(open > 20);
}

BOOST_AUTO_TEST_CASE(a_leg_lists_every_cell_that_it_touches) {
  const auto world = swiftlet::test::draw("...............\n.A...........B.\n...............");
  const geo::AirspaceView view(
      world.airspace,
      {.policy = {}, .from = swiftlet::test::kMondayNoon, .to = swiftlet::test::kMondayNoon, .authorisations = {}});
  const planner::FlightLimits limits(swiftlet::test::courier(), {});
  std::mt19937_64 rng(swiftlet::test::seed());
  std::uniform_real_distribution<double> x(0, 290);
  std::uniform_real_distribution<double> y(0, 50);
  for (int k = 0; k < 500; ++k) {
    // Every third one between nodes of the grid, where it runs through corners or along lines.
    geo::Enu2 a(x(rng), y(rng));
    geo::Enu2 b(x(rng), y(rng));
    if (k % 3 == 0) {
      const auto on_node = [&](const geo::Enu2& p) {
        const geo::Enu2 cell = (p - view.grid().origin) / view.grid().cell_m;
        return view.grid().node(static_cast<int>(cell.x()), static_cast<int>(cell.y()));
      };
      a = on_node(a);
      b = on_node(b);
    }
    const GroundLeg there = planner::make_leg(view, limits, a, b);
    const GroundLeg back = planner::make_leg(view, limits, b, a);
    BOOST_TEST_INFO(k << ": " << a.transpose() << " to " << b.transpose());
    BOOST_REQUIRE((there.open() && back.open()));
    double sum = 0.0;
    for (const auto& i : there.intervals) sum += i.length_m;
    BOOST_TEST(sum == (b - a).norm(), boost::test_tools::tolerance(1e-9));
    const geo::Enu2 cells = (b - a) / view.grid().cell_m;
    BOOST_TEST(static_cast<double>(there.intervals.size()) >= std::max(std::abs(cells.x()), std::abs(cells.y())));
  }
}

BOOST_AUTO_TEST_SUITE_END()
