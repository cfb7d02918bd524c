#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace swiftlet::sim {

/// A sample, summed up. Quantiles by nearest rank.
struct Distribution {
  std::size_t count = 0;
  double mean = 0.0, sd = 0.0, least = 0.0, p01 = 0.0, p05 = 0.0, p10 = 0.0, p50 = 0.0, p90 = 0.0, p95 = 0.0, p99 = 0.0,
         most = 0.0;
};

/// All zero of nothing.
[[nodiscard]] Distribution distribution(std::vector<double> values);

struct Histogram {
  double from = 0.0;
  double width = 0.0;
  std::vector<std::size_t> counts = {};
};
[[nodiscard]] Histogram histogram(std::span<const double> values, std::size_t bins);

/// The share of the variance of `output` that `input` alone explains (first-order Sobol index), from the means of
/// `output` in bins of equally many inputs, with what chance alone would give taken off. Precondition: equal sizes;
/// inputs independent of each other. 0 where there is nothing to explain.
[[nodiscard]] double first_order_index(std::span<const double> input, std::span<const double> output);

/// The slope of the straight line through the points (least squares); 0 where the input does not vary.
[[nodiscard]] double slope(std::span<const double> input, std::span<const double> output);

}  // namespace swiftlet::sim
