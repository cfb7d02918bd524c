#include "sim/route/route_study.hpp"

#include <boost/test/unit_test.hpp>

#include "planner/planner.hpp"
#include "sim/motion/random_stream.hpp"
#include "sim/route/statistics.hpp"
#include "sim/route/study_verdict.hpp"
#include "tests/scenarios/dense_referee.hpp"
#include "tests/scenarios/drawn_airspace.hpp"
#include "tests/seed.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

/// A street between towers that the straight line would hit.
constexpr std::string_view kTown = R"(
....................
.A..9...8....##.....
....9...8....##.....
....9........##..B..
........8...........
....................
)";

struct World {
  test::Drawing drawing = test::draw(kTown);
  planner::VehicleProfile vehicle = testing::sample_vehicle();
  planner::Route route;

  World() {
    const planner::Planner planner(drawing.airspace, std::make_shared<test::DenseReferee>(drawing.airspace));
    route = planner.plan({.id = "study",
                          .from = planner::PadRef{"A"},
                          .to = planner::PadRef{"B"},
                          .depart = UtcTime{},
                          .payload_kg = 0.0,
                          .battery_wh = {},
                          .wind = geo::Wind{},
                          .policy = drawing.airspace->policy,
                          .authorisations = {}},
                         vehicle);
    BOOST_REQUIRE(route.status == planner::RouteStatus::ok);
  }
};

const World& world() {
  static const World made;
  return made;
}

