#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dispatch/core/core.hpp"
#include "dispatch/gateway/merchant_door.hpp"
#include "dispatch/service/event_feed.hpp"

namespace swiftlet::dispatch {

/// The service's end of the merchants' HTTP door: each request is a connection of its own to the core, which sends one
/// frame; one that wants to follow is fed events and ETAs from then on, as a subscribed socket is. Called by the
/// service's loop, on its thread.
class MerchantDoorLink : private FrameSink {
 public:
  explicit MerchantDoorLink(MerchantDoor& door) : door_(door) {}

  /// Hands the core what has come in.
  void take_requests(Core& core, UtcTime now);
  /// Whether a connection is one of this door's.
  [[nodiscard]] static bool owns(ConnectionId connection) { return connection >= kFirst; }
  /// The core has taken a request for a subscription: one that follows is fed from here on; to one that asks for events
  /// they go with its answer.
  void subscribe(const Subscription& subscription, const DispatchState& state);
  void answer(ConnectionId connection, std::string frame);

  /// Sends those who follow what the ledgers hold beyond their cursors.
  void send_events(const DispatchState& state) { feed_.send_events(state); }
  void send_etas(const std::string& merchant, const std::vector<std::string>& frames) {
    feed_.send_etas(merchant, frames);
  }
  /// The merchants of whom somebody follows.
  [[nodiscard]] std::set<std::string> followed() const { return feed_.merchants(); }

 private:
  // The sockets' connections are counted from 1 up; these never meet them.
  static constexpr ConnectionId kFirst = ConnectionId{1} << 62U;

  [[nodiscard]] bool is_open(ConnectionId connection) const override;
  [[nodiscard]] bool offer(ConnectionId connection, const std::string& frame, std::uint64_t seq) override;
  void say_last(ConnectionId connection, const std::string& frame) override;

  MerchantDoor& door_;
  EventFeed feed_{*this};
  std::map<ConnectionId, std::size_t> most_events_;  ///< of requests for events
  std::map<ConnectionId, std::string> events_;       ///< that wait for their answer
  std::map<ConnectionId, std::shared_ptr<ReplyStream>> streams_;
};

}  // namespace swiftlet::dispatch
