#pragma once

#include <span>

#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// What is known of how long one stage of a delivery still takes.
struct StageTime {
  double mean_s = 0.0;
  double sd_s = 0.0;
};

/// The distribution of an instant: median and the bounds of the 80 % and 90 % intervals.
/// Invariant: p05 ≤ p10 ≤ eta ≤ p90 ≤ p95.
struct EtaDistribution {
  UtcTime eta = {};
  UtcTime p05 = {};
  UtcTime p10 = {};
  UtcTime p90 = {};
  UtcTime p95 = {};
  friend bool operator==(const EtaDistribution&, const EtaDistribution&) = default;
};

/// Stages that follow each other: taken as independent, so their variances add.
[[nodiscard]] StageTime sum_of(std::span<const StageTime> stages);

/// What a drone that is there `slack_s` after the instant that was said (negative: before it) still waits for something
/// that comes so much later or earlier than said: max(lateness − slack, 0), of a normal lateness.
[[nodiscard]] StageTime waiting_for(StageTime lateness, double slack_s);

/// Running mean and spread of a stage's observed times, beginning with a prior;
/// old observations fade.
class StageFilter {
 public:
  StageFilter(double prior_mean_s, double prior_sd_s);
  void observe(double seconds);
  [[nodiscard]] StageTime time() const;
  /// What is left of a stage that has run for `elapsed_s`: an overdue stage is expected to end soon, not in the past.
  [[nodiscard]] StageTime remaining(double elapsed_s) const;
  [[nodiscard]] int observed() const { return observed_; }

 private:
  double mean_s_;
  double variance_s2_;
  int observed_ = 0;
};

}  // namespace swiftlet::dispatch
