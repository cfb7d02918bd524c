#include "dispatch/mavlink/bridge.hpp"

#include <utility>

namespace swiftlet::mavlink {
namespace {

using namespace std::chrono_literals;

constexpr auto kTurn = 5ms;

bool is_same(const UdpPort::Peer& a, const UdpPort::Peer& b) {
  return a.sin_addr.s_addr == b.sin_addr.s_addr && a.sin_port == b.sin_port;
}

std::vector<std::unique_ptr<drone_link::Drone>> alone(std::unique_ptr<drone_link::Drone> drone) {
  std::vector<std::unique_ptr<drone_link::Drone>> fleet;
  fleet.push_back(std::move(drone));
  return fleet;
}

}  // namespace

Bridge::Bridge(UdpPort port, std::optional<SigningKey> signing_key, const std::string& endpoint,
               drone_link::LinkKeys keys, MavlinkDroneOptions options, Logbook logbook)
    : port_(std::move(port)),
      signing_(signing_key ? std::optional<Signing>(*signing_key) : std::nullopt),
      log_(options.log),
      own_(options.own),
      drone_(new MavlinkDrone(std::move(options), std::move(logbook))),
      fleet_(
          endpoint, alone(std::unique_ptr<drone_link::Drone>(drone_)),
          [log = log_](std::string_view /*drone*/, std::string_view what) { log(what); }, std::move(keys)),
      reader_(signing()) {}

void Bridge::hear(const UdpPort::Datagram& datagram, WallTime now) {
  // Frames do not reach from one sender's datagrams into another's.
  if (!reader_of_ || !is_same(*reader_of_, datagram.from)) {
    reader_ = FrameReader(signing());
    reader_of_ = datagram.from;
  }
  for (const Frame& frame : reader_.read(datagram.bytes)) {
    if (!drone_->is_of_vehicle(frame)) continue;
    if (frame.from.component == kAutopilotComponent) port_.set_peer(datagram.from);
    drone_->hear(frame, now);
    for (const Message& answer : drone_->take_answers()) port_.send(frame_of(answer), datagram.from);
  }
  if (reader_.counts().not_signed > 0 && !std::exchange(told_not_signed_, true)) {
    log_("somebody speaks without a valid signature and is not heard");
  }
  if (reader_.counts().mavlink1 > 0 && !std::exchange(told_version_1_, true)) {
    log_(
        "somebody speaks MAVLink 1, which is not read: set the vehicle to version 2 (ArduPilot SERIALn_PROTOCOL 2, PX4 "
        "MAV_PROTO_VER 2)");
  }
}

void Bridge::turn() {
  const WallTime now = std::chrono::steady_clock::now();
  for (const UdpPort::Datagram& datagram : port_.receive()) hear(datagram, now);
  drone_->live(now);
  fleet_.turn(kTurn);
  for (const Message& message : drone_->take_messages()) port_.send(frame_of(message));
}

}  // namespace swiftlet::mavlink
