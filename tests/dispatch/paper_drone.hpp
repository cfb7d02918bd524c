#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>

#include "dispatch/core/effects.hpp"

namespace swiftlet::dispatch::drill {

/// A drone on paper: flies missions to the letter of their times, loads and releases, repeats its events until they
/// are acknowledged.
struct PaperDrone {
  std::string id;
  ConnectionId connection = 0;
  bool linked = false;
  GeoPoint position;
  std::uint64_t n = 0;
  std::uint64_t event_no = 0;
  std::map<std::uint64_t, nlohmann::json> unacknowledged;
  std::uint64_t mission_no = 0;
  std::uint64_t command_seq = 0;
  std::string flight_id;
  std::string purpose;
  std::optional<planner::Route> route;
  std::optional<UtcTime> departed_at;
  bool flying = false;
  std::optional<UtcTime> held_since;
  std::optional<double> battery_wh;  ///< what it reports; full if nothing
  double off_route_deg = 0.0;        ///< blown that far to the north
  bool lands_out = false;            ///< was told to come down where it is
  std::string control;  ///< "other": a pilot has it, who stands still with it and takes nothing from anybody
  double battery_age_s = 0.0;
  int told_while_off_control = 0;  ///< missions and commands that came meanwhile
  double payload_kg = 0.0;
  std::optional<UtcTime> ready_at;      ///< before which there is no parcel to load
  std::optional<UtcTime> task_ends_at;  ///< loading, releasing or swapping until then

  void take_over(UtcTime now);
  /// It hovers, and waits for a way on.
  void give_back() { control = "given_back"; }
  /// What the core says to it.
  void take(const nlohmann::json& message, UtcTime now);
  /// What happens to it until now: the kind of the event that is to be said, if any.
  [[nodiscard]] std::optional<std::string> fly(UtcTime now, std::mt19937_64& random);

  // Bodies of its own messages. `full_wh` is what it reports where battery_wh says nothing else.
  [[nodiscard]] nlohmann::json hello(double full_wh) const;
  /// Counted, and kept until it is acknowledged.
  [[nodiscard]] nlohmann::json event(const std::string& kind, UtcTime now);
  [[nodiscard]] nlohmann::json telemetry(double full_wh, UtcTime now);
};

}  // namespace swiftlet::dispatch::drill
