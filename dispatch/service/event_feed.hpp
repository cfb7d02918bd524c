#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "dispatch/core/effects.hpp"
#include "dispatch/service/outbox.hpp"

namespace swiftlet::dispatch {

/// Brings merchants' events to their subscribed connections, in order and without a gap: a connection that is busy is
/// paused and goes on from where it was. ETA frames that do not fit are dropped; a newer one comes in a second.
class EventFeed {
 public:
  explicit EventFeed(Outbox& outbox) : outbox_(outbox) {}

  void subscribe(const Subscription& subscription);
  /// Sends what the ledgers hold beyond each connection's cursor.
  void send_events(const DispatchState& state);
  void send_etas(const std::string& merchant, const std::vector<std::string>& frames);

  [[nodiscard]] std::set<std::string> merchants() const;
  [[nodiscard]] std::vector<ConnectionId> connections() const;

 private:
  struct Cursor {
    std::string merchant;
    std::uint64_t next_seq = 1;
  };

  Outbox& outbox_;
  std::map<ConnectionId, Cursor> cursors_;
};

}  // namespace swiftlet::dispatch
