#include "dispatch/core/forecast_errors.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace swiftlet::dispatch {
namespace {

constexpr ForecastQuantiles kTargets{0.05, 0.10, 0.50, 0.90, 0.95};
constexpr std::size_t kWindow = 300;
/// How fast levels move: an interval that is always missed is twice as wide in its tails after some ten errors.
constexpr double kLevelStep = 0.004;
constexpr double kFarthestLevel = 0.5;  // of a tail, from its target
/// The guess before anything is learned: nine quantiles of a normal error, so much wider than claimed.
constexpr std::array<double, 19> kNormalTwentieths{-1.645, -1.282, -1.036, -0.842, -0.674, -0.524, -0.385,
                                                   -0.253, -0.126, 0.0,    0.126,  0.253,  0.385,  0.524,
                                                   0.674,  0.842,  1.036,  1.282,  1.645};
constexpr double kGuessedWidth = 1.8;
constexpr std::size_t kOutvoted = 100;
constexpr double kFarthestError = 1000.0;

double quantile(const std::vector<double>& sorted, double level) {
  // The conformal rank: of n errors and the one to come, n + 1 places.
  const double rank = level * static_cast<double>(sorted.size() + 1) - 1.0;
  if (rank <= 0.0) return sorted.front();
  const auto below = static_cast<std::size_t>(rank);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], rank - static_cast<double>(below));
}

}  // namespace

ForecastErrors::ForecastErrors() : levels_(kTargets), quantiles_() { draw_quantiles(); }

void ForecastErrors::observe(double error) {
  if (!std::isfinite(error)) return;
  error = std::clamp(error, -kFarthestError, kFarthestError);
  for (std::size_t k = 0; k < kTargets.size(); ++k) {
    const double tail = std::min(kTargets[k], 1.0 - kTargets[k]);
    const double moved = levels_[k] + kLevelStep * (kTargets[k] - (error <= quantiles_[k] ? 1.0 : 0.0));
    levels_[k] = std::clamp(moved, kTargets[k] - kFarthestLevel * tail, kTargets[k] + kFarthestLevel * tail);
  }
  window_.push_back(error);
  if (window_.size() > kWindow) window_.pop_front();
  draw_quantiles();
}

void ForecastErrors::draw_quantiles() {
  std::vector<double> sorted(window_.begin(), window_.end());
  if (window_.size() < kOutvoted) {
    for (const double z : kNormalTwentieths) sorted.push_back(kGuessedWidth * z);
  }
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < kTargets.size(); ++k) quantiles_[k] = quantile(sorted, levels_[k]);
  for (std::size_t k = 1; k < kTargets.size(); ++k) quantiles_[k] = std::max(quantiles_[k], quantiles_[k - 1]);
}

}  // namespace swiftlet::dispatch
