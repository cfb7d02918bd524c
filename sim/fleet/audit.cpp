#include "sim/fleet/audit.hpp"

#include <fmt/core.h>

#include <map>
#include <set>

namespace swiftlet::sim {

std::vector<std::string> audit(const dispatch::DispatchState& state, std::int64_t live_orders) {
  std::vector<std::string> broken;
  std::map<std::string, std::string> held;
  std::set<std::string> drones;
  for (const auto& [id, flight] : state.flights) {
    if (!drones.insert(flight.drone).second) broken.push_back(fmt::format("drone {} is on two flights", flight.drone));
    if (!flight.order_id.empty() && !state.orders.contains(flight.order_id)) {
      broken.push_back(fmt::format("flight {} has no order", id));
    }
    for (const auto& [key, spot] : flight.reserved) {
      const auto [entry, is_new] = held.emplace(key, id);
      if (!is_new) broken.push_back(fmt::format("slot {} is held by {} and {}", key, entry->second, id));
    }
  }
  std::int64_t live = 0;
  for (const auto& [id, order] : state.orders) live += dispatch::is_terminal(order.state) ? 0 : 1;
  if (live != live_orders) broken.push_back(fmt::format("{} orders live, {} by the log", live, live_orders));
  return broken;
}

}  // namespace swiftlet::sim
