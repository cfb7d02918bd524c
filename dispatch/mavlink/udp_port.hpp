#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>
#include <vector>

#include "dispatch/mavlink/frame.hpp"
#include "geo/error.hpp"

namespace swiftlet::mavlink {

/// A UDP socket towards one vehicle: one that listens until a vehicle speaks, or one that speaks to it first.
class UdpPort {
 public:
  using Peer = sockaddr_in;
  struct Datagram {
    Peer from;
    Bytes bytes;
  };

  /// "udp://HOST:PORT", HOST an IPv4 address or a name. Errors: usage (what cannot be read or found), config_invalid (a
  /// port that is taken or an address that is not this machine's), each naming `option`.
  [[nodiscard]] static Expected<UdpPort> listen(const std::string& url, const std::string& option);
  [[nodiscard]] static Expected<UdpPort> towards(const std::string& url, const std::string& option);

  UdpPort(UdpPort&& other) noexcept;
  UdpPort& operator=(UdpPort&&) = delete;
  ~UdpPort();

  /// All that has come; never waits.
  [[nodiscard]] std::vector<Datagram> receive();
  /// To the peer; nothing where there is none yet. What finds no room is lost like a frame in the air.
  void send(const Bytes& bytes);
  void send(const Bytes& bytes, const Peer& to);
  /// Whom to speak to from now on: the vehicle may come back from another port.
  void set_peer(const Peer& peer) { peer_ = peer; }
  /// The port of this side.
  [[nodiscard]] std::uint16_t port() const;

 private:
  explicit UdpPort(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
  std::optional<Peer> peer_;
};

}  // namespace swiftlet::mavlink
