#include "dispatch/core/pad_openings.hpp"

#include <algorithm>

namespace swiftlet::dispatch {

PadOpenings::Slots* PadOpenings::at(std::string_view pad) {
  const auto known = pads_.find(pad);
  if (known != pads_.end()) return &known->second;
  const geo::Pad* found = pad.empty() ? nullptr : index_.find_pad(pad);
  if (found == nullptr || index_.spots_for_orders(pad).empty()) return nullptr;
  return &pads_.emplace(found->id, Slots{std::vector<double>(index_.spots_for_orders(pad).size(), 0.0)}).first->second;
}

void PadOpenings::hold(const Spot& spot, double until_s) {
  Slots* slots = index_.is_home(spot.key()) ? nullptr : at(spot.pad);
  // Slots are alike: one that nobody is known to hold stands for this one.
  if (slots != nullptr) *std::min_element(slots->open_s.begin(), slots->open_s.end()) = until_s;
}

double PadOpenings::open_s(std::string_view pad, double from_s) const {
  const auto known = pads_.find(pad);
  if (known == pads_.end()) return from_s;
  return std::max(from_s, *std::min_element(known->second.open_s.begin(), known->second.open_s.end()));
}

void PadOpenings::take(std::string_view pad, double from_s, double until_s) {
  Slots* slots = at(pad);
  if (slots == nullptr) return;
  double* best = &slots->open_s.front();
  for (double& open_s : slots->open_s) {
    const bool sooner = *best > from_s ? open_s < *best : open_s <= from_s && open_s > *best;
    if (sooner) best = &open_s;
  }
  *best = until_s;
}

}  // namespace swiftlet::dispatch