std::vector<RunResult> study(const StudyConditions& conditions, unsigned threads = 1, std::size_t runs = 64) {
  return study_route(*world().drawing.airspace, world().route, world().vehicle,
                     {.runs = runs, .seed = 5, .threads = threads, .conditions = conditions});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(route_study)

BOOST_AUTO_TEST_CASE(the_probe_finds_the_least_clearance_that_asking_every_obstacle_finds) {
  const geo::Airspace& airspace = *world().drawing.airspace;
  const FlightPath path(world().route, airspace.frame);
  const ClearanceProbe probe(airspace, world().route.policy, path);
  RandomStream random(test::seed());
  for (int round = 0; round < 20; ++round) {
    ClearanceProbe::Least least;
    double margin = least.margin_m;
    double distance = least.distance_m;
    for (double t = 0.0; t < path.duration_s(); t += 0.1) {
      const geo::Enu3 wanted = path.at(t).p_enu;
      const geo::Enu3 p = wanted + geo::Enu3(random.normal(), random.normal(), random.normal()) * (0.2 * round);
      probe.observe(t, wanted, p, least);
      if (probe.in_terminal(wanted.head<2>())) continue;
      for (const geo::Obstacle& o : airspace.obstacles) {
        const double across = geo::distance_m(o.footprint, p.head<2>());
        const double above = p.z() - o.top_msl_m;
        const geo::Policy& policy = world().route.policy;
        margin = std::min(margin, std::max(across - policy.lateral_clearance_m, above - policy.vertical_clearance_m));
        distance = std::min(distance, std::hypot(across, std::max(above, 0.0)));
      }
    }
    BOOST_TEST(std::abs(least.margin_m - margin) < 1e-9);
    BOOST_TEST(std::abs(least.distance_m - distance) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(in_fair_weather_all_land_on_time_with_their_clearance) {
  const auto runs = study({.forecast = {.speed_m_s = 3.0, .from_deg = 40.0}}, 2);
  const StudySummary s = sum_up(world().route, world().vehicle, runs, usual_criteria());
  BOOST_TEST(s.runs == 64U);
  BOOST_TEST(s.failed == 0U);
  BOOST_TEST(s.reserve_used == 0U);
  BOOST_TEST(std::abs(s.time_error_s.mean) < 3.0);
  BOOST_TEST(s.distance_m.least > world().route.policy.lateral_clearance_m - 3.0);
  BOOST_TEST(s.margin_m.most <= *world().route.certificate.min_lateral_clearance_m + 3.0);
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_changes_no_bit) {
  const StudyConditions conditions{.forecast = {.speed_m_s = 6.0, .from_deg = 200.0}};
  const auto one = study(conditions, 1, 100);
  const auto four = study(conditions, 4, 100);
  for (std::size_t k = 0; k < one.size(); ++k) {
    BOOST_CHECK(one[k].draw == four[k].draw);
    BOOST_TEST(one[k].time_s == four[k].time_s);
    BOOST_TEST(one[k].energy_wh == four[k].energy_wh);
    BOOST_TEST(one[k].clearance.margin_m == four[k].clearance.margin_m);
  }
}

BOOST_AUTO_TEST_CASE(what_fails_says_why) {
  const auto storm = study({.forecast = {.speed_m_s = 45.0, .from_deg = 270.0 + 180.0}}, 1, 8);
  for (const RunResult& run : storm)
    BOOST_CHECK(run.end == RunEnd::never_arrived || run.end == RunEnd::battery_cut_off);
  planner::VehicleProfile weak = world().vehicle;
  weak.battery_wh = 0.3 * world().route.energy_wh;
  const auto flat =
      study_route(*world().drawing.airspace, world().route, weak, {.runs = 8, .seed = 1, .conditions = {}});
  const StudySummary s = sum_up(world().route, weak, flat, usual_criteria());
  BOOST_TEST(s.failed == 8U);
  BOOST_CHECK(s.failures.front().first == RunEnd::battery_cut_off);
  BOOST_TEST(!s.good());
}

BOOST_AUTO_TEST_CASE(a_comparison_of_a_route_with_itself_is_nought_without_spread) {
  const auto runs = study({.forecast = {.speed_m_s = 5.0, .from_deg = 90.0}});
  const PairedDifference d = compare(runs, runs);
  BOOST_TEST(d.pairs == runs.size());
  BOOST_TEST(d.time_mean_s == 0.0);
  BOOST_TEST(d.time_half_width_s == 0.0);
}

BOOST_AUTO_TEST_CASE(a_stopped_study_keeps_what_is_done) {
  std::atomic<bool> stop{false};
  const auto runs =
      study_route(*world().drawing.airspace, world().route, world().vehicle,
                  {.runs = 400, .seed = 1, .conditions = {}, .stop = &stop, .progress = [&](std::size_t done) {
                     stop = done >= 64;
                   }});
  const StudySummary s = sum_up(world().route, world().vehicle, runs, usual_criteria());
  BOOST_TEST(s.runs >= 64U);
  BOOST_TEST(s.runs < 400U);
}

BOOST_AUTO_TEST_CASE(an_unknown_criterion_is_refused_with_the_nearest_one) {
  auto criteria = usual_criteria();
  const auto refused = set_criterion(criteria, "failed_shares", 0.1);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message.find("did you mean failed_share?") != std::string::npos);
  BOOST_CHECK(set_criterion(criteria, "failed_share", 0.5));
  BOOST_TEST(criteria.front().limit == 0.5);
}

BOOST_AUTO_TEST_CASE(first_order_indices_of_a_known_function) {
  // y = 3 a + b², a and b even in [−1, 1]: variances 3 and 4/45; c has no part in it.
  RandomStream random(11);
  std::vector<double> a, b, c, y;
  for (int k = 0; k < 20'000; ++k) {
    a.push_back(random.uniform(-1.0, 1.0));
    b.push_back(random.uniform(-1.0, 1.0));
    c.push_back(random.uniform(-1.0, 1.0));
    y.push_back(3.0 * a.back() + b.back() * b.back());
  }
  const double total = 3.0 + 4.0 / 45.0;
  BOOST_TEST(std::abs(first_order_index(a, y) - 3.0 / total) < 0.01);
  BOOST_TEST(std::abs(first_order_index(b, y) - 4.0 / 45.0 / total) < 0.01);
  BOOST_TEST(first_order_index(c, y) < 0.01);
  BOOST_TEST(std::abs(slope(a, y) - 3.0) < 0.05);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
