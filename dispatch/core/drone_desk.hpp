#pragma once

#include <string>
#include <string_view>

#include "dispatch/core/flight_desk.hpp"

namespace swiftlet::dispatch {

/// Who talks on the drones' port: `authenticated` is who its key says it is; empty where there are no keys.
struct DronePeer {
  ConnectionId connection = 0;
  std::string authenticated = {};
};

/// Listens to drones: who is there, where it is, what it reports.
class DroneDesk {
 public:
  DroneDesk(CoreContext& context, FlightDesk& flights) : context_(context), flights_(flights) {}

  void on_frame(const DronePeer& peer, std::string_view frame);
  /// What a frame said; `re` is its id.
  void on_message(const DronePeer& peer, const std::optional<std::string>& re, const DroneMessage& message);
  /// Alarms about drones that fell silent.
  void tick();

 private:
  void on_hello(const DronePeer& peer, const std::string& re, const DroneHello& hello);
  void on_telemetry(const std::string& drone, const Telemetry& telemetry);
  /// Told once each: who has it in hand, what it warns of, a battery that it has lost sight of.
  void note_what_changed(const std::string& drone, const Telemetry& telemetry);
  void on_event(const DronePeer& peer, const std::string& drone, const DroneEvent& event);
  /// The registered drone that a hello without keys speaks for. Errors: not_found, conflict.
  [[nodiscard]] Expected<std::string> identify(const DronePeer& peer, const DroneHello& hello) const;
  void refuse(const DronePeer& peer, const std::optional<std::string>& re, const Error& error);

  CoreContext& context_;
  FlightDesk& flights_;
};

}  // namespace swiftlet::dispatch
