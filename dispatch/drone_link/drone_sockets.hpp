#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "dispatch/keys/key_file.hpp"

namespace swiftlet::drone_link {

/// What lets a fleet in at a service with keys. Without them the connections are plain.
struct LinkKeys {
  std::string server_public_key;               ///< empty: no keys
  std::vector<dispatch::KeyPair> drones = {};  ///< in the order of the drones
};

/// The sockets of a fleet: one DEALER a drone, all watched by one poll. Nothing here knows what a frame says.
///
/// A socket is never used again after it lost its connection, so that nothing that was queued for the old one can
/// arrive before the hello on the new one.
class DroneSockets {
 public:
  /// Nothing is opened yet. `endpoint` as ZeroMQ writes it, "tcp://127.0.0.1:7002". One key pair a drone, or none.
  DroneSockets(std::string endpoint, std::size_t drones, LinkKeys keys = {});
  ~DroneSockets();
  DroneSockets(const DroneSockets&) = delete;
  DroneSockets& operator=(const DroneSockets&) = delete;

  /// A new socket for this drone, in place of the old one; it connects in the background, and goes on trying.
  /// Throws std::invalid_argument if ZeroMQ cannot read the endpoint.
  void open(std::size_t drone);
  void close(std::size_t drone);

  /// Hands over one frame; false if the socket is closed or its queue is full (the frame is dropped).
  bool send(std::size_t drone, const std::string& frame);

  struct Received {
    std::size_t drone = 0;
    bool disconnected = false;  ///< else a frame
    bool key_refused = false;   ///< the service does not let this drone's key in
    std::string frame;
  };

  /// Waits until something comes or the time is over; a signal ends it early.
  [[nodiscard]] std::vector<Received> wait(std::chrono::milliseconds most);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::drone_link
