#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sim/drone_agent.hpp"

namespace swiftlet::sim::testing {

/// When every drill begins.
[[nodiscard]] UtcTime noon();

/// Drone "D01" in a light wind with gusts.
[[nodiscard]] AgentOptions options_with(std::uint64_t seed);

/// The service's answer to its hello: its home is where sample_route() begins.
[[nodiscard]] HelloReply reply_at(UtcTime time, std::int64_t epoch = 1);

/// A mission of flight "F1" with a parcel of 1.5 kg.
[[nodiscard]] Mission mission_of(std::int64_t number, planner::Route route, std::optional<Purpose> purpose,
                                 std::int64_t epoch = 1);

/// A linked agent, a clock, and all that it has said, in order.
struct AgentDrill {
  DroneAgent agent;
  UtcTime now = noon();
  std::vector<DroneMessage> said = {};

  explicit AgentDrill(const AgentOptions& options);

  void live(std::chrono::milliseconds time);
  void tell(const ServiceMessage& message);
  /// Lives on until an event of this kind is said, acknowledging all events; nothing if none comes within the time.
  std::optional<DroneEvent> live_until(std::string_view kind, std::chrono::seconds most = std::chrono::seconds(600));
  /// What it answers to the mission.
  MissionAck offer(const Mission& mission);
  /// What it has said of that type.
  template <class Message>
  [[nodiscard]] std::vector<Message> all() const {
    std::vector<Message> found;
    for (const DroneMessage& message : said) {
      if (const auto* one = std::get_if<Message>(&message)) found.push_back(*one);
    }
    return found;
  }
};

}  // namespace swiftlet::sim::testing
