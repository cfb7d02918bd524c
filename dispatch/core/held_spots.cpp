#include "dispatch/core/held_spots.hpp"

#include <algorithm>

namespace swiftlet::dispatch {

void HeldSpots::look_up() const {
  const DispatchState& state = ledger_.state();
  keys_.clear();
  bare_points_.clear();
  places_.clear();
  for (const auto& [id, flight] : state.flights) {
    for (const auto& [key, spot] : flight.reserved) {
      keys_.insert(key);
      places_.push_back(spot.at);
      if (spot.pad.empty()) bare_points_.push_back(spot.at);
    }
  }
  for (const auto& [id, drone] : state.drones) {
    if (drone.stranded_on) keys_.insert(drone.stranded_on->key());
  }
}

bool HeldSpots::leave_free(const Spot& spot, double apart_m) const {
  if (version_ != ledger_.version()) {
    look_up();
    version_ = ledger_.version();
  }
  if (keys_.contains(spot.key())) return false;
  const std::vector<LonLat>& others = spot.pad.empty() ? places_ : bare_points_;
  return std::none_of(others.begin(), others.end(), [&](LonLat other) { return distance_m(spot.at, other) < apart_m; });
}

}  // namespace swiftlet::dispatch
