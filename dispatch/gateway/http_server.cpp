#include "dispatch/gateway/http_server.hpp"

#include <fmt/core.h>

#include <utility>  // before asio: Boost 1.74 forgets it

#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <chrono>
#include <deque>
#include <list>
#include <set>
#include <thread>

#include "dispatch/gateway/tls_certificate.hpp"
#include "dispatch/gateway/wire_stream.hpp"

namespace swiftlet::dispatch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using Tcp = asio::ip::tcp;

constexpr auto kSilence = std::chrono::seconds(30);
constexpr auto kHandshake = std::chrono::seconds(10);
constexpr auto kFarewell = std::chrono::seconds(2);
constexpr auto kSocketIdle = std::chrono::seconds(90);
constexpr std::uint64_t kMaxBody = 64 * 1024;
constexpr std::uint32_t kMaxHeader = 16 * 1024;
constexpr std::size_t kMaxConnections = 256;
constexpr std::size_t kMaxWaiting = 1024 * 1024;
constexpr std::size_t kMaxMessage = 4096;
constexpr std::size_t kMaxDropped = 1024 * 1024;
constexpr int kMaxAside = 16;

HttpRequest as_request(const http::request<http::string_body>& from) {
  HttpRequest request{.method = std::string(from.method_string()), .body = from.body()};
  const std::string target(from.target());
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) request.query = target.substr(question + 1);
  for (const auto& field : from) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request.headers[name] = std::string(field.value());
  }
  return request;
}

http::response<http::string_body> as_response(const HttpReply& reply, unsigned version, bool keep_alive, bool head) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status), version);
  response.set(http::field::content_type, reply.content_type);
  for (const auto& [name, value] : reply.headers) response.insert(name, value);
  response.keep_alive(keep_alive);
  const std::size_t size = reply.body ? reply.body->size() : 0;
  if (reply.body && !head) response.body() = *reply.body;
  response.content_length(size);
  return response;
}

/// What connections share; lives on the server's thread.
struct Hub;

/// One WebSocket: what waits for its client, in order, bounded.
class SocketSession : public std::enable_shared_from_this<SocketSession> {
 public:
  SocketSession(WireStream stream, Hub& hub, std::string owner)
      : socket_(std::move(stream)), hub_(hub), owner_(std::move(owner)) {}

  void open(const http::request<http::string_body>& upgrade);
  void send(const std::shared_ptr<const std::string>& message);
  void close();
  [[nodiscard]] const std::string& owner() const { return owner_; }

 private:
  void read();
  void write();
  void send_snapshot();

  websocket::stream<WireStream> socket_;
  Hub& hub_;
  std::string owner_;
  beast::flat_buffer inbox_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool open_ = false;
  bool writing_ = false;
  bool behind_ = false;  ///< what waited was dropped: the next thing is the whole state
};

class HttpSession;

struct Hub {
  HttpApplication* application = nullptr;
  std::set<std::shared_ptr<SocketSession>> sockets = {};
  std::list<HttpSession*> listening = {};  ///< those whose client has the word, the longest first
  std::size_t connections = 0;
};

/// Counts one connection for as long as it lives.
class ConnectionCount {
 public:
  explicit ConnectionCount(Hub& hub) : hub_(&hub) { ++hub_->connections; }
  ~ConnectionCount() { --hub_->connections; }
  ConnectionCount(const ConnectionCount&) = delete;
  ConnectionCount& operator=(const ConnectionCount&) = delete;

 private:
  Hub* hub_;
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(Tcp::socket socket, const TlsContext& tls, Hub& hub)
      : stream_(std::move(socket), tls), hub_(hub), count_(hub) {}
  ~HttpSession() {
    heard();
    if (streamed_) streamed_->attach({});
    if (streamed_) streamed_->end();
  }
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  void start() {
    if (stream_.tls() == nullptr) return read();
    listen();
    stream_.tcp().expires_after(kHandshake);
    stream_.tls()->async_handshake(asio::ssl::stream_base::server,
                                   [self = shared_from_this()](beast::error_code error) {
                                     if (!error) self->read();
                                   });
  }

