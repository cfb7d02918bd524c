#include "tests/dispatch/core_invariants.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

namespace swiftlet::dispatch::drill {

std::string broken_invariant(const DispatchState& state, const FleetConfig& config) {
  std::map<std::string, std::string> holders;
  std::set<std::string> orders_in_flight;
  std::set<std::string> homes;
  for (const RegisteredDrone& drone : config.drones)
    homes.insert(fmt::format("{}/{}", drone.home_pad, drone.home_slot));
  for (const auto& [id, flight] : state.flights) {
    if (state.drones.at(flight.drone).flight_id != id) return id + " is not its drone's flight";
    if (!flight.order_id.empty() && !orders_in_flight.insert(flight.order_id).second)
      return flight.order_id + " has two drones";
    for (const auto& [key, spot] : flight.reserved) {
      if (!holders.emplace(key, id).second) return key + " is held twice";
      if (homes.contains(key)) return key + " is another drone's home";
    }
  }
  for (const auto& [id, drone] : state.drones) {
    if (!drone.flight_id.empty() && !state.flights.contains(drone.flight_id))
      return id + " is on a flight that is over";
  }
  for (const auto& [merchant, ledger] : state.merchants) {
    std::uint64_t seq = ledger.events.empty() ? 0 : ledger.events.front().seq;
    for (const OrderEvent& event : ledger.events) {
      if (event.seq != seq++) return "events of " + merchant + " have a gap";
    }
    if (!ledger.events.empty() && seq != ledger.last_seq + 1) return "last_seq of " + merchant + " is wrong";
  }
  for (const auto& [id, order] : state.orders) {
    const int ends = static_cast<int>(std::count_if(order.history.begin(), order.history.end(),
                                                    [](const OrderStep& step) { return is_terminal(step.state); }));
    if (ends > 1) return id + " ended twice";
    if (order.state == OrderState::delivered && !order.delivered_at) return id + " was delivered at no time";
  }
  return {};
}

}  // namespace swiftlet::dispatch::drill
