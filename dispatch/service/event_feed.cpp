#include "dispatch/service/event_feed.hpp"

#include "dispatch/core/order_json.hpp"

namespace swiftlet::dispatch {

void EventFeed::subscribe(const Subscription& subscription) {
  cursors_[subscription.connection] = {.merchant = subscription.merchant, .next_seq = subscription.next_seq};
}

void EventFeed::send_events(const DispatchState& state) {
  std::erase_if(cursors_, [this](const auto& entry) { return !sink_.is_open(entry.first); });
  for (auto& [connection, cursor] : cursors_) {
    const auto found = state.merchants.find(cursor.merchant);
    if (found == state.merchants.end() || found->second.events.empty()) continue;
    const auto& events = found->second.events;
    while (cursor.next_seq <= found->second.last_seq) {
      // Sequence numbers have no gap, so an event's place follows from the first one's number.
      const OrderEvent& event = events.at(cursor.next_seq - events.front().seq);
      if (!sink_.offer(connection, event_frame(event), event.seq)) break;
      ++cursor.next_seq;
    }
  }
}

void EventFeed::send_etas(const std::string& merchant, const std::vector<std::string>& frames) {
  for (const auto& [connection, cursor] : cursors_) {
    if (cursor.merchant != merchant) continue;
    for (const std::string& frame : frames) {
      if (!sink_.offer(connection, frame, 0)) break;
    }
  }
}

std::set<std::string> EventFeed::merchants() const {
  std::set<std::string> all;
  for (const auto& [connection, cursor] : cursors_) all.insert(cursor.merchant);
  return all;
}

std::vector<ConnectionId> EventFeed::connections() const {
  std::vector<ConnectionId> all;
  for (const auto& [connection, cursor] : cursors_) all.push_back(connection);
  return all;
}

}  // namespace swiftlet::dispatch
