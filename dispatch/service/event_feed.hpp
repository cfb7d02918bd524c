#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dispatch/core/effects.hpp"
#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch {

/// Where frames go: connections that take one now or not at all.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  [[nodiscard]] virtual bool is_open(ConnectionId connection) const = 0;
  /// True if it went, or if the connection is gone and nothing is to be waited for. `seq`: of an event; 0: an ETA
  /// frame.
  [[nodiscard]] virtual bool offer(ConnectionId connection, const std::string& frame, std::uint64_t seq) = 0;
  /// The last frame of its subscription: why it has ended. Goes where there is room.
  virtual void say_last(ConnectionId connection, const std::string& frame) = 0;
};

/// Brings merchants' events to their subscribed connections, in order and without a gap: a connection that is busy is
/// paused and goes on from where it was. One that was paused until its next event is kept no more is told
/// `history_gone`, with the oldest event that there is, and has no subscription any more. ETA frames that do not fit
/// are dropped; a newer one comes in a second.
class EventFeed {
 public:
  explicit EventFeed(FrameSink& sink) : sink_(sink) {}

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

  /// Whether all is sent that there is room for; false if its subscription is over.
  [[nodiscard]] bool send_to(ConnectionId connection, Cursor& cursor, const MerchantLedger& ledger);

  FrameSink& sink_;
  std::map<ConnectionId, Cursor> cursors_;
};

}  // namespace swiftlet::dispatch
