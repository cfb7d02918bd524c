#pragma once

#include <map>
#include <vector>

#include "dispatch/core/core.hpp"
#include "sim/fleet/day_clock.hpp"
#include "sim/fleet/fleet_setup.hpp"
#include "sim/fleet/onboard_fleet.hpp"

namespace swiftlet::sim {

/// The link between the core and every drone: who is on which connection, and what is lost or doubled on the way.
/// Drones speak in typed messages and take routes by pointer; everything else comes as the text that the wire has.
class FleetLink {
 public:
  /// `chance` is drawn from at each message where the scenario loses or doubles some; it must outlive this.
  FleetLink(const Scenario& scenario, const RehearsedDay& day, RandomStream& chance);

  /// What a drone says goes to the core. A hello always arrives: it is the connection's own.
  void hear(const OnboardFleet::Said& said, UtcTime now, dispatch::Core& core);
  /// What the core says goes to the drone, and its acknowledgement back at once; what that leads to is taken with the
  /// core's next effects.
  void deliver(const dispatch::OutgoingFrame& out, const DayClock& clock, OnboardFleet& fleet, dispatch::Core& core);
  /// The service was gone: every drone has a new connection and says hello on it within a few seconds.
  void reconnect(double now_s, OnboardFleet& fleet);

 private:
  void connect(std::size_t drone);
  [[nodiscard]] bool drops();
  [[nodiscard]] bool doubles();
  void hand_over_mission(std::size_t drone, UtcTime now, OnboardFleet& fleet, dispatch::Core& core);

  const Scenario& scenario_;
  const RehearsedDay& day_;
  RandomStream& chance_;
  std::map<dispatch::ConnectionId, std::size_t> drone_on_;
  std::vector<dispatch::ConnectionId> connection_of_;
  dispatch::ConnectionId next_connection_;
};

}  // namespace swiftlet::sim
