#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dispatch/keys/key_file.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// One message from one connection.
struct InboundMessage {
  std::string routing_id;  ///< names the connection, not the peer; made by the socket itself
  std::string peer_key;    ///< the CURVE public key of the peer, which ZeroMQ has checked; empty without keys
  std::string payload;
  bool multipart = false;  ///< came in several frames: the payload is dropped
};

enum class Sent { yes, busy, gone };

/// Only holders of a key come in: what they say is encrypted, and they are who their key says.
struct CurveDoor {
  KeyPair server;
  std::function<bool(const std::string& public_key)> lets_in;  ///< asked at each handshake, on another thread
};

struct RouterOptions {
  std::string endpoint;
  std::chrono::milliseconds handshake{1000};
  int backlog = 100;
  std::optional<CurveDoor> door = {};  ///< nothing: everybody is let in
};

/// A bound ZeroMQ ROUTER with automatic routing ids, whose sends never block and never vanish: a full connection says
/// busy, a closed one gone. Each has a context of its own. To be used by one thread.
class RouterSocket {
 public:
  /// With a door, tries it from outside before it returns: a stranger's key must be refused. Errors: usage (the address
  /// is taken or is none), internal (the door does not hold).
  [[nodiscard]] static Expected<RouterSocket> bind(const RouterOptions& options);
  ~RouterSocket();
  RouterSocket(RouterSocket&&) noexcept;
  RouterSocket& operator=(RouterSocket&&) = delete;
  RouterSocket(const RouterSocket&) = delete;
  RouterSocket& operator=(const RouterSocket&) = delete;

  /// With the port that was really bound.
  [[nodiscard]] const std::string& endpoint() const;
  /// The next message that is there; nothing if none is.
  [[nodiscard]] std::optional<InboundMessage> receive();
  [[nodiscard]] Sent send(const std::string& routing_id, std::string_view payload);

  /// Waits until one of the sockets or the file descriptor can be read, or the time is over.
  static void wait(std::span<RouterSocket* const> sockets, int fd, std::chrono::milliseconds at_most);

 private:
  struct Impl;
  explicit RouterSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::dispatch
