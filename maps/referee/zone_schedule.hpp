#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::maps::referee {

/// A time of day on a named weekday, as milliseconds after 00:00 UTC of that day's date. With an offset of its own it
/// may fall on the day before or after.
using DayTime = std::chrono::milliseconds;

/// A window that recurs on some days of the week.
struct WeeklyWindow {
  bool on[7] = {true, true, true, true, true, true, true};  ///< Monday first
  DayTime start{0};
  DayTime end{std::chrono::days(1)};
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

/// Reads `applicability`. Absent, null or empty means permanent. Times without a zone of their own are UTC.
/// Errors: value_invalid, time_invalid, naming the field.
[[nodiscard]] Expected<ZoneSchedule> read_schedule(const nlohmann::json* applicability, const std::string& where);

}  // namespace swiftlet::maps::referee
