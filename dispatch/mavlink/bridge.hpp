#pragma once

#include <string>

#include "dispatch/drone_link/drone_fleet.hpp"
#include "dispatch/mavlink/mavlink_drone.hpp"
#include "dispatch/mavlink/udp_port.hpp"

namespace swiftlet::mavlink {

/// One vehicle between two links: MAVLink over UDP on one side, the drone link of the service on the other.
class Bridge {
 public:
  /// Throws std::invalid_argument where the service's endpoint cannot be read.
  /// With a signing key every frame has to be signed with it, and is.
  Bridge(UdpPort port, std::optional<SigningKey> signing, const std::string& endpoint, drone_link::LinkKeys keys,
         MavlinkDroneOptions options, Logbook logbook);
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  /// One turn: what came from both sides, what is due, what there is to say. Waits a few milliseconds.
  /// Throws LogbookLost.
  void turn();

  [[nodiscard]] bool ready() const { return fleet_.ready(); }
  [[nodiscard]] std::uint16_t port() const { return port_.port(); }

 private:
  void hear(const UdpPort::Datagram& datagram, WallTime now);
  [[nodiscard]] Bytes frame_of(const Message& message) { return encode(message, own_, sequence_++, signing()); }
  [[nodiscard]] Signing* signing() { return signing_ ? &*signing_ : nullptr; }

  UdpPort port_;
  std::optional<Signing> signing_;
  std::function<void(std::string_view)> log_;
  Address own_;
  MavlinkDrone* drone_;  ///< the fleet's only one
  drone_link::DroneFleet fleet_;
  FrameReader reader_;  ///< of the last sender
  std::optional<UdpPort::Peer> reader_of_;
  bool told_version_1_ = false;
  bool told_not_signed_ = false;
  std::uint8_t sequence_ = 0;
};

}  // namespace swiftlet::mavlink
