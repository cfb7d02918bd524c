#include "dispatch/core/learned.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace swiftlet::dispatch {
namespace {

/// No model knows an instant better than this.
constexpr double kLeastSpread_s = 0.5;

constexpr std::array<std::pair<ForecastKind, std::string_view>, 11> kNames{{{ForecastKind::prompt, "prompt"},
                                                                            {ForecastKind::kitchen, "kitchen"},
                                                                            {ForecastKind::queued, "queued"},
                                                                            {ForecastKind::scheduled, "scheduled"},
                                                                            {ForecastKind::accepted, "accepted"},
                                                                            {ForecastKind::assigned, "assigned"},
                                                                            {ForecastKind::to_pickup, "to_pickup"},
                                                                            {ForecastKind::loading, "loading"},
                                                                            {ForecastKind::airborne, "airborne"},
                                                                            {ForecastKind::holding, "holding"},
                                                                            {ForecastKind::arriving, "arriving"}}};

}  // namespace

std::string_view name(ForecastKind kind) {
  for (const auto& [one, text] : kNames) {
    if (one == kind) return text;
  }
  return "";
}

std::optional<ForecastKind> forecast_kind(std::string_view text) {
  for (const auto& [kind, one] : kNames) {
    if (one == text) return kind;
  }
  return std::nullopt;
}

double Expectation::error(UtcTime happened) const {
  return seconds_between(eta, happened) / std::max(spread_s, kLeastSpread_s);
}

EtaDistribution Learned::interval(const Expectation& expected, UtcTime now) const {
  static const ForecastErrors kNothing;
  const auto known = errors.find(expected.kind);
  const ForecastQuantiles& q = (known == errors.end() ? kNothing : known->second).quantiles();
  const auto at = [&](double quantile) {
    return std::max(after(expected.eta, quantile * std::max(expected.spread_s, kLeastSpread_s)), now);
  };
  return {.eta = at(q[2]), .p05 = at(q[0]), .p10 = at(q[1]), .p90 = at(q[3]), .p95 = at(q[4])};
}

}  // namespace swiftlet::dispatch
