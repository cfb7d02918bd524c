#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/mavlink/mavlink_drone.hpp"
#include "tests/dispatch/mavlink/paper_vehicle.hpp"

namespace swiftlet::mavlink::testing {

/// When every drill begins, in service time.
[[nodiscard]] UtcTime noon();
/// The route of the drills: sim's sample, departing at noon.
[[nodiscard]] planner::Route drill_route();
/// A mission of flight "F1" along it, with a parcel of 1.5 kg.
[[nodiscard]] drone_link::Mission drill_mission(std::int64_t number, drone_link::Purpose purpose,
                                                planner::Route route = drill_route());
[[nodiscard]] drone_link::Command drill_command(std::int64_t number, std::string verb);

/// A drone with its vehicle on paper and a service that acknowledges all events; one clock of the wall, and the
/// service's beside it.
class DroneDrill {
 public:
  /// Greeted, on the route's first deck, with the service's answer to its hello.
  explicit DroneDrill(Autopilot autopilot, Handling handling = {}, bool fences = true);
  ~DroneDrill();
  DroneDrill(const DroneDrill&) = delete;
  DroneDrill& operator=(const DroneDrill&) = delete;

  void live(double seconds);
  void tell(const drone_link::ServiceMessage& message);
  /// The next telemetry.
  [[nodiscard]] drone_link::Telemetry where();
  /// Lives until it has said such a message since the last call; nothing if it says none in time.
  template <class Message>
  std::optional<Message> hear(double most_s = 30.0) {
    for (double t_s = 0.0; t_s < most_s; t_s += kStep_s) {
      for (std::size_t i = heard_; i < said.size(); ++i) {
        if (const auto* message = std::get_if<Message>(&said[i])) {
          heard_ = i + 1;
          return *message;
        }
      }
      live(kStep_s);
    }
    return std::nullopt;
  }
  /// Takes the mission, departs and is a while in the air; fails the test where it does not.
  void fly(const drone_link::Mission& mission);
  /// The kind of the next event.
  [[nodiscard]] std::string event(double most_s = 30.0);
  /// From the pad's own system, component 191 of the vehicle's; the answers to it.
  std::vector<Message> send_frame(const Message& message);

  /// The bridge is killed and started again: all that is left is what was on disk.
  void restart();

  [[nodiscard]] double now_s() const { return t_s_; }

  static constexpr double kStep_s = 0.01;
  PaperVehicle vehicle;
  std::vector<drone_link::DroneMessage> said = {};
  std::vector<std::string> log = {};
  std::optional<MavlinkDrone> drone;
  bool acknowledges = true;

 private:
  void start();
  void greet();

  Handling handling_;
  bool fences_;
  std::filesystem::path folder_;
  double t_s_ = 0.0;
  std::size_t heard_ = 0;
};

}  // namespace swiftlet::mavlink::testing
