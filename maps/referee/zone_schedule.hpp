#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/utc_time.hpp"

namespace date {
class time_zone;
}

namespace swiftlet::maps::referee {

/// A time of day on a named weekday, as milliseconds after 00:00 UTC of that day's date. With an offset of its own it
/// may fall on the day before or after.
using DayTime = std::chrono::milliseconds;

/// A window that recurs on some days of the week. Its clock is UTC's, or a time zone's: the window then takes the
/// widest reading of its times where that clock is changed.
struct WeeklyWindow {
  bool on[7] = {true, true, true, true, true, true, true};  ///< Monday first
  DayTime start{0};
  DayTime end{std::chrono::days(1)};
  const date::time_zone* clock = nullptr;  ///< of the process's time zone database, which lives as long as it does
};

/// One entry of ED-269's applicability: between the dates, inside one of the windows if there are any.
struct ActivePeriod {
  std::optional<UtcTime> from;
  std::optional<UtcTime> to;
  std::vector<WeeklyWindow> windows;
};

/// When a zone applies.
struct ZoneSchedule {
  bool permanent = false;
  std::vector<ActivePeriod> periods;

  /// Whether the zone is active at some instant between from and to (their ends alone do not count, unless they
  /// coincide).
  [[nodiscard]] bool active_between(UtcTime from, UtcTime to) const;
};

/// The first, or else the last, instant that a reading of the clock may mean: the earlier or the later of two where the
/// clock is put back; where it jumps over the reading, the jump, or the instant as if there had been none.
[[nodiscard]] UtcTime instant_of(const date::time_zone& zone, std::chrono::local_time<DayTime> wall, bool first);

/// Reads `applicability`. Absent, null or empty means permanent. Times without an offset of their own are of
/// `time_zone` (an IANA name or an offset; a nearer `timeZone` goes before it), else UTC. Errors: value_invalid,
/// time_invalid, unsupported_format (times bound to the sun), naming the field.
[[nodiscard]] Expected<ZoneSchedule> read_schedule(const nlohmann::json* applicability, const nlohmann::json* time_zone,
                                                   const std::string& where);

}  // namespace swiftlet::maps::referee
