#include "dispatch/service/door_test.hpp"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <zmq.hpp>

#include "dispatch/keys/key_file.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr const char* kMonitor = "inproc://door-test";
constexpr auto kPatience = std::chrono::seconds(3);
constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

/// A port that is bound on every address is tried on loopback.
std::string reachable(std::string endpoint) {
  for (const auto& [any, here] : {std::pair{"tcp://0.0.0.0:", "tcp://127.0.0.1:"}, {"tcp://[::]:", "tcp://[::1]:"}}) {
    if (endpoint.starts_with(any)) return here + endpoint.substr(std::strlen(any));
  }
  return endpoint;
}

}  // namespace

bool refuses_strangers(const std::string& endpoint, const std::string& server_public_key) {
  const KeyPair stranger = make_key_pair();
  zmq::context_t context{1};
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::ipv6, endpoint.find('[') != std::string::npos);
  socket.set(zmq::sockopt::curve_serverkey, server_public_key);
  socket.set(zmq::sockopt::curve_publickey, stranger.public_key);
  socket.set(zmq::sockopt::curve_secretkey, stranger.secret_key);
  if (zmq_socket_monitor(socket.handle(), kMonitor, kEvents) != 0) return false;
  zmq::socket_t monitor(context, zmq::socket_type::pair);
  monitor.set(zmq::sockopt::linger, 0);
  monitor.set(zmq::sockopt::rcvtimeo, static_cast<int>(std::chrono::milliseconds(kPatience).count()));
  monitor.connect(kMonitor);
  socket.connect(reachable(endpoint));
  zmq::message_t event;
  std::uint16_t what = 0;
  if (monitor.recv(event) && event.size() >= sizeof what) std::memcpy(&what, event.data(), sizeof what);
  zmq_socket_monitor(socket.handle(), nullptr, 0);
  return what == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
}

}  // namespace swiftlet::dispatch
