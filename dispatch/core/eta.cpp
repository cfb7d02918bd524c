#include "dispatch/core/eta.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace swiftlet::dispatch {
namespace {

// The prior weighs like this many observations; later the last twenty count for two thirds.
constexpr double kPriorWeight = 4.0;
constexpr double kFading = 0.05;

// An overdue stage goes on for about this long: what a person or a sensor needs to notice.
constexpr double kOverdue_s = 2.0;

}  // namespace

StageTime sum_of(std::span<const StageTime> stages) {
  StageTime sum;
  double variance_s2 = 0.0;
  for (const StageTime& stage : stages) {
    sum.mean_s += std::max(stage.mean_s, 0.0);
    variance_s2 += stage.sd_s * stage.sd_s;
  }
  sum.sd_s = std::sqrt(variance_s2);
  return sum;
}

StageTime waiting_for(StageTime lateness, double slack_s) {
  const double ahead_s = lateness.mean_s - slack_s;
  if (!(lateness.sd_s > 0.0)) return {.mean_s = std::max(ahead_s, 0.0), .sd_s = 0.0};
  const double z = ahead_s / lateness.sd_s;
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
  const double share = 0.5 * std::erfc(-z / std::numbers::sqrt2);  // of those who wait at all
  const double mean_s = ahead_s * share + lateness.sd_s * density;
  const double square_s2 =
      (ahead_s * ahead_s + lateness.sd_s * lateness.sd_s) * share + ahead_s * lateness.sd_s * density;
  return {.mean_s = std::max(mean_s, 0.0), .sd_s = std::sqrt(std::max(square_s2 - mean_s * mean_s, 0.0))};
}

StageFilter::StageFilter(double prior_mean_s, double prior_sd_s)
    : mean_s_(prior_mean_s), variance_s2_(prior_sd_s * prior_sd_s) {}

void StageFilter::observe(double seconds) {
  ++observed_;
  const double gain = std::max(kFading, 1.0 / (observed_ + kPriorWeight));
  const double innovation = seconds - mean_s_;
  mean_s_ += gain * innovation;
  variance_s2_ = (1.0 - gain) * (variance_s2_ + gain * innovation * innovation);
}

StageTime StageFilter::time() const { return {.mean_s = mean_s_, .sd_s = std::sqrt(variance_s2_)}; }

StageTime StageFilter::remaining(double elapsed_s) const {
  const double left_s = mean_s_ - elapsed_s;
  return {.mean_s = std::max(left_s, kOverdue_s), .sd_s = std::sqrt(variance_s2_)};
}

}  // namespace swiftlet::dispatch
