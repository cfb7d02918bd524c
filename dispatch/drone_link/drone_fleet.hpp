#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dispatch/drone_link/drone.hpp"
#include "dispatch/drone_link/drone_sockets.hpp"

namespace swiftlet::drone_link {

/// Drones on the drone link, all in one thread: the wall's clock and the sockets around the drones.
///
/// Each drone says hello, and says it again on a new socket when its connection is lost or nobody answers; it waits a
/// random while before, longer each time, so that a fleet does not come back all at once.
class DroneFleet {
 public:
  using Log = std::function<void(std::string_view drone, std::string_view what)>;

  /// Throws std::invalid_argument if the endpoint cannot be read.
  DroneFleet(const std::string& endpoint, std::vector<std::unique_ptr<Drone>> drones, Log log, LinkKeys keys = {});

  /// One turn: takes what came within `most`, lets the drones live up to now, sends what they have to say.
  void turn(std::chrono::milliseconds most);

  /// True once every drone has been answered.
  [[nodiscard]] bool ready() const;
  [[nodiscard]] std::size_t linked() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Station {
    std::unique_ptr<Drone> drone;
    bool open = false;
    Clock::time_point act_at;  ///< when to open a socket, or to give up waiting for the answer to the hello
    int attempts = 0;
    bool greeted = false;  ///< ever
    std::uint64_t frames = 0;
    // Service time as of the last hello:
    Clock::time_point replied_at;
    UtcTime replied_time;
    double speed = 1.0;

    [[nodiscard]] UtcTime service_time(Clock::time_point now) const;
  };

  void take(Station& station, std::size_t i, const DroneSockets::Received& received, Clock::time_point now);
  void keep_link(Station& station, std::size_t i, Clock::time_point now);
  void drop_link(Station& station, std::size_t i, Clock::time_point now, std::string_view why);
  void send(Station& station, std::size_t i, const DroneMessage& message);

  Log log_;
  std::vector<Station> stations_;
  DroneSockets links_;
  std::minstd_rand jitter_{std::random_device{}()};  ///< of the wall, of no world that is simulated: not seeded
};

}  // namespace swiftlet::drone_link
