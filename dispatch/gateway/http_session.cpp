#include "dispatch/gateway/http_session.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <cctype>
#include <chrono>

#include "dispatch/gateway/http_server.hpp"
#include "dispatch/gateway/socket_session.hpp"

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
constexpr std::uint64_t kMaxBody = 64 * 1024;
constexpr std::uint32_t kMaxHeader = 16 * 1024;
constexpr std::size_t kMaxDropped = 1024 * 1024;

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

/// A stream is written whether or not anybody is there: what nobody acknowledges for so long ends it. A write alone
/// does not tell, since the kernel takes it all the same.
void give_up_unacknowledged(Tcp::socket& socket) {
  constexpr auto kMost = static_cast<unsigned>(std::chrono::milliseconds(kSilence).count());
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kMost, sizeof kMost);
}

}  // namespace

HttpSession::HttpSession(Tcp::socket socket, const TlsContext& tls, HttpHub& hub)
    : stream_(std::move(socket), tls), hub_(hub), count_(hub) {}

HttpSession::~HttpSession() {
  heard();
  if (streamed_) streamed_->attach({});
  if (streamed_) streamed_->end();
}

void HttpSession::start() {
  if (stream_.tls() == nullptr) return read();
  listen();
  stream_.tcp().expires_after(kHandshake);
  stream_.tls()->async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](beast::error_code error) {
    if (!error) self->read();
  });
}

void HttpSession::make_room() {
  heard();
  beast::close_socket(stream_.tcp());
}

void HttpSession::listen() {
  if (!place_) place_ = hub_.listening.insert(hub_.listening.end(), this);
}

void HttpSession::heard() {
  if (place_) hub_.listening.erase(*place_);
  place_.reset();
}

void HttpSession::read() {
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

void HttpSession::take() {
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
  hub_.application->handle(
      asked, [self = shared_from_this(), keep, answered, executor = stream_.get_executor()](HttpReply reply) {
        if (answered->exchange(true)) return;
        asio::post(executor, [self, keep, reply = std::move(reply)]() mutable { self->write(std::move(reply), keep); });
      });
}

void HttpSession::write(HttpReply reply, bool keep) {
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

void HttpSession::begin_stream(const HttpReply& reply) {
  streamed_ = reply.stream;
  give_up_unacknowledged(stream_.tcp().socket());
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

void HttpSession::watch_for_end() {
  stream_.tcp().expires_never();
  stream_.async_read_some(asio::buffer(dropped_),
                          [self = shared_from_this()](beast::error_code, std::size_t) { self->streamed_->end(); });
}

void HttpSession::write_stream() {
  if (writing_) return;
  streaming_ = streamed_->take();
  if (streaming_.empty()) {
    if (!streamed_->is_open()) beast::close_socket(stream_.tcp());
    return;
  }
  writing_ = true;
  stream_.tcp().expires_after(kSilence);
  asio::async_write(stream_, asio::buffer(streaming_),
                    [self = shared_from_this()](beast::error_code error, std::size_t) {
                      self->writing_ = false;
                      if (error) self->streamed_->end();
                      self->write_stream();
                    });
}

void HttpSession::take_leave() {
  listen();
  stream_.tcp().expires_after(kFarewell);
  if (stream_.tls() == nullptr) return say_no_more();
  stream_.tls()->async_shutdown([self = shared_from_this()](beast::error_code) { self->say_no_more(); });
}

void HttpSession::say_no_more() {
  beast::error_code ignored;
  stream_.tcp().socket().shutdown(Tcp::socket::shutdown_send, ignored);
  stream_.tcp().expires_after(kFarewell);
  drop_what_comes();
}

void HttpSession::drop_what_comes() {
  stream_.tcp().async_read_some(asio::buffer(dropped_),
                                [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                                  self->dropped_bytes_ += bytes;
                                  if (error || self->dropped_bytes_ > kMaxDropped) return self->shut();
                                  self->drop_what_comes();
                                });
}

void HttpSession::shut() {
  beast::error_code ignored;
  stream_.tcp().socket().shutdown(Tcp::socket::shutdown_both, ignored);
}

}  // namespace swiftlet::dispatch
