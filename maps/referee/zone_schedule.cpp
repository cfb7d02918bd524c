#include "maps/referee/zone_schedule.hpp"

#include <date/tz.h>

#include <algorithm>

namespace swiftlet::maps::referee {
namespace {

namespace chr = std::chrono;

/// The window of the day with this date.
std::pair<UtcTime, UtcTime> on_day(const WeeklyWindow& window, chr::sys_days day) {
  if (window.clock == nullptr) return {day + window.start, day + window.end};
  const chr::local_time<DayTime> midnight(day.time_since_epoch());
  return {instant_of(*window.clock, midnight + window.start, true),
          instant_of(*window.clock, midnight + window.end, false)};
}

/// Overlap of open intervals; an instant overlaps what it lies inside of or at the edge of.
bool overlap(UtcTime a, UtcTime b, UtcTime from, UtcTime to) {
  return from == to ? a <= from && from <= b : a < to && from < b;
}

bool active(const ActivePeriod& period, UtcTime from, UtcTime to) {
  const UtcTime lo = period.from ? *period.from : UtcTime::min();
  const UtcTime hi = period.to ? *period.to : UtcTime::max();
  if (!overlap(lo, hi, from, to)) return false;
  if (period.windows.empty()) return true;
  const UtcTime first = std::max(lo, from);
  const UtcTime last = std::min(hi, to);
  // A window may begin up to 14 h before its date, by its offset, and end some 60 h after that date has begun.
  for (auto day = chr::floor<chr::days>(first) - chr::days(3); day <= last + chr::days(2); day += chr::days(1)) {
    const unsigned weekday = chr::weekday(day).iso_encoding() - 1U;
    for (const WeeklyWindow& window : period.windows) {
      if (!window.on[weekday]) continue;
      const auto [begins, ends] = on_day(window, day);
      const UtcTime start = std::max(begins, lo);
      const UtcTime end = std::min(ends, hi);
      if (start <= end && overlap(start, end, from, to)) return true;
    }
  }
  return false;
}

}  // namespace

/// The first, or else the last, instant that a reading of the clock may mean.
UtcTime instant_of(const date::time_zone& zone, chr::local_time<DayTime> wall, bool first) {
  const date::local_info info = zone.get_info(date::local_time<DayTime>(wall.time_since_epoch()));
  const UtcTime before(wall.time_since_epoch() - info.first.offset);
  if (info.result == date::local_info::unique) return before;
  if (info.result == date::local_info::ambiguous) {
    return first ? before : UtcTime(wall.time_since_epoch() - info.second.offset);
  }
  return first ? UtcTime(info.first.end.time_since_epoch()) : before;  // the clock jumps over it
}

bool ZoneSchedule::active_between(UtcTime from, UtcTime to) const {
  return permanent ||
         std::any_of(periods.begin(), periods.end(), [&](const ActivePeriod& p) { return active(p, from, to); });
}

}  // namespace swiftlet::maps::referee
