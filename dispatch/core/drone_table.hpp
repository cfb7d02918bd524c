#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dispatch/core/fleet_index.hpp"
#include "dispatch/core/fleet_link.hpp"
#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch {

/// What a state and the radio know of drones, by their numbers and found at once: all are gone through every second,
/// and both keep them, and their flights, by their ids.
class DroneTable {
 public:
  /// Preconditions: all outlive it; neither state nor link ever forgets a drone.
  DroneTable(const FleetConfig& config, const FleetIndex& index, const DispatchState& state, const FleetLink& link)
      : config_(config), index_(index), state_(state), link_(link), known_(config.drones.size()) {}

  /// One that nothing is remembered of yet where the state has none.
  [[nodiscard]] const DroneLedger& ledger(std::size_t drone) const;
  [[nodiscard]] const DroneLedger& ledger(const std::string& drone) const;
  /// Null where the drone is on none.
  [[nodiscard]] const Flight* flight(std::size_t drone) const;
  [[nodiscard]] const Flight* flight(const std::string& drone) const;
  /// Null where the drone has not been heard of.
  [[nodiscard]] const DroneLive* live(std::size_t drone) const;

 private:
  struct Known {
    const DroneLedger* ledger = nullptr;  ///< null: not found yet
    const DroneLive* live = nullptr;      ///< likewise
    std::string flight_id = {};           ///< of `flight`; no two flights share one
    const Flight* flight = nullptr;
  };

  const FleetConfig& config_;
  const FleetIndex& index_;
  const DispatchState& state_;
  const FleetLink& link_;
  mutable std::vector<Known> known_;
};

}  // namespace swiftlet::dispatch
