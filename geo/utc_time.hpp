#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet {

/// An instant in UTC, to the millisecond: the precision of the wire.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;
using Seconds = std::chrono::duration<double>;

/// Reads RFC 3339 with any offset ("2026-11-21T10:00:00Z", "2026-11-21T18:00:00.250+08:00").
/// Errors: time_invalid. Digits beyond the millisecond are cut. A leap second reads as the next second.
[[nodiscard]] Expected<UtcTime> parse_rfc3339(std::string_view text);

/// "2026-11-21T10:00:00.000Z": always three decimals and Z.
[[nodiscard]] std::string format_rfc3339(UtcTime t);

/// t + seconds, rounded to the millisecond.
[[nodiscard]] inline UtcTime after(UtcTime t, double seconds) {
  return t + std::chrono::round<std::chrono::milliseconds>(Seconds(seconds));
}

[[nodiscard]] inline double seconds_between(UtcTime from, UtcTime to) { return Seconds(to - from).count(); }

}  // namespace swiftlet
