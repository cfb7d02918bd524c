#include "dispatch/service/event_feed.hpp"

#include "dispatch/core/order_json.hpp"
#include "dispatch/protocol/history_gone.hpp"

namespace swiftlet::dispatch {

void EventFeed::subscribe(const Subscription& subscription) {
  cursors_[subscription.connection] = {.merchant = subscription.merchant, .next_seq = subscription.next_seq};
}

void EventFeed::send_events(const DispatchState& state) {
  std::erase_if(cursors_, [this](const auto& entry) { return !sink_.is_open(entry.first); });
  for (auto at = cursors_.begin(); at != cursors_.end();) {
    const auto found = state.merchants.find(at->second.merchant);
    const bool goes_on = found == state.merchants.end() || send_to(at->first, at->second, found->second);
    at = goes_on ? std::next(at) : cursors_.erase(at);
  }
}

bool EventFeed::send_to(ConnectionId connection, Cursor& cursor, const MerchantLedger& ledger) {
  const std::uint64_t oldest = ledger.events.empty() ? ledger.last_seq + 1 : ledger.events.front().seq;
  if (cursor.next_seq <= ledger.last_seq && cursor.next_seq < oldest) {
    sink_.say_last(connection, history_gone_reply({}, oldest));
    return false;
  }
  while (cursor.next_seq <= ledger.last_seq) {
    // Sequence numbers have no gap, so an event's place follows from the first one's number.
    const OrderEvent& event = ledger.events.at(cursor.next_seq - oldest);
    if (!sink_.offer(connection, event_frame(event), event.seq)) break;
    ++cursor.next_seq;
  }
  return true;
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
