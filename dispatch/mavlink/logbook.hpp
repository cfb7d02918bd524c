#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "dispatch/drone_link/drone_messages.hpp"
#include "dispatch/mavlink/flight_modes.hpp"

namespace swiftlet::mavlink {

/// What a bridge must not forget: which mission its vehicle has and how far it is with it, which numbers were used, and
/// what the service has not heard yet. On disk before anything of it is told.
struct Logbook {
  enum class Stage {
    idle,     ///< nothing to do; the mission, if there is one, is done
    waiting,  ///< for its departure
    flying,
    on_pad,  ///< landed where it was bound for; what the landing was for is not done
  };

  std::int64_t epoch = 0;
  std::int64_t last_mission_no = 0;
  std::string last_route_hash;
  std::int64_t last_command_seq = 0;
  std::string last_command_refusal;  ///< empty: it was accepted

  std::optional<drone_link::Mission> mission;
  Stage stage = Stage::idle;
  std::optional<UtcTime> landed_at;  ///< on the pad
  bool begun = true;                 ///< the vehicle flies this mission, not the one before it
  bool held = false;                 ///< told to hold
  bool lands_out = false;            ///< told to come down where it is
  bool aboard = true;                ///< what the vehicle has is this mission: it was read back
  // Who has it. Any other mode in flight is a pilot's, or a failsafe's.
  FlightMode mode = FlightMode::other;  ///< in which the bridge has put it
  std::optional<FlightMode> next_mode;  ///< which it has commanded since; not seen yet
  bool off_control = false;             ///< somebody else has it
  bool given_back = false;              ///< in the air, to wait for a way on from there
  double payload_kg = 0.0;

  // Above the region's datum, never by the vehicle's own sea level:
  std::optional<double> home_alt_msl_m;    ///< of the deck that the vehicle calls home: where it was armed
  std::optional<double> ground_alt_msl_m;  ///< of the deck that it stands on

  std::int64_t next_event_no = 0;
  std::map<std::int64_t, drone_link::DroneEvent> unacknowledged;
};

/// An empty one where there is no file yet. Errors: file_unreadable, bad_json, value_invalid (a file that is none of
/// ours).
[[nodiscard]] Expected<Logbook> read_logbook(const std::filesystem::path& file);

/// Whole or not at all, and synced. Errors: output_refused.
[[nodiscard]] Expected<void> write_logbook(const std::filesystem::path& file, const Logbook& logbook);

}  // namespace swiftlet::mavlink
