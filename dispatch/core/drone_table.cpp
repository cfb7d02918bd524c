#include "dispatch/core/drone_table.hpp"

namespace swiftlet::dispatch {
namespace {

const DroneLedger kNew;

}  // namespace

const DroneLedger& DroneTable::ledger(std::size_t drone) const {
  Known& known = known_[drone];
  if (known.ledger == nullptr) {
    const auto found = state_.drones.find(config_.drones[drone].id);
    if (found == state_.drones.end()) return kNew;
    known.ledger = &found->second;
  }
  return *known.ledger;
}

const DroneLedger& DroneTable::ledger(const std::string& drone) const {
  if (const auto number = index_.number_of(drone)) return ledger(*number);
  // A journal may know drones that the configuration no longer has.
  const auto found = state_.drones.find(drone);
  return found == state_.drones.end() ? kNew : found->second;
}

const Flight* DroneTable::flight(std::size_t drone) const {
  const std::string& flight_id = ledger(drone).flight_id;
  if (flight_id.empty()) return nullptr;
  Known& known = known_[drone];
  if (known.flight_id != flight_id) {
    known.flight = &state_.flights.at(flight_id);
    known.flight_id = flight_id;
  }
  return known.flight;
}

const Flight* DroneTable::flight(const std::string& drone) const {
  const auto number = index_.number_of(drone);
  return number ? flight(*number) : state_.flight_of_drone(drone);
}

const DroneLive* DroneTable::live(std::size_t drone) const {
  Known& known = known_[drone];
  if (known.live == nullptr) known.live = link_.find(config_.drones[drone].id);
  return known.live;
}

}  // namespace swiftlet::dispatch
