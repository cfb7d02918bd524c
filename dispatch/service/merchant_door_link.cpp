#include "dispatch/service/merchant_door_link.hpp"

#include "dispatch/core/order_json.hpp"
#include "dispatch/gateway/merchant_call.hpp"

namespace swiftlet::dispatch {

void MerchantDoorLink::take_requests(Core& core, UtcTime now) {
  std::erase_if(streams_, [](const auto& one) { return !one.second->is_open(); });
  for (const MerchantDoorRequest& request : door_.take_requests()) {
    const ConnectionId connection = kFirst + request.id;
    if (request.most_events > 0) most_events_[connection] = request.most_events;
    if (request.stream) streams_.emplace(connection, request.stream);
    core.on_merchant_frame(now, {.merchant = request.merchant, .connection = connection}, request.frame);
  }
}

void MerchantDoorLink::subscribe(const Subscription& subscription, const DispatchState& state) {
  if (streams_.contains(subscription.connection)) return feed_.subscribe(subscription);
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

bool MerchantDoorLink::is_open(ConnectionId connection) const {
  const auto stream = streams_.find(connection);
  return stream != streams_.end() && stream->second->is_open();
}

bool MerchantDoorLink::offer(ConnectionId connection, const std::string& frame, std::uint64_t seq) {
  const auto stream = streams_.find(connection);
  return stream == streams_.end() ||
         stream->second->offer(server_sent_event(seq > 0 ? "order.event" : "eta", frame, seq));
}

void MerchantDoorLink::say_last(ConnectionId connection, const std::string& frame) {
  const auto stream = streams_.find(connection);
  if (stream == streams_.end()) return;
  (void)stream->second->offer(server_sent_event("error", frame));
  stream->second->finish();
}

}  // namespace swiftlet::dispatch
