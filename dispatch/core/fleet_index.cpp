#include "dispatch/core/fleet_index.hpp"

namespace swiftlet::dispatch {

FleetIndex::FleetIndex(const FleetConfig& config) : config_(config) {
  for (const geo::Pad& pad : config.pads) pads_.try_emplace(pad.id, PadEntry{.pad = &pad});
  for (std::size_t i = 0; i < config.drones.size(); ++i) {
    const RegisteredDrone& drone = config.drones[i];
    drones_.try_emplace(drone.id, i);
    const geo::Pad& pad = *pads_.at(drone.home_pad).pad;
    homes_.push_back({.pad = pad.id,
                      .slot = drone.home_slot,
                      .at = pad.slots.at(static_cast<std::size_t>(drone.home_slot)).lonlat()});
    home_keys_.insert(homes_.back().key());
  }
  for (auto& [id, entry] : pads_) {
    for (std::size_t i = 0; i < entry.pad->slots.size(); ++i) {
      Spot spot{.pad = id, .slot = static_cast<int>(i), .at = entry.pad->slots[i].lonlat()};
      if (!is_home(spot.key())) entry.for_orders.push_back(std::move(spot));
    }
  }
}

const geo::Pad* FleetIndex::find_pad(std::string_view id) const {
  const auto found = pads_.find(id);
  return found == pads_.end() ? nullptr : found->second.pad;
}

std::optional<std::size_t> FleetIndex::number_of(std::string_view drone) const {
  const auto found = drones_.find(drone);
  return found == drones_.end() ? std::nullopt : std::optional(found->second);
}

const RegisteredDrone* FleetIndex::find_drone(std::string_view id) const {
  const auto found = drones_.find(id);
  return found == drones_.end() ? nullptr : &config_.drones[found->second];
}

const std::vector<Spot>& FleetIndex::spots_for_orders(std::string_view pad) const {
  static const std::vector<Spot> kNone;
  const auto found = pads_.find(pad);
  return found == pads_.end() ? kNone : found->second.for_orders;
}

}  // namespace swiftlet::dispatch
