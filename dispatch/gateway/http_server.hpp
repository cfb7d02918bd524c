#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "dispatch/gateway/http_message.hpp"
#include "dispatch/gateway/tls_files.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// What is served. Everything is called on the server's own thread.
class HttpApplication {
 public:
  virtual ~HttpApplication() = default;
  /// `respond` may be kept and called later.
  virtual void handle(const HttpRequest& request, Respond respond) = 0;
  /// Whether a WebSocket may be opened: the owner it belongs to, or the refusal.
  [[nodiscard]] virtual tl::expected<std::string, HttpReply> admit_socket(const HttpRequest& request) = 0;
  /// The whole state, as one message: what a socket gets first, and after it has fallen behind.
  [[nodiscard]] virtual std::shared_ptr<const std::string> snapshot() = 0;
  /// Whether a client's message asks for the whole state; any other message closes its socket.
  [[nodiscard]] virtual bool asks_for_snapshot(const std::string& message) = 0;
};

/// What is done beside the server's thread. Passwords take their time on purpose: they have a queue of their own, so
/// that log-ins keep nobody from the map, and large maps nobody from logging in.
enum class Aside { passwords, work };

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 7080;        ///< 0: any that is free
  std::string where = "http.bind";  ///< the field of the configuration that names the address
  TlsFiles tls = {};                ///< none: in the clear
  /// Told on the server's thread when a certificate cannot be renewed, and when it is.
  std::function<void(const std::string& what)> complain = {};
};

/// HTTP/1.1 and WebSockets on a thread of its own, by Boost.Beast, whose headers stay in this room.
///
/// Bounded everywhere: bodies 64 KiB, headers 16 KiB, 30 s of silence, 256 connections; for one more the connection
/// that has waited for a request the longest is closed. A socket whose client does not read gets nothing more once 1
/// MiB waits for it; what waits is dropped, and when it reads again it gets the whole state. The others do not notice.
class HttpServer {
 public:
  /// Bound when it returns; nothing is served before start(). Errors: value_invalid (the address is taken or is
  /// none, a certificate cannot be used).
  [[nodiscard]] static Expected<std::unique_ptr<HttpServer>> bind(const HttpServerOptions& options);
  /// Precondition: every Respond that was kept is gone, or never called.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// "https://127.0.0.1:7443", with the port that was really bound.
  [[nodiscard]] std::string url() const;
  void start(HttpApplication& application);
  /// Ends the threads and closes every connection; nothing is called any more.
  void stop();
  /// Runs `work` on the server's thread. Safe from any thread.
  void post(std::function<void()> work);
  /// Runs `work` beside the server's thread, one after the other of its kind: for what takes long. False if too much
  /// waits.
  [[nodiscard]] bool post_aside(Aside kind, std::function<void()> work);
  /// Runs `work` on the server's thread again and again, until it is stopped.
  void every(std::chrono::milliseconds period, std::function<void()> work);

  // On the server's thread only.
  /// Looks whether the certificate has been renewed. Why it could not be, and the older one stands; empty where nothing
  /// is wrong.
  [[nodiscard]] std::string certificate_trouble();
  /// To every socket that is up to date; those that have just opened get the snapshot first.
  void broadcast(const std::shared_ptr<const std::string>& message);
  void close_sockets(const std::function<bool(const std::string& owner)>& which);
  [[nodiscard]] std::size_t socket_count() const;

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::dispatch
