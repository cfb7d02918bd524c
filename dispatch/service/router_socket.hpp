#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// One message from one connection.
struct InboundMessage {
  std::string routing_id;  ///< names the connection, not the peer; made by the socket itself
  std::string payload;
  bool multipart = false;  ///< came in several frames: the payload is dropped
};

enum class Sent { yes, busy, gone };

struct RouterOptions {
  std::string endpoint;
  std::chrono::milliseconds handshake{1000};
  int backlog = 100;
};

/// A bound ZeroMQ ROUTER with automatic routing ids, whose sends never block and never vanish: a full connection says
/// busy, a closed one gone. Each has a context of its own. To be used by one thread.
class RouterSocket {
 public:
  /// Errors: usage (the address is taken or is none).
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
