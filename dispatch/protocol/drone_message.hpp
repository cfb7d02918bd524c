#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "geo/error.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

enum class DroneEventKind { loaded, takeoff, released, landed, swapped, fault };

[[nodiscard]] std::string_view name(DroneEventKind kind);
[[nodiscard]] std::optional<DroneEventKind> drone_event_kind(std::string_view name);

struct DroneHello {
  std::string drone;  ///< empty: the service chooses (only where keys do not say who it is)
  std::string profile = {};
  std::optional<GeoPoint> position = {};  ///< absent: a simulated drone that has not been placed yet
  std::optional<double> battery_wh = {};
  std::string flight_id = {};  ///< empty: on no flight
  std::uint64_t mission_no = 0;
  std::uint64_t last_command_seq = 0;
};

/// Who has a drone in hand: the service; somebody else, a pilot or a failsafe; or the service again, where such a one
/// has left it in the air, until it gets a way on from there.
enum class ControlState { service, other, given_back };

struct Telemetry {
  std::uint64_t n = 0;
  UtcTime at = {};
  GeoPoint position = {};
  double v_e_m_s = 0.0;
  double v_n_m_s = 0.0;
  double v_u_m_s = 0.0;
  double battery_wh = 0.0;
  std::string phase = {};
  std::uint64_t mission_no = 0;
  double payload_kg = 0.0;
  ControlState control = ControlState::service;
  double battery_age_s = 0.0;  ///< how long the drone has not known its battery; 0: it knows it
  std::string warning = {};    ///< what a person has to see to now

  [[nodiscard]] double speed_m_s() const;
};

struct MissionAck {
  std::uint64_t mission_no = 0;
  bool accepted = false;
  std::string reason = {};
};

struct CommandAck {
  std::uint64_t command_seq = 0;
  bool accepted = false;
  std::string reason = {};
};

struct DroneEvent {
  std::uint64_t event_no = 0;
  DroneEventKind kind = DroneEventKind::fault;
  UtcTime at = {};
  std::string detail = {};  ///< as JSON text; empty where there is none
};

using DroneMessage = std::variant<DroneHello, Telemetry, MissionAck, CommandAck, DroneEvent>;

/// Reads the body of a drone's message into a checked value: finite and in range. Errors: unknown_type, unknown_field
/// (in a hello; reports may carry more than is read), bad_request; each names the field.
[[nodiscard]] Expected<DroneMessage> parse_drone_message(const std::string& type, const nlohmann::json& body);

}  // namespace swiftlet::dispatch
