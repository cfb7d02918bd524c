#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "geo/error.hpp"
#include "geo/geo_point.hpp"
#include "geo/utc_time.hpp"
#include "planner/route.hpp"

/// The messages of the drone link as the drone sees them: what it says and what it is told.
namespace swiftlet::drone_link {

// ---- drone → service ----

struct DroneHello {
  std::string drone;  ///< only heeded where the link has no keys
  std::string profile;
  std::optional<GeoPoint> position;  ///< nothing: not placed yet, the service says where home is
  double battery_wh = 0.0;
  std::string flight_id;  ///< empty: no mission aboard
  std::optional<std::int64_t> mission_no;
  std::int64_t last_command_seq = 0;
};

struct MissionAck {
  std::int64_t mission_no = 0;
  bool accepted = false;
  std::string reason;  ///< where it was not accepted
};

struct CommandAck {
  std::int64_t command_seq = 0;
  bool accepted = false;
  std::string reason;
};

struct Telemetry {
  std::int64_t n = 0;
  UtcTime at;
  GeoPoint position;
  double v_e_m_s = 0.0;
  double v_n_m_s = 0.0;
  double v_u_m_s = 0.0;
  double battery_wh = 0.0;
  std::string_view phase;
  std::int64_t mission_no = 0;
  double payload_kg = 0.0;
  /// "other": somebody else than the service has it, a pilot or a failsafe; "given_back": it hovers where such a one
  /// has left it, until it gets a way on from there. Empty: the service has it.
  std::string_view control = {};
  double battery_age_s = 0.0;  ///< since it last knew its battery; 0: it knows it
  std::string warning = {};    ///< what a person has to see to now, in words
};

struct DroneEvent {
  std::int64_t event_no = 0;
  std::string_view kind;  ///< loaded, takeoff, released, landed, swapped or fault
  UtcTime at;
  std::int64_t mission_no = 0;
  double payload_kg = 0.0;  ///< aboard when it happened
  std::string fault;        ///< what is broken, in words
};

using DroneMessage = std::variant<DroneHello, MissionAck, CommandAck, Telemetry, DroneEvent>;

/// One frame of the link. `id` is echoed by replies. Positions are rounded to 10⁻⁸ degrees and 1 mm, the rest to 10⁻³.
[[nodiscard]] std::string encode(const DroneMessage& message, std::string_view id);

// ---- service → drone ----

/// Where the service says that a drone without a position stands is `home`.
struct HelloReply {
  std::string drone;
  std::int64_t epoch = 0;
  UtcTime time;
  double speed = 1.0;  ///< service seconds a second
  std::optional<GeoPoint> home;
};

/// The service said no to a request.
struct Refusal {
  std::string code;
  std::string message;
};

/// What a mission is for, and so what the drone does once it has landed: take the parcel, let go of it, or have its
/// battery changed.
/// `stand`: nothing (on another pad than it was bound for).
enum class Purpose { pickup, deliver, home, stand };
/// As a mission names it.
[[nodiscard]] std::string_view name(Purpose purpose);

struct Mission {
  std::int64_t epoch = 0;
  std::int64_t mission_no = 0;
  std::string flight_id;
  planner::Route route;
  std::string route_hash;
  std::optional<Purpose> purpose;
  std::optional<double> parcel_kg;  ///< what the drone will find at the pick-up
  std::optional<UtcTime> ready_at;  ///< before which it will not find it
};

struct Command {
  std::int64_t epoch = 0;
  std::int64_t command_seq = 0;
  std::string verb;
  std::optional<planner::Route> route = {};  ///< of divert: from where it hovers
  std::string route_hash = {};
};

struct EventAck {
  std::int64_t event_no = 0;
};

using ServiceMessage = std::variant<HelloReply, Refusal, Mission, Command, EventAck>;

/// Reads one frame. Fields that it does not know are ignored.
/// Errors: bad_json; bad_request with the field; unknown_type; unsupported_version.
[[nodiscard]] Expected<ServiceMessage> decode(std::string_view frame);

}  // namespace swiftlet::drone_link
