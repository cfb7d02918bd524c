#include "dispatch/core/forecast_judge.hpp"

#include <chrono>

#include "dispatch/core/fleet_outlook.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr auto kEvery = std::chrono::seconds(5);

/// Whether the n-th forecast of a stage takes the place of the one that is kept: each has the same chance in the end.
/// The draw hangs on the order alone, so that the same day is the same again.
bool takes_its_place(std::uint64_t order_number, std::uint64_t n) {
  std::uint64_t x = order_number * 0x9E3779B97F4A7C15ULL + n * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return (x ^ (x >> 31U)) % n == 0;
}

}  // namespace

void ForecastJudge::tick(const FleetOutlook& outlook) {
  judge();
  if (context_.now < next_at_) return;
  next_at_ = context_.now + kEvery;
  keep(outlook);
}

void ForecastJudge::keep(const FleetOutlook& outlook) {
  for (const auto& [id, merchant] : context_.state().merchants) {
    for (const std::uint64_t number : merchant.live) {
      const Order& order = *context_.order(number);
      const Forecast forecast = dispatch::forecast(context_, outlook, order);
      if (!forecast.expected) continue;
      Kept& kept = kept_[number][forecast.expected->kind];
      ++kept.drawn_from;
      if (takes_its_place(number, kept.drawn_from)) kept.expected = *forecast.expected;
    }
  }
}

void ForecastJudge::judge() {
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    const Order* order = context_.order(entry->first);
    if (order != nullptr && !is_terminal(order->state)) {
      ++entry;
      continue;
    }
    if (order != nullptr && order->delivered_at) {
      ForecastsJudged judged{.order_id = order->order_id, .errors = {}};
      for (const auto& [kind, kept] : entry->second) {
        judged.errors.emplace(std::string(name(kind)), kept.expected.error(*order->delivered_at));
      }
      context_.commit(std::move(judged));
    }
    entry = kept_.erase(entry);
  }
}

}  // namespace swiftlet::dispatch
