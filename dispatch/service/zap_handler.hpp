#pragma once

#include <functional>
#include <memory>
#include <string>

namespace swiftlet::dispatch {

/// Answers ZeroMQ's question who may connect (ZAP, RFC 27), on a thread of its own, for the sockets of one context.
/// libzmq lets everybody in where nobody answers, so it must be there before the first socket is bound.
class ZapHandler {
 public:
  /// Whether a connection with this public key (Z85) is let in. Called on the handler's thread.
  using LetsIn = std::function<bool(const std::string& public_key)>;

  /// `context` is a zmq::context_t, whose header stays out of this one. Throws std::runtime_error if the context has a
  /// handler already.
  ZapHandler(void* context, LetsIn lets_in);
  /// The context must have been shut down before.
  ~ZapHandler();
  ZapHandler(const ZapHandler&) = delete;
  ZapHandler& operator=(const ZapHandler&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::dispatch
