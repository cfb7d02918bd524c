#pragma once

#include <array>
#include <deque>

namespace swiftlet::dispatch {

/// Quantiles of 5, 10, 50, 90 and 95 %, in that order.
using ForecastQuantiles = std::array<double, 5>;

/// By how much one kind of forecast has missed, in units of the spread that its model claims, and what intervals follow
/// from that: adaptive conformal prediction. The quantiles are those of the last errors, taken at levels that rise
/// while too little falls below them and sink while too much does, so that in the long run each holds what it says,
/// whatever the errors are like. Before anything is learned they are those of a normal error that is nearly twice as
/// wide as claimed; that guess is outvoted by the first hundred errors.
///
/// Source: Gibbs and Candès, Adaptive conformal inference under distribution shift (2021); Angelopoulos, Candès and
/// Tibshirani, Conformal PID control for time series prediction (2023).
class ForecastErrors {
 public:
  ForecastErrors();

  /// What happened minus what was expected, over the claimed spread.
  void observe(double error);
  [[nodiscard]] const ForecastQuantiles& quantiles() const { return quantiles_; }
  [[nodiscard]] const std::deque<double>& window() const { return window_; }
  [[nodiscard]] const ForecastQuantiles& levels() const { return levels_; }

 private:
  void draw_quantiles();

  std::deque<double> window_;  ///< the last errors, oldest first
  ForecastQuantiles levels_;
  ForecastQuantiles quantiles_;
};

}  // namespace swiftlet::dispatch