  /// Its place is needed. Precondition: nobody waits for its answer.
  void make_room() {
    heard();
    beast::close_socket(stream_.tcp());
  }

 private:
  void listen() {
    if (!place_) place_ = hub_.listening.insert(hub_.listening.end(), this);
  }
  void heard() {
    if (place_) hub_.listening.erase(*place_);
    place_.reset();
  }

  void read() {
    listen();
    parser_.emplace();
    parser_->body_limit(kMaxBody);
    parser_->header_limit(kMaxHeader);
    stream_.tcp().expires_after(kSilence);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      self->heard();
      if (error == http::error::body_limit)
        return self->write(refusal({.code = ErrorCode::bad_request, .message = "a body has at most 64 KiB"}), false);
      if (error) return self->shut();
      self->take();
    });
  }

  void take() {
    const auto& request = parser_->get();
    const HttpRequest asked = as_request(request);
    if (websocket::is_upgrade(request)) {
      auto owner = hub_.application->admit_socket(asked);
      if (!owner) return write(std::move(owner.error()), false);
      auto session = std::make_shared<SocketSession>(std::move(stream_), hub_, std::move(*owner));
      session->open(request);
      return;
    }
    stream_.tcp().expires_never();  // the answer may take its time; the application bounds that
    const bool keep = request.keep_alive();
    const auto answered = std::make_shared<std::atomic<bool>>(false);
    hub_.application->handle(asked, [self = shared_from_this(), keep, answered,
                                     executor = stream_.get_executor()](HttpReply reply) {
      if (answered->exchange(true)) return;
      asio::post(executor, [self, keep, reply = std::move(reply)]() mutable { self->write(std::move(reply), keep); });
    });
  }

  void write(HttpReply reply, bool keep) {
    const auto& request = parser_->get();
    if (reply.stream) return begin_stream(reply);
    response_ =
        as_response(reply, request.version() == 0 ? 11 : request.version(), keep, request.method() == http::verb::head);
    stream_.tcp().expires_after(kSilence);
    http::async_write(stream_, response_, [self = shared_from_this(), keep](beast::error_code error, std::size_t) {
      if (error) return self->shut();
      if (!keep) return self->take_leave();
      self->read();
    });
  }

  /// The head, then what the stream is offered; its end is that of the connection.
  void begin_stream(const HttpReply& reply) {
    streamed_ = reply.stream;
    response_ = as_response(reply, 11, false, true);
    response_.content_length(boost::none);
    serializer_.emplace(response_);
    stream_.tcp().expires_after(kSilence);
    http::async_write_header(stream_, *serializer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->shut();
      self->watch_for_end();
      self->streamed_->attach([weak = self->weak_from_this(), executor = self->stream_.get_executor()] {
        asio::post(executor, [weak] {
          if (const auto alive = weak.lock()) alive->write_stream();
        });
      });
    });
  }

  /// Nothing is to come from the client any more; if anything does, or it goes, the stream ends.
  void watch_for_end() {
    stream_.tcp().expires_never();
    stream_.async_read_some(asio::buffer(dropped_),
                            [self = shared_from_this()](beast::error_code, std::size_t) { self->streamed_->end(); });
  }

  void write_stream() {
    if (writing_) return;
    if (!streamed_->is_open()) return beast::close_socket(stream_.tcp());
    streaming_ = streamed_->take();
    if (streaming_.empty()) return;
    writing_ = true;
    stream_.tcp().expires_after(kSilence);
    asio::async_write(stream_, asio::buffer(streaming_),
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        self->writing_ = false;
                        if (error) self->streamed_->end();
                        self->write_stream();
                      });
  }

  /// Ends after the answer, also to a request that was not read to its end: what still comes is dropped for a while,
  /// since closing on it would tear the answer out of the client's hands.
  void take_leave() {
    listen();
    stream_.tcp().expires_after(kFarewell);
    if (stream_.tls() == nullptr) return say_no_more();
    stream_.tls()->async_shutdown([self = shared_from_this()](beast::error_code) { self->say_no_more(); });
  }

  void say_no_more() {
    beast::error_code ignored;
    stream_.tcp().socket().shutdown(Tcp::socket::shutdown_send, ignored);
    stream_.tcp().expires_after(kFarewell);
    drop_what_comes();
  }

  void drop_what_comes() {
    stream_.tcp().async_read_some(asio::buffer(dropped_),
                                  [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                                    self->dropped_bytes_ += bytes;
                                    if (error || self->dropped_bytes_ > kMaxDropped) return self->shut();
                                    self->drop_what_comes();
                                  });
  }

  void shut() {
    beast::error_code ignored;
    stream_.tcp().socket().shutdown(Tcp::socket::shutdown_both, ignored);
  }

  WireStream stream_;
  Hub& hub_;
  ConnectionCount count_;
  std::optional<std::list<HttpSession*>::iterator> place_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  std::shared_ptr<ReplyStream> streamed_;
  std::string streaming_;  ///< on its way
  bool writing_ = false;
  std::array<char, 4096> dropped_;
  std::size_t dropped_bytes_ = 0;
};

