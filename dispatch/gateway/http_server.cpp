#include "dispatch/gateway/http_server.hpp"

#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>  // before asio: Boost 1.74 forgets it

#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <chrono>
#include <optional>
#include <thread>

#include "dispatch/gateway/http_session.hpp"
#include "dispatch/gateway/socket_session.hpp"
#include "dispatch/gateway/tls_certificate.hpp"

namespace swiftlet::dispatch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;

constexpr std::size_t kMaxConnections = 256;
constexpr int kMaxAside = 16;

/// The client of a connection that is silent for good is found out: asked after 15 s, given up 30 s after that.
void keep_alive(Tcp::socket& socket) {
  beast::error_code ignored;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  constexpr int kIdle_s = 15, kAgain_s = 10, kTimes = 3;
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPIDLE, &kIdle_s, sizeof kIdle_s);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPINTVL, &kAgain_s, sizeof kAgain_s);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPCNT, &kTimes, sizeof kTimes);
}

}  // namespace

struct HttpServer::Impl {
  Impl(Tcp::acceptor bound, std::unique_ptr<asio::io_context> context, std::optional<TlsCertificate> own,
       std::function<void(const std::string&)> complains)
      : certificate(std::move(own)),
        complain(std::move(complains)),
        io(std::move(context)),
        acceptor(std::move(bound)) {}

  void accept() {
    acceptor.async_accept([this](beast::error_code error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error && has_room()) {
        beast::error_code ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
        keep_alive(socket);
        std::make_shared<HttpSession>(std::move(socket), certificate ? certificate->current() : nullptr, hub)->start();
      }
      if (!error) return accept();
      // Out of file descriptors, most likely: trying again at once would spin.
      retry.expires_after(std::chrono::milliseconds(200));
      retry.async_wait([this](beast::error_code stopped) {
        if (!stopped) accept();
      });
    });
  }

  /// Whoever has kept silent the longest gives way: connections that only wait keep nobody out.
  bool has_room() {
    if (hub.connections + hub.sockets.size() < kMaxConnections) return true;
    if (hub.listening.empty()) return false;
    hub.listening.front()->make_room();
    return true;
  }

  std::optional<TlsCertificate> certificate;
  std::function<void(const std::string&)> complain;
  std::string told_trouble;
  HttpHub hub;  // before what follows: handlers that are dropped with the context still count in it
  std::unique_ptr<asio::io_context> io;
  Tcp::acceptor acceptor;
  asio::steady_timer retry{*io};
  asio::steady_timer period{*io};
  struct Queue {
    asio::thread_pool thread{1};
    std::atomic<int> waiting{0};
  };
  Queue passwords;
  Queue work;
  std::thread thread;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { stop(); }

void HttpServer::stop() {
  for (auto* queue : {&impl_->passwords, &impl_->work}) {
    queue->thread.stop();
    queue->thread.join();
  }
  impl_->io->stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  impl_->hub.sockets.clear();
}

Expected<std::unique_ptr<HttpServer>> HttpServer::bind(const HttpServerOptions& options) {
  beast::error_code error;
  const auto address = asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, error);
  std::optional<TlsCertificate> certificate;
  if (options.tls.given()) {
    auto read = TlsCertificate::read(options.tls);
    if (!read) return Unexpected(read.error());
    certificate = std::move(*read);
  }
  auto io = std::make_unique<asio::io_context>(1);
  Tcp::acceptor acceptor(*io);
  const Tcp::endpoint endpoint(address, options.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(ErrorCode::value_invalid,
                fmt::format("cannot listen at {}:{}: {}", options.address, options.port, error.message()),
                options.where);
  }
  return std::unique_ptr<HttpServer>(new HttpServer(
      std::make_unique<Impl>(std::move(acceptor), std::move(io), std::move(certificate), options.complain)));
}

std::uint16_t HttpServer::port() const { return impl_->acceptor.local_endpoint().port(); }

std::string HttpServer::url() const {
  const auto bound = impl_->acceptor.local_endpoint();
  const std::string address = bound.address().to_string();
  return fmt::format("{}://{}:{}", impl_->certificate ? "https" : "http",
                     bound.address().is_v6() ? "[" + address + "]" : address, bound.port());
}

void HttpServer::start(HttpApplication& application) {
  impl_->hub.application = &application;
  impl_->accept();
  impl_->thread = std::thread([this] { impl_->io->run(); });
}

void HttpServer::post(std::function<void()> work) { asio::post(*impl_->io, std::move(work)); }

bool HttpServer::post_aside(Aside kind, std::function<void()> work) {
  Impl::Queue& queue = kind == Aside::passwords ? impl_->passwords : impl_->work;
  if (queue.waiting.fetch_add(1) >= kMaxAside) {
    queue.waiting.fetch_sub(1);
    return false;
  }
  asio::post(queue.thread, [&queue, work = std::move(work)] {
    work();
    queue.waiting.fetch_sub(1);
  });
  return true;
}

void HttpServer::every(std::chrono::milliseconds period, std::function<void()> work) {
  impl_->period.expires_after(period);
  impl_->period.async_wait([this, period, work = std::move(work)](beast::error_code stopped) mutable {
    if (stopped) return;
    work();
    every(period, std::move(work));
  });
}

std::string HttpServer::certificate_trouble() {
  if (!impl_->certificate) return {};
  (void)impl_->certificate->current();
  std::string trouble = impl_->certificate->trouble();
  if (trouble == impl_->told_trouble) return trouble;
  impl_->told_trouble = trouble;
  if (impl_->complain) {
    impl_->complain(trouble.empty() ? "the TLS certificate is renewed"
                                    : "the TLS certificate could not be renewed, the older one stands: " + trouble);
  }
  return trouble;
}

void HttpServer::broadcast(const std::shared_ptr<const std::string>& message) {
  for (const auto& socket : impl_->hub.sockets) socket->send(message);
}

void HttpServer::close_sockets(const std::function<bool(const std::string&)>& which) {
  const auto sockets = impl_->hub.sockets;
  for (const auto& socket : sockets) {
    if (which(socket->owner())) socket->close();
  }
}

std::size_t HttpServer::socket_count() const { return impl_->hub.sockets.size(); }

}  // namespace swiftlet::dispatch
