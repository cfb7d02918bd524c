#pragma once

#include <map>
#include <string>

#include "dispatch/core/core.hpp"
#include "dispatch/gateway/merchant_door.hpp"

namespace swiftlet::dispatch {

/// The service's end of the merchants' HTTP door: each request is a connection of its own to the core, which sends one
/// frame and is heard no more. Called by the service's loop, on its thread.
class MerchantDoorLink {
 public:
  explicit MerchantDoorLink(MerchantDoor& door) : door_(door) {}

  /// Hands the core what has come in.
  void take_requests(Core& core, UtcTime now);
  /// Whether a connection is one of this door's.
  [[nodiscard]] static bool owns(ConnectionId connection) { return connection >= kFirst; }
  /// A request for events, which the core has taken for a subscription: they go with its answer.
  void list_events(const Subscription& subscription, const DispatchState& state);
  void answer(ConnectionId connection, std::string frame);

 private:
  // The sockets' connections are counted from 1 up; these never meet them.
  static constexpr ConnectionId kFirst = ConnectionId{1} << 62U;

  MerchantDoor& door_;
  std::map<ConnectionId, std::size_t> most_events_;  ///< of requests for events
  std::map<ConnectionId, std::string> events_;       ///< that wait for their answer
};

}  // namespace swiftlet::dispatch
