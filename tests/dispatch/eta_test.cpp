#include "dispatch/core/learned.hpp"

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
    const StageTime sum = sum_of(stages);
    const Learned nothing;
    const EtaDistribution eta = nothing.interval({.eta = after(kNow, sum.mean_s), .spread_s = sum.sd_s}, kNow);
    BOOST_TEST(
        (kNow <= eta.p05 && eta.p05 <= eta.p10 && eta.p10 <= eta.eta && eta.eta <= eta.p90 && eta.p90 <= eta.p95));
  }
}

BOOST_AUTO_TEST_CASE(before_anything_is_learned_intervals_are_wide) {
  std::mt19937_64 random(test::seed());
  const std::vector<StageTime> stages{{.mean_s = 60, .sd_s = 4}, {.mean_s = 20, .sd_s = 6}, {.mean_s = 90, .sd_s = 3}};
  const StageTime sum = sum_of(stages);
  const EtaDistribution eta = Learned{}.interval({.eta = after(kNow, sum.mean_s), .spread_s = sum.sd_s}, kNow);
  int within_90 = 0;
  constexpr int kRuns = 20'000;
  for (int run = 0; run < kRuns; ++run) {
    double took_s = 0.0;
    for (const StageTime& stage : stages) took_s += std::normal_distribution<double>(stage.mean_s, stage.sd_s)(random);
    const UtcTime at = after(kNow, took_s);
    within_90 += at >= eta.p05 && at <= eta.p95 ? 1 : 0;
  }
  BOOST_TEST(within_90 / double{kRuns} > 0.97);
  BOOST_TEST(within_90 / double{kRuns} < 1.0);
}

struct Coverage {
  double below_05 = 0.0;
  double above_95 = 0.0;
  double within_80 = 0.0;
};

/// Of what a stream of errors does to intervals that are learned as it goes.
template <class Draw>
Coverage coverage(Draw draw, int count, int begin) {
  ForecastErrors errors;
  Coverage share;
  for (int i = 0; i < count; ++i) {
    const double error = draw(i);
    const ForecastQuantiles q = errors.quantiles();
    if (i >= begin) {
      const double one = 1.0 / (count - begin);
      share.below_05 += error < q[0] ? one : 0.0;
      share.above_95 += error > q[4] ? one : 0.0;
      share.within_80 += error >= q[1] && error <= q[3] ? one : 0.0;
    }
    errors.observe(error);
  }
  return share;
}

BOOST_AUTO_TEST_CASE(intervals_hold_what_they_say_whatever_the_errors_are_like) {
  std::mt19937_64 random(test::seed());
  std::normal_distribution<double> normal(0.0, 1.0);
  std::exponential_distribution<double> waiting(0.5);
  const auto kitchens = [&](int) { return std::max(0.0, 3.0 * normal(random)) + 0.2 * normal(random); };
  const auto biased = [&](int) { return 4.0 + 0.3 * normal(random); };
  const auto skewed = [&](int) { return waiting(random) - 5.0; };
  for (const auto& share : {coverage(kitchens, 6000, 200), coverage(biased, 6000, 200), coverage(skewed, 6000, 200)}) {
    BOOST_TEST(share.below_05 + share.above_95 > 0.08);
    BOOST_TEST(share.below_05 + share.above_95 < 0.12);
    BOOST_TEST(share.within_80 > 0.77);
    BOOST_TEST(share.within_80 < 0.83);
  }
}

BOOST_AUTO_TEST_CASE(a_change_of_the_weather_is_learned) {
  std::mt19937_64 random(test::seed());
  std::normal_distribution<double> normal(0.0, 1.0);
  const auto steps = [&](int i) { return i < 1500 ? normal(random) : 2.0 + 2.5 * normal(random); };
  const Coverage after_step = coverage(steps, 4000, 1800);
  BOOST_TEST(after_step.below_05 + after_step.above_95 < 0.12);
  const Coverage through_it = coverage(steps, 4000, 200);
  BOOST_TEST(through_it.below_05 + through_it.above_95 < 0.13);
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
