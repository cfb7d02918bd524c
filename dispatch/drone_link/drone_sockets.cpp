#include "dispatch/drone_link/drone_sockets.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>
#include <zmq.hpp>

#include "dispatch/keys/curve_client.hpp"

namespace swiftlet::drone_link {
namespace {

constexpr int kHeartbeat_ms = 1000;
constexpr int kHeartbeatTimeout_ms = 3000;
constexpr int kMostReconnect_ms = 1000;
// A drone's own socket and both ends of its monitor; as much again while those of a lost connection are still closing.
constexpr std::size_t kSocketsOfADrone = 6;
constexpr std::size_t kSocketsAtLeast = 64;

}  // namespace

struct DroneSockets::Impl {
  struct Link {
    std::optional<zmq::socket_t> socket;
    std::optional<zmq::socket_t> monitor;
  };

  std::string endpoint;
  LinkKeys keys;
  zmq::context_t context{1};
  std::vector<Link> links;
  std::uint64_t opened = 0;  ///< names the monitors

  struct Loss {
    bool disconnected = false;
    bool key_refused = false;
  };
  /// What the monitor says of the connection.
  static Loss loss_of(zmq::socket_t& monitor) {
    Loss loss;
    zmq::message_t frame;
    while (monitor.recv(frame, zmq::recv_flags::dontwait)) {
      std::uint16_t event = 0;  // the first frame: event, then a 32-bit value; the second one is the address
      std::memcpy(&event, frame.data(), sizeof event);
      loss.disconnected = loss.disconnected || event == ZMQ_EVENT_DISCONNECTED;
      loss.key_refused = loss.key_refused || event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
      while (frame.more() && monitor.recv(frame, zmq::recv_flags::dontwait)) {
      }
    }
    return loss;
  }

  static void take_frames(zmq::socket_t& socket, std::size_t drone, std::vector<Received>& received) {
    zmq::message_t frame;
    while (socket.recv(frame, zmq::recv_flags::dontwait)) {
      bool single = !frame.more();
      while (frame.more() && socket.recv(frame, zmq::recv_flags::dontwait)) single = false;
      if (single)
        received.push_back({.drone = drone, .disconnected = false, .key_refused = false, .frame = frame.to_string()});
    }
  }
};

DroneSockets::DroneSockets(std::string endpoint, std::size_t drones, LinkKeys keys) : impl_(std::make_unique<Impl>()) {
  impl_->endpoint = std::move(endpoint);
  impl_->keys = std::move(keys);
  impl_->links.resize(drones);
  // ZeroMQ's own limit of 1023 sockets is that of 340 drones.
  impl_->context.set(zmq::ctxopt::max_sockets, static_cast<int>(kSocketsAtLeast + kSocketsOfADrone * drones));
}

DroneSockets::~DroneSockets() {
  for (std::size_t i = 0; i < impl_->links.size(); ++i) close(i);
}

void DroneSockets::open(std::size_t drone) {
  close(drone);
  Impl::Link& link = impl_->links.at(drone);
  zmq::socket_t socket(impl_->context, zmq::socket_type::dealer);
  const bool with_keys = !impl_->keys.server_public_key.empty();
  dispatch::set_up_client_socket(socket.handle(), impl_->keys.server_public_key,
                                 with_keys ? impl_->keys.drones.at(drone) : dispatch::KeyPair());
  socket.set(zmq::sockopt::heartbeat_ivl, kHeartbeat_ms);
  socket.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeout_ms);
  socket.set(zmq::sockopt::reconnect_ivl, 100);
  socket.set(zmq::sockopt::reconnect_ivl_max, kMostReconnect_ms);

  const std::string name = fmt::format("inproc://drone-link-{}", ++impl_->opened);
  if (zmq_socket_monitor(socket.handle(), name.c_str(), ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) != 0)
    throw zmq::error_t();
  zmq::socket_t monitor(impl_->context, zmq::socket_type::pair);
  monitor.set(zmq::sockopt::linger, 0);
  monitor.connect(name);
  try {
    socket.connect(impl_->endpoint);
  } catch (const zmq::error_t& error) {
    throw std::invalid_argument(fmt::format("cannot connect to '{}': {}", impl_->endpoint, error.what()));
  }
  link.socket = std::move(socket);
  link.monitor = std::move(monitor);
}

void DroneSockets::close(std::size_t drone) {
  Impl::Link& link = impl_->links.at(drone);
  if (link.socket) zmq_socket_monitor(link.socket->handle(), nullptr, 0);
  link.monitor.reset();
  link.socket.reset();
}

bool DroneSockets::send(std::size_t drone, const std::string& frame) {
  Impl::Link& link = impl_->links.at(drone);
  return link.socket && link.socket->send(zmq::buffer(frame), zmq::send_flags::dontwait).has_value();
}

std::vector<DroneSockets::Received> DroneSockets::wait(std::chrono::milliseconds most) {
  std::vector<zmq::pollitem_t> items;
  std::vector<std::size_t> drones;
  for (std::size_t i = 0; i < impl_->links.size(); ++i) {
    Impl::Link& link = impl_->links[i];
    if (!link.socket) continue;
    items.push_back({link.socket->handle(), 0, ZMQ_POLLIN, 0});
    items.push_back({link.monitor->handle(), 0, ZMQ_POLLIN, 0});
    drones.push_back(i);
  }
  std::vector<Received> received;
  try {
    zmq::poll(items, most);
    for (std::size_t k = 0; k < drones.size(); ++k) {
      Impl::Link& link = impl_->links[drones[k]];
      if ((items[2 * k].revents & ZMQ_POLLIN) != 0) Impl::take_frames(*link.socket, drones[k], received);
      if ((items[2 * k + 1].revents & ZMQ_POLLIN) == 0) continue;
      const Impl::Loss loss = Impl::loss_of(*link.monitor);
      if (!loss.disconnected && !loss.key_refused) continue;
      received.push_back(
          {.drone = drones[k], .disconnected = loss.disconnected, .key_refused = loss.key_refused, .frame = {}});
    }
  } catch (const zmq::error_t& error) {
    if (error.num() != EINTR) throw;
  }
  return received;
}

}  // namespace swiftlet::drone_link
