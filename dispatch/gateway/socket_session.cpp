#include "dispatch/gateway/socket_session.hpp"

#include <chrono>

#include "dispatch/gateway/http_server.hpp"

namespace swiftlet::dispatch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr auto kHandshake = std::chrono::seconds(30);
constexpr auto kIdle = std::chrono::seconds(90);
constexpr std::size_t kMaxWaiting = 1024 * 1024;
constexpr std::size_t kMaxMessage = 4096;

}  // namespace

void SocketSession::open(const http::request<http::string_body>& upgrade) {
  // The stream's own timeouts from here on; the HTTP one would cut it off.
  socket_.next_layer().tcp().expires_never();
  socket_.set_option(websocket::stream_base::timeout{
      .handshake_timeout = kHandshake, .idle_timeout = kIdle, .keep_alive_pings = true});
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

}  // namespace swiftlet::dispatch
