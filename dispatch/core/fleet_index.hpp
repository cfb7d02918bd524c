#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/spot.hpp"

namespace swiftlet::dispatch {

/// The fixed things of a FleetConfig by their ids: pads, drones, whose home a slot is and what is left for orders.
/// Precondition: the configuration outlives it and does not change.
class FleetIndex {
 public:
  explicit FleetIndex(const FleetConfig& config);

  [[nodiscard]] const geo::Pad* find_pad(std::string_view id) const;
  /// Its place in FleetConfig::drones.
  [[nodiscard]] std::optional<std::size_t> number_of(std::string_view drone) const;
  [[nodiscard]] const RegisteredDrone* find_drone(std::string_view id) const;
  /// A drone's own slot, where it lives.
  [[nodiscard]] const Spot& home_of(std::size_t drone) const { return homes_[drone]; }
  [[nodiscard]] bool is_home(const std::string& spot_key) const { return home_keys_.contains(spot_key); }
  /// The slots of a pad that no drone lives on, in order; none for an unknown pad.
  [[nodiscard]] const std::vector<Spot>& spots_for_orders(std::string_view pad) const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct PadEntry {
    const geo::Pad* pad = nullptr;
    std::vector<Spot> for_orders = {};
  };

  const FleetConfig& config_;
  std::unordered_map<std::string, PadEntry, TextHash, std::equal_to<>> pads_;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> drones_;
  std::vector<Spot> homes_;
  std::set<std::string> home_keys_;
};

}  // namespace swiftlet::dispatch
