#include "sim/fleet/order_ends.hpp"

#include <fmt/core.h>

namespace swiftlet::sim {

std::vector<std::string> note_ends(const dispatch::DispatchState& state, const DayClock& clock,
                                   std::vector<OrderOutcome>& orders) {
  std::vector<std::string> gone;
  for (OrderOutcome& one : orders) {
    if (one.order_id.empty()) continue;
    const auto found = state.orders.find(one.order_id);
    if (found == state.orders.end()) {
      one.state = "unknown";
      gone.push_back(fmt::format("order {} was accepted and is gone", one.order_id));
      continue;
    }
    one.state = dispatch::name(found->second.state);
    if (found->second.delivered_at) one.delivered_s = clock.seconds_to(*found->second.delivered_at);
  }
  return gone;
}

}  // namespace swiftlet::sim
