#include "dispatch/service/router_socket.hpp"

#include <fmt/core.h>
#include <sys/random.h>

#include <cstdlib>
#include <mutex>
#include <vector>
#include <zmq.hpp>

#include "dispatch/protocol/strict_json.hpp"
#include "dispatch/service/door_test.hpp"
#include "dispatch/service/zap_handler.hpp"

namespace swiftlet::dispatch {
namespace {

// Heartbeats tell a dead peer from a silent one within this.
/// What CURVE puts round a frame; libzmq's limit counts it. Clients allow for it too (curve_client.cpp).
constexpr std::size_t kCurveBytes = 33;
constexpr int kHeartbeat_ms = 5000;
constexpr int kHeartbeatTimeout_ms = 15000;
constexpr int kLinger_ms = 1000;
constexpr int kHighWater = 2000;

/// libzmq draws its routing ids from rand(): left unseeded they are the same in every run, and a peer could guess
/// another's.
void seed_routing_ids() {
  static std::once_flag once;
  std::call_once(once, [] {
    unsigned seed = 0;
    if (getrandom(&seed, sizeof(seed), 0) != static_cast<ssize_t>(sizeof(seed))) std::abort();
    std::srand(seed);
  });
}

// Debian's header leaves this option of libzmq 4.3 out of its stable part.
constexpr int kZapEnforceDomain = 93;
constexpr const char* kZapDomain = "swiftlet";

/// From here on the socket takes nobody in whom the door has not let in; without a handler it would take everybody.
void require_keys(zmq::socket_t& socket, const KeyPair& server) {
  const int on = 1;
  if (zmq_setsockopt(socket.handle(), kZapEnforceDomain, &on, sizeof on) != 0) throw zmq::error_t();
  socket.set(zmq::sockopt::zap_domain, kZapDomain);
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, server.secret_key);
}

}  // namespace

struct RouterSocket::Impl {
  zmq::context_t context{1};
  std::unique_ptr<ZapHandler> door;
  zmq::socket_t socket{context, zmq::socket_type::router};
  std::string endpoint;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    socket.close();
    context.shutdown();  // ends the door's thread, which its destructor waits for
  }
};

RouterSocket::RouterSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RouterSocket::RouterSocket(RouterSocket&&) noexcept = default;
RouterSocket::~RouterSocket() = default;

Expected<RouterSocket> RouterSocket::bind(const RouterOptions& options) {
  seed_routing_ids();
  try {
    auto impl = std::make_unique<Impl>();
    zmq::socket_t& s = impl->socket;
    s.set(zmq::sockopt::router_mandatory, 1);
    s.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(kMaxFrameBytes + (options.door ? kCurveBytes : 0)));
    s.set(zmq::sockopt::handshake_ivl, static_cast<int>(options.handshake.count()));
    s.set(zmq::sockopt::heartbeat_ivl, kHeartbeat_ms);
    s.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeout_ms);
    s.set(zmq::sockopt::heartbeat_ttl, kHeartbeatTimeout_ms);
    s.set(zmq::sockopt::backlog, options.backlog);
    s.set(zmq::sockopt::sndhwm, kHighWater);
    s.set(zmq::sockopt::rcvhwm, kHighWater);
    s.set(zmq::sockopt::linger, kLinger_ms);
    if (options.door) {
      impl->door = std::make_unique<ZapHandler>(&impl->context, options.door->lets_in);
      require_keys(s, options.door->server);
    }
    if (options.endpoint.find('[') != std::string::npos) s.set(zmq::sockopt::ipv6, true);
    s.bind(options.endpoint);
    impl->endpoint = s.get(zmq::sockopt::last_endpoint);
    if (options.door && !refuses_strangers(impl->endpoint, options.door->server.public_key)) {
      return fail(ErrorCode::internal, "a connection with an unknown key was not refused: nothing is served",
                  impl->endpoint);
    }
    return RouterSocket(std::move(impl));
  } catch (const zmq::error_t& error) {
    return fail(ErrorCode::value_invalid, fmt::format("cannot be bound: {}", error.what()), options.endpoint);
  }
}

const std::string& RouterSocket::endpoint() const { return impl_->endpoint; }

std::optional<InboundMessage> RouterSocket::receive() {
  zmq::message_t id;
  if (!impl_->socket.recv(id, zmq::recv_flags::dontwait)) return std::nullopt;
  InboundMessage message{.routing_id = id.to_string(), .peer_key = {}, .payload = {}, .multipart = false};
  bool first = true;
  while (impl_->socket.get(zmq::sockopt::rcvmore)) {
    zmq::message_t part;
    (void)impl_->socket.recv(part, zmq::recv_flags::none);
    if (const char* key = zmq_msg_gets(part.handle(), "User-Id")) message.peer_key = key;
    if (first) {
      message.payload = part.to_string();
    } else {
      message.multipart = true;
      message.payload.clear();
    }
    first = false;
  }
  // A lone routing id cannot come from a DEALER; treat it like any other frame that is none.
  message.multipart = message.multipart || first;
  return message;
}

Sent RouterSocket::send(const std::string& routing_id, std::string_view payload) {
  try {
    const auto sent = impl_->socket.send(zmq::buffer(routing_id), zmq::send_flags::sndmore | zmq::send_flags::dontwait);
    if (!sent) return Sent::busy;
    // The first part has chosen the pipe; it has room for the message, so this cannot be refused.
    (void)impl_->socket.send(zmq::buffer(payload), zmq::send_flags::dontwait);
    return Sent::yes;
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH) return Sent::gone;
    throw;
  }
}

void RouterSocket::wait(std::span<RouterSocket* const> sockets, int fd, std::chrono::milliseconds at_most) {
  std::vector<zmq::pollitem_t> items;
  for (RouterSocket* socket : sockets) items.push_back({socket->impl_->socket.handle(), 0, ZMQ_POLLIN, 0});
  items.push_back({nullptr, fd, ZMQ_POLLIN, 0});
  try {
    zmq::poll(items, at_most);
  } catch (const zmq::error_t& error) {
    if (error.num() != EINTR) throw;
  }
}

}  // namespace swiftlet::dispatch
