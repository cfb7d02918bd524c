#include "dispatch/protocol/drone_message.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>

#include "dispatch/protocol/object_reader.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> kEventKinds{"loaded", "takeoff", "released", "landed", "swapped", "fault"};

// What no delivery drone exceeds: beyond it a message is wrong, not remarkable.
constexpr double kMaxSpeed_m_s = 150.0;
constexpr double kMaxBattery_wh = 100'000.0;
constexpr double kMaxPayload_kg = 1000.0;
constexpr double kMaxAge_s = 1e9;
constexpr auto kMaxCount = static_cast<std::int64_t>(1) << 53;

GeoPoint read_position(ObjectReader& body) {
  return {.lon_deg = body.number("lon", -180.0, 180.0),
          .lat_deg = body.number("lat", -90.0, 90.0),
          .alt_msl_m = body.number("alt_msl_m", -500.0, 10'000.0)};
}

std::uint64_t read_count(ObjectReader& body, const char* field) {
  return static_cast<std::uint64_t>(body.integer(field, 0, kMaxCount));
}

std::uint64_t read_optional_count(ObjectReader& body, const char* field) {
  return static_cast<std::uint64_t>(body.optional_integer(field, 0, kMaxCount).value_or(0));
}

DroneMessage read_hello(ObjectReader& body) {
  DroneHello hello;
  hello.drone = body.optional_text("drone", 64).value_or("");
  hello.profile = body.text("profile", 64);
  if (body.has("lon") || body.has("lat") || body.has("alt_msl_m")) {
    hello.position = read_position(body);
  } else {
    for (const char* field : {"lon", "lat", "alt_msl_m"}) (void)body.optional_number(field, 0.0, 0.0);
  }
  hello.battery_wh = body.optional_number("battery_wh", 0.0, kMaxBattery_wh);
  hello.flight_id = body.optional_text("flight_id", 64).value_or("");
  hello.mission_no = read_optional_count(body, "mission_no");
  hello.last_command_seq = read_optional_count(body, "last_command_seq");
  return hello;
}

/// A state that is not known here is nobody's that the service could count on.
ControlState control_of(const std::optional<std::string>& word) {
  if (!word || *word == "service") return ControlState::service;
  return *word == "given_back" ? ControlState::given_back : ControlState::other;
}

DroneMessage read_telemetry(ObjectReader& body) {
  Telemetry telemetry;
  telemetry.n = read_count(body, "n");
  telemetry.at = body.time("at");
  telemetry.position = read_position(body);
  telemetry.v_e_m_s = body.number("v_e_m_s", -kMaxSpeed_m_s, kMaxSpeed_m_s);
  telemetry.v_n_m_s = body.number("v_n_m_s", -kMaxSpeed_m_s, kMaxSpeed_m_s);
  telemetry.v_u_m_s = body.number("v_u_m_s", -kMaxSpeed_m_s, kMaxSpeed_m_s);
  telemetry.battery_wh = body.number("battery_wh", 0.0, kMaxBattery_wh);
  telemetry.phase = body.optional_text("phase", 32).value_or("");
  telemetry.mission_no = read_optional_count(body, "mission_no");
  telemetry.payload_kg = body.optional_number("payload_kg", 0.0, kMaxPayload_kg).value_or(0.0);
  telemetry.control = control_of(body.optional_text("control", 32));
  telemetry.battery_age_s = body.optional_number("battery_age_s", 0.0, kMaxAge_s).value_or(0.0);
  telemetry.warning = body.optional_text("warning", 512).value_or("");
  return telemetry;
}

DroneMessage read_event(ObjectReader& body) {
  DroneEvent event;
  event.event_no = static_cast<std::uint64_t>(body.integer("event_no", 1, kMaxCount));
  const std::string kind = body.text("kind", 32);
  if (const auto known = drone_event_kind(kind)) {
    event.kind = *known;
  } else {
    body.refuse(
        ErrorCode::bad_request,
        fmt::format("\"{}\" is no kind of event; known are loaded, takeoff, released, landed, swapped, fault", kind),
        "kind");
  }
  event.at = body.time("at");
  if (body.has("detail")) {
    const json& detail = body.value("detail");
    event.detail = detail.is_string() ? detail.get<std::string>() : to_wire(detail);
    if (event.detail.size() > 1024) event.detail.clear();
  } else {
    (void)body.optional_text("detail", 1);
  }
  return event;
}

}  // namespace

std::string_view name(DroneEventKind kind) { return kEventKinds.at(static_cast<std::size_t>(kind)); }

std::optional<DroneEventKind> drone_event_kind(std::string_view name) {
  for (std::size_t i = 0; i < kEventKinds.size(); ++i) {
    if (kEventKinds[i] == name) return static_cast<DroneEventKind>(i);
  }
  return std::nullopt;
}

double Telemetry::speed_m_s() const { return std::hypot(v_e_m_s, v_n_m_s, v_u_m_s); }

Expected<DroneMessage> parse_drone_message(const std::string& type, const json& body) {
  ObjectReader::Fault fault;
  ObjectReader reader(body, "", fault);
  DroneMessage message;
  if (type == "drone.hello") {
    message = read_hello(reader);
  } else if (type == "telemetry") {
    message = read_telemetry(reader);
  } else if (type == "event") {
    message = read_event(reader);
  } else if (type == "mission.ack") {
    message = MissionAck{.mission_no = read_count(reader, "mission_no"),
                         .accepted = reader.boolean("accepted"),
                         .reason = reader.optional_text("reason", 256).value_or("")};
  } else if (type == "command.ack") {
    message = CommandAck{.command_seq = read_count(reader, "command_seq"),
                         .accepted = reader.boolean("accepted"),
                         .reason = reader.optional_text("reason", 256).value_or("")};
  } else {
    return fail(ErrorCode::unknown_type,
                fmt::format("\"{}\" is no message of a drone; known are drone.hello, telemetry, event, mission.ack, "
                            "command.ack",
                            type),
                "type");
  }
  // Only the hello is a request; a newer drone may report more than this service reads.
  if (std::holds_alternative<DroneHello>(message)) reader.finish();
  if (fault) return Unexpected(*fault);
  return message;
}

}  // namespace swiftlet::dispatch
