#include "dispatch/core/eta.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

const UtcTime kNow = *parse_rfc3339("2026-11-21T10:00:00Z");

BOOST_AUTO_TEST_SUITE(eta)

BOOST_AUTO_TEST_CASE(quantiles_are_in_order_and_never_before_now) {
  std::mt19937_64 random(test::seed());
  std::uniform_real_distribution<double> mean_s(-5.0, 300.0);
  std::uniform_real_distribution<double> sd_s(0.0, 60.0);
  for (int run = 0; run < 1000; ++run) {
    std::vector<StageTime> stages(1 + run % 6);
    for (StageTime& stage : stages) stage = {.mean_s = mean_s(random), .sd_s = sd_s(random)};
    const EtaDistribution eta = eta_after(kNow, stages);
    BOOST_TEST(
        (kNow <= eta.p05 && eta.p05 <= eta.p10 && eta.p10 <= eta.eta && eta.eta <= eta.p90 && eta.p90 <= eta.p95));
  }
}

BOOST_AUTO_TEST_CASE(intervals_hold_what_they_say) {
  std::mt19937_64 random(test::seed());
  const std::vector<StageTime> stages{{.mean_s = 60, .sd_s = 4}, {.mean_s = 20, .sd_s = 6}, {.mean_s = 90, .sd_s = 3}};
  const EtaDistribution eta = eta_after(kNow, stages);
  int within_80 = 0;
  int within_90 = 0;
  constexpr int kRuns = 20'000;
  for (int run = 0; run < kRuns; ++run) {
    double took_s = 0.0;
    for (const StageTime& stage : stages) took_s += std::normal_distribution<double>(stage.mean_s, stage.sd_s)(random);
    const UtcTime at = after(kNow, took_s);
    within_80 += at >= eta.p10 && at <= eta.p90 ? 1 : 0;
    within_90 += at >= eta.p05 && at <= eta.p95 ? 1 : 0;
  }
  BOOST_TEST(within_80 / double{kRuns} == 0.80, boost::test_tools::tolerance(0.02));
  BOOST_TEST(within_90 / double{kRuns} == 0.90, boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(a_filter_learns_what_a_stage_takes) {
  std::mt19937_64 random(test::seed());
  StageFilter filter(60.0, 20.0);
  std::normal_distribution<double> took_s(12.0, 3.0);
  for (int i = 0; i < 300; ++i) filter.observe(took_s(random));
  BOOST_TEST(std::abs(filter.time().mean_s - 12.0) < 2.0);
  BOOST_TEST(filter.time().sd_s > 1.0);
  BOOST_TEST(filter.time().sd_s < 6.0);
}

BOOST_AUTO_TEST_CASE(an_overdue_stage_ends_soon_and_not_in_the_past) {
  const StageFilter filter(20.0, 5.0);
  BOOST_TEST(filter.remaining(5.0).mean_s == 15.0);
  BOOST_TEST(filter.remaining(200.0).mean_s > 0.0);
  BOOST_TEST(filter.remaining(200.0).mean_s < 10.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
