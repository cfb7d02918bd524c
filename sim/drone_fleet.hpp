#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "sim/drone_agent.hpp"
#include "sim/drone_link.hpp"

namespace swiftlet::sim {

/// Drone agents over the real drone link, all in one thread: the wall's clock and the sockets around the pure agents.
///
/// Each drone says hello, and says it again on a new socket when its connection is lost or nobody answers; it waits a
/// random while before, longer each time, so that a fleet does not come back all at once.
class DroneFleet {
 public:
  using Log = std::function<void(std::string_view drone, std::string_view what)>;

  /// Throws std::invalid_argument if the endpoint cannot be read.
  DroneFleet(const std::string& endpoint, const std::vector<AgentOptions>& drones, Log log, LinkKeys keys = {});

  /// One turn: takes what came within `most`, lets the agents live up to now, sends what they have to say.
  void turn(std::chrono::milliseconds most);

  /// True once every drone has been answered.
  [[nodiscard]] bool ready() const;
  [[nodiscard]] std::size_t linked() const;
  [[nodiscard]] const DroneAgent& agent(std::size_t i) const { return stations_.at(i).agent; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Station {
    std::string drone;
    DroneAgent agent;
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

  void take(Station& station, std::size_t i, const DroneLinks::Received& received, Clock::time_point now);
  void keep_link(Station& station, std::size_t i, Clock::time_point now);
  void drop_link(Station& station, std::size_t i, Clock::time_point now, std::string_view why);
  void send(Station& station, std::size_t i, const DroneMessage& message);

  Log log_;
  std::vector<Station> stations_;
  DroneLinks links_;
  std::minstd_rand jitter_{std::random_device{}()};  ///< of the wall, not of the simulated world: not seeded
};

}  // namespace swiftlet::sim
