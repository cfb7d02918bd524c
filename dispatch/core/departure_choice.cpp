#include "dispatch/core/departure_choice.hpp"

#include <algorithm>

namespace swiftlet::dispatch {
namespace {

constexpr double kLead_wall_s = 0.25;
constexpr double kLeastLead_s = 1.0;
/// A mission that has a departure to keep is asked for a little sooner than one that just leaves.
constexpr auto kInGoodTime = std::chrono::milliseconds(2000);

}  // namespace

double departure_lead_s(double speed) { return std::max(kLeastLead_s, kLead_wall_s * speed); }

double DepartureChoice::waited_s(UtcTime departs) const {
  return could_leave ? std::max(seconds_between(*could_leave, departs), 0.0) : 0.0;
}

bool DepartureChoice::consider(UtcTime departs, double duration_s) {
  const Candidate candidate{.layer = asked_layer, .departs = departs, .arrives = after(departs, duration_s)};
  if (best && best->arrives <= candidate.arrives) return false;
  best = candidate;
  return true;
}

bool DepartureChoice::higher_may_be_sooner(double duration_s, UtcTime soonest) const {
  return asked_layer < kLayers && best && after(soonest, duration_s + kLayerTakes_s) < best->arrives;
}

void settle_departure(DepartureChoice& choice, UtcTime& not_before) {
  choice.settled = true;
  choice.asked_layer = choice.best ? choice.best->layer : 0;
  if (choice.best) not_before = choice.best->departs - kInGoodTime;
}

}  // namespace swiftlet::dispatch
