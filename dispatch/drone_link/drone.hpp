#pragma once

#include <string_view>
#include <vector>

#include "dispatch/drone_link/drone_messages.hpp"

namespace swiftlet::drone_link {

/// What stands behind one connection of the drone link: a vehicle, real or simulated, in service time. It reads no
/// clock and no socket of the service.
class Drone {
 public:
  Drone() = default;
  Drone(const Drone&) = delete;
  Drone& operator=(const Drone&) = delete;
  virtual ~Drone() = default;

  /// Its name, for logs.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Whether there is a vehicle to speak for; without one nobody says hello.
  [[nodiscard]] virtual bool present() const { return true; }
  /// What to say on a new connection, before anything else. Precondition: present().
  [[nodiscard]] virtual DroneHello hello() const = 0;

  virtual void link_up(const HelloReply& reply) = 0;
  virtual void link_down() = 0;
  [[nodiscard]] virtual bool linked() const = 0;

  virtual void receive(const ServiceMessage& message) = 0;
  /// Lives up to service time `now`.
  virtual void advance(UtcTime now) = 0;
  /// What it has to say since the last call, in order.
  [[nodiscard]] virtual std::vector<DroneMessage> take_outbox() = 0;
};

}  // namespace swiftlet::drone_link
