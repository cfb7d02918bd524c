#include "dispatch/service/merchant_door_link.hpp"

#include "dispatch/core/order_json.hpp"

namespace swiftlet::dispatch {

void MerchantDoorLink::take_requests(Core& core, UtcTime now) {
  for (const MerchantDoorRequest& request : door_.take_requests()) {
    const ConnectionId connection = kFirst + request.id;
    if (request.most_events > 0) most_events_[connection] = request.most_events;
    core.on_merchant_frame(now, {.merchant = request.merchant, .connection = connection}, request.frame);
  }
}

void MerchantDoorLink::list_events(const Subscription& subscription, const DispatchState& state) {
  std::string list = "[";
  const auto ledger = state.merchants.find(subscription.merchant);
  const std::uint64_t last = ledger == state.merchants.end() ? 0 : ledger->second.last_seq;
  std::size_t left = most_events_[subscription.connection];
  for (std::uint64_t seq = subscription.next_seq; seq <= last && left > 0; ++seq, --left) {
    const auto& events = ledger->second.events;
    list += (list.size() > 1 ? "," : "") + event_frame(events.at(seq - events.front().seq));
  }
  events_[subscription.connection] = list + "]";
}

void MerchantDoorLink::answer(ConnectionId connection, std::string frame) {
  const auto events = events_.find(connection);
  door_.answer(connection - kFirst, std::move(frame), events == events_.end() ? "" : std::move(events->second));
  if (events != events_.end()) events_.erase(events);
  most_events_.erase(connection);
}

}  // namespace swiftlet::dispatch
