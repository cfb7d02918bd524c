#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dispatch/core/effects.hpp"
#include "dispatch/service/event_feed.hpp"
#include "dispatch/service/router_socket.hpp"

namespace swiftlet::dispatch {

/// The connections of one port, numbered, each with what could not be sent to it yet. What must arrive waits in its
/// order for a connection that is busy; a connection that lets too much pile up is forgotten, as is one that is gone.
class Outbox : public FrameSink {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  explicit Outbox(RouterSocket& socket) : socket_(socket) {}

  /// The number of the connection that a message came from; a new one for one not heard of. `peer_key` is who it is.
  ConnectionId heard(const std::string& routing_id, const std::string& peer_key);
  [[nodiscard]] bool is_open(ConnectionId connection) const override { return lines_.contains(connection); }

  void send(ConnectionId connection, std::string frame);
  bool offer(ConnectionId connection, const std::string& frame, std::uint64_t seq) override;
  void say_last(ConnectionId connection, const std::string& frame) override { send(connection, frame); }
  /// Tries again what waits. Forgets connections that have been silent for an hour, unless they are in `kept`.
  void flush();
  void forget_silent(const std::vector<ConnectionId>& kept);
  /// Nothing more goes to connections whose key `still_welcome` does not know.
  void forget_unwelcome(const std::function<bool(const std::string& peer_key)>& still_welcome);
  void forget(ConnectionId connection);

 private:
  struct Line {
    std::string routing_id;
    std::string peer_key;
    std::deque<std::string> waiting;
    SteadyTime heard_at;
  };

  RouterSocket& socket_;
  ConnectionId last_ = 0;
  std::map<ConnectionId, Line> lines_;
  std::map<std::string, ConnectionId> by_routing_id_;
};

}  // namespace swiftlet::dispatch
