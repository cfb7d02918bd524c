#include "sim/route/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace swiftlet::sim {
namespace {

constexpr std::size_t kBins = 24;

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Distribution distribution(std::vector<double> values) {
  Distribution d;
  d.count = values.size();
  if (values.empty()) return d;
  std::sort(values.begin(), values.end());
  d.mean = mean_of(values);
  double squares = 0.0;
  for (const double v : values) squares += (v - d.mean) * (v - d.mean);
  d.sd = values.size() > 1 ? std::sqrt(squares / static_cast<double>(values.size() - 1)) : 0.0;
  const auto rank = [&](double p) {
    const double at = std::ceil(p * static_cast<double>(values.size())) - 1.0;
    return values[static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(values.size() - 1)))];
  };
  d.least = values.front();
  d.p01 = rank(0.01);
  d.p05 = rank(0.05);
  d.p10 = rank(0.10);
  d.p50 = rank(0.50);
  d.p90 = rank(0.90);
  d.p95 = rank(0.95);
  d.p99 = rank(0.99);
  d.most = values.back();
  return d;
}

Histogram histogram(std::span<const double> values, std::size_t bins) {
  Histogram h;
  if (values.empty() || bins == 0) return h;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  h.from = *least;
  h.width = std::max((*most - *least) / static_cast<double>(bins), 1e-9);
  h.counts.assign(bins, 0);
  for (const double v : values) ++h.counts[std::min(bins - 1, static_cast<std::size_t>((v - h.from) / h.width))];
  return h;
}

double first_order_index(std::span<const double> input, std::span<const double> output) {
  const std::size_t n = input.size();
  if (n < 4 * kBins) return 0.0;
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return input[a] < input[b]; });
  const double mean = mean_of(output);
  double total = 0.0;
  for (const double y : output) total += (y - mean) * (y - mean);
  if (total <= 0.0 || input[order.front()] == input[order.back()]) return 0.0;
  double between = 0.0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    const std::size_t begin = bin * n / kBins;
    const std::size_t end = (bin + 1) * n / kBins;
    double sum = 0.0;
    for (std::size_t k = begin; k < end; ++k) sum += output[order[k]];
    const auto size = static_cast<double>(end - begin);
    between += size * (sum / size - mean) * (sum / size - mean);
  }
  const double within = total - between;
  const double chance = static_cast<double>(kBins - 1) * within / static_cast<double>(n - kBins);
  return std::clamp((between - chance) / total, 0.0, 1.0);
}

double slope(std::span<const double> input, std::span<const double> output) {
  if (input.empty()) return 0.0;
  const double mx = mean_of(input);
  const double my = mean_of(output);
  double xx = 0.0;
  double xy = 0.0;
  for (std::size_t k = 0; k < input.size(); ++k) {
    xx += (input[k] - mx) * (input[k] - mx);
    xy += (input[k] - mx) * (output[k] - my);
  }
  return xx > 0.0 ? xy / xx : 0.0;
}

}  // namespace swiftlet::sim
