#include "dispatch/core/pad_openings.hpp"

#include <algorithm>
#include <limits>

namespace swiftlet::dispatch {
namespace {

/// Two queues that keep putting each other off are left at that: the next second draws them anew.
constexpr int kMostTries = 32;
constexpr double kRounding_s = 1e-6;

}  // namespace

double SlotNeeds::loaded_s(double departs_s) const { return std::max(departs_s + out_s, ready_s) + loading_s; }

std::vector<PadOpenings::Slot>* PadOpenings::at(std::string_view pad) {
  const auto known = pads_.find(pad);
  if (known != pads_.end()) return &known->second;
  const geo::Pad* found = pad.empty() ? nullptr : index_.find_pad(pad);
  if (found == nullptr || index_.spots_for_orders(pad).empty()) return nullptr;
  return &pads_.emplace(found->id, std::vector<Slot>(index_.spots_for_orders(pad).size())).first->second;
}

void PadOpenings::hold(const Spot& spot, double until_s) {
  std::vector<Slot>* slots = at(spot.pad);
  if (slots == nullptr) return;
  const std::vector<Spot>& spots = index_.spots_for_orders(spot.pad);
  const auto same = std::find_if(spots.begin(), spots.end(), [&](const Spot& one) { return one.slot == spot.slot; });
  if (same == spots.end()) return;  // somebody's home
  (*slots)[static_cast<std::size_t>(same - spots.begin())].push_back({.from_s = 0.0, .until_s = until_s});
}

double PadOpenings::open_s(std::string_view pad, double from_s, double for_s) const {
  const auto known = pads_.find(pad);
  if (known == pads_.end()) return from_s;
  double soonest_s = std::numeric_limits<double>::infinity();
  for (const Slot& slot : known->second) {
    double open_s = from_s;
    for (const Interval& taken : slot) {
      if (taken.from_s < open_s + for_s && taken.until_s > open_s) open_s = taken.until_s;
    }
    soonest_s = std::min(soonest_s, open_s);
  }
  return soonest_s;
}

void PadOpenings::take(std::string_view pad, double from_s, double until_s) {
  std::vector<Slot>* slots = at(pad);
  if (slots == nullptr) return;
  Slot* best = nullptr;
  double best_taken_s = 0.0;
  double best_since_s = 0.0;
  for (Slot& slot : *slots) {
    double taken_s = 0.0;
    double since_s = 0.0;
    for (const Interval& taken : slot) {
      taken_s += std::max(std::min(taken.until_s, until_s) - std::max(taken.from_s, from_s), 0.0);
      if (taken.from_s < from_s) since_s = std::max(since_s, taken.until_s);
    }
    if (best == nullptr || taken_s < best_taken_s || (taken_s == best_taken_s && since_s > best_since_s)) {
      best = &slot;
      best_taken_s = taken_s;
      best_since_s = since_s;
    }
  }
  const auto after_it =
      std::find_if(best->begin(), best->end(), [&](const Interval& one) { return one.from_s > from_s; });
  best->insert(after_it, {.from_s = from_s, .until_s = until_s});
}

double PadOpenings::departure_s(const SlotNeeds& needs, double from_s) const {
  double departs_s = from_s;
  for (int tries = 0; tries < kMostTries; ++tries) {
    departs_s = open_s(needs.pickup_pad, departs_s, needs.leaves_pickup_s(departs_s) - departs_s);
    const double loaded_s = needs.loaded_s(departs_s);
    const double open = open_s(needs.dropoff_pad, loaded_s, needs.leaves_dropoff_s(departs_s) - loaded_s);
    if (open <= loaded_s + kRounding_s) break;
    departs_s = std::max(departs_s, open - needs.loading_s - needs.out_s);
  }
  return departs_s;
}

void PadOpenings::take(const SlotNeeds& needs, double departs_s) {
  take(needs.pickup_pad, departs_s, needs.leaves_pickup_s(departs_s));
  take(needs.dropoff_pad, needs.loaded_s(departs_s), needs.leaves_dropoff_s(departs_s));
}

}  // namespace swiftlet::dispatch