void SocketSession::open(const http::request<http::string_body>& upgrade) {
  // The stream's own timeouts from here on; the HTTP one would cut it off.
  socket_.next_layer().tcp().expires_never();
  socket_.set_option(websocket::stream_base::timeout{
      .handshake_timeout = kSilence, .idle_timeout = kSocketIdle, .keep_alive_pings = true});
  socket_.read_message_max(kMaxMessage);
  socket_.text(true);
  socket_.auto_fragment(false);  // a message is one frame, as everywhere else
  hub_.sockets.insert(shared_from_this());
  socket_.async_accept(upgrade, [self = shared_from_this()](beast::error_code error) {
    if (error) return self->close();
    self->open_ = true;
    self->send_snapshot();
    self->read();
  });
}

void SocketSession::send_snapshot() {
  behind_ = false;
  waiting_.clear();
  waiting_bytes_ = 0;
  send(hub_.application->snapshot());
}

void SocketSession::send(const std::shared_ptr<const std::string>& message) {
  if (!open_ || behind_) return;
  // One message may be larger than the bound, or a large state could never be sent.
  if (!waiting_.empty() && waiting_bytes_ + message->size() > kMaxWaiting) {
    behind_ = true;
    waiting_.clear();
    waiting_bytes_ = 0;
    return;
  }
  waiting_.push_back(message);
  waiting_bytes_ += message->size();
  if (!writing_) write();
}

void SocketSession::write() {
  if (waiting_.empty()) return;
  writing_ = true;
  auto message = waiting_.front();
  waiting_.pop_front();
  waiting_bytes_ -= message->size();
  socket_.async_write(asio::buffer(*message),
                      [self = shared_from_this(), message](beast::error_code error, std::size_t) {
                        self->writing_ = false;
                        if (error) return self->close();
                        if (self->behind_) return self->send_snapshot();
                        self->write();
                      });
}

void SocketSession::read() {
  socket_.async_read(inbox_, [self = shared_from_this()](beast::error_code error, std::size_t) {
    if (error) return self->close();
    const std::string message = beast::buffers_to_string(self->inbox_.data());
    self->inbox_.consume(self->inbox_.size());
    if (!self->hub_.application->asks_for_snapshot(message)) return self->close();
    if (!self->behind_) self->send_snapshot();
    self->read();
  });
}

void SocketSession::close() {
  open_ = false;
  hub_.sockets.erase(shared_from_this());
  beast::error_code ignored;
  socket_.next_layer().tcp().socket().close(ignored);
}

}  // namespace

struct HttpServer::Impl {
  Impl(Tcp::acceptor bound, std::unique_ptr<asio::io_context> context, std::optional<TlsCertificate> own)
      : certificate(std::move(own)), io(std::move(context)), acceptor(std::move(bound)) {}

  void accept() {
    acceptor.async_accept([this](beast::error_code error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error && has_room()) {
        beast::error_code ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
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
  Hub hub;  // before what follows: handlers that are dropped with the context still count in it
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
  return std::unique_ptr<HttpServer>(
      new HttpServer(std::make_unique<Impl>(std::move(acceptor), std::move(io), std::move(certificate))));
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
