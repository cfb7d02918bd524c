#include "maps/referee/zone_schedule.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace swiftlet::maps::referee {
namespace {

namespace chr = std::chrono;
using nlohmann::json;

constexpr std::array<std::string_view, 7> kDays{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};

const json* member(const json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

Unexpected bad(const char* field, const json& value, const char* expected, const std::string& where) {
  return fail(
      ErrorCode::value_invalid,
      fmt::format("{} is {}; expected {}", field, value.dump(-1, ' ', false, json::error_handler_t::replace), expected),
      where);
}

/// Exactly two digits at pos; -1 otherwise.
int two_digits(std::string_view text, std::size_t& pos) {
  if (pos + 2 > text.size() || text[pos] < '0' || text[pos] > '9' || text[pos + 1] < '0' || text[pos + 1] > '9')
    return -1;
  const int value = (text[pos] - '0') * 10 + (text[pos + 1] - '0');
  pos += 2;
  return value;
}

/// "HH:MM[:SS[.ff]][Z|±HH:MM]"; nothing where it is none of these.
std::optional<DayTime> parse_day_time(std::string_view text) {
  std::size_t pos = 0;
  const auto colon = [&] { return pos < text.size() && text[pos] == ':' && ++pos != 0; };
  const int hour = two_digits(text, pos);
  if (hour < 0 || !colon()) return std::nullopt;
  const int minute = two_digits(text, pos);
  int second = 0;
  int milli = 0;
  if (colon()) {
    second = two_digits(text, pos);
    if (pos < text.size() && text[pos] == '.') {
      int scale = 100;
      for (++pos; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, scale /= 10) {
        milli += (text[pos] - '0') * scale;
      }
    }
  }
  if (minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  DayTime time = chr::hours(hour) + chr::minutes(minute) + chr::seconds(second) + chr::milliseconds(milli);
  if (time > chr::days(1)) return std::nullopt;
  if (pos < text.size() && (text[pos] == '+' || text[pos] == '-')) {
    const int sign = text[pos++] == '-' ? -1 : 1;
    const int offset_hour = two_digits(text, pos);
    if (offset_hour < 0 || offset_hour > 14 || !colon()) return std::nullopt;
    const int offset_minute = two_digits(text, pos);
    if (offset_minute < 0 || offset_minute > 59) return std::nullopt;
    time -= sign * (chr::hours(offset_hour) + chr::minutes(offset_minute));
  } else if (pos < text.size() && (text[pos] == 'Z' || text[pos] == 'z')) {
    ++pos;
  }
  return pos == text.size() ? std::optional(time) : std::nullopt;
}

Expected<DayTime> read_day_time(const json& window, const char* field, DayTime fallback, const std::string& where) {
  const json* value = member(window, field);
  if (value == nullptr) return fallback;
  const auto time = value->is_string() ? parse_day_time(value->get_ref<const std::string&>()) : std::nullopt;
  if (!time) return bad(field, *value, "a time of day such as \"17:00Z\"", where);
  return *time;
}

Expected<WeeklyWindow> read_window(const json& source, const std::string& where) {
  if (!source.is_object()) return bad("schedule", source, "an object with day, startTime, endTime", where);
  WeeklyWindow window;
  if (const json* days = member(source, "day"); days != nullptr && !(days->is_array() && days->empty())) {
    if (!days->is_array()) return bad("day", *days, "a list of weekdays", where);
    std::fill(std::begin(window.on), std::end(window.on), false);
    for (const json& day : *days) {
      const auto known =
          day.is_string() ? std::find(kDays.begin(), kDays.end(), day.get_ref<const std::string&>()) : kDays.end();
      if (known != kDays.end()) {
        window.on[known - kDays.begin()] = true;
      } else if (day == "ANY") {
        std::fill(std::begin(window.on), std::end(window.on), true);
      } else {
        return bad("day", day, "MON, TUE, WED, THU, FRI, SAT, SUN or ANY", where);
      }
    }
  }
  const auto start = read_day_time(source, "startTime", DayTime(0), where);
  if (!start) return tl::make_unexpected(start.error());
  const auto end = read_day_time(source, "endTime", chr::days(1), where);
  if (!end) return tl::make_unexpected(end.error());
  window.start = *start;
  // An end that is not after its start is on the next day.
  window.end = *end <= *start ? *end + chr::days(1) : *end;
  return window;
}

Expected<std::optional<UtcTime>> read_date_time(const json& entry, const char* field, const std::string& where) {
  const json* value = member(entry, field);
  if (value == nullptr) return std::optional<UtcTime>();
  if (!value->is_string()) return bad(field, *value, "an RFC 3339 time", where);
  std::string text = value->get<std::string>();
  const bool has_zone = text.find_first_of("Zz") != std::string::npos ||
                        (text.size() > 19 && text.find_first_of("+-", 19) != std::string::npos);
  if (!has_zone) text += 'Z';
  auto time = parse_rfc3339(text);
  if (!time) {
    time.error().where = fmt::format("{}, {}", where, field);
    return tl::make_unexpected(time.error());
  }
  return std::optional(*time);
}

Expected<ActivePeriod> read_period(const json& entry, const std::string& where) {
  ActivePeriod period;
  for (const auto& [field, slot] : {std::pair("startDateTime", &period.from), std::pair("endDateTime", &period.to)}) {
    const auto time = read_date_time(entry, field, where);
    if (!time) return tl::make_unexpected(time.error());
    *slot = *time;
  }
  const json* windows = member(entry, "schedule");
  if (windows == nullptr) windows = member(entry, "dailyPeriod");
  if (windows == nullptr) return period;
  if (!windows->is_array()) return bad("schedule", *windows, "a list", where);
  for (const json& source : *windows) {
    const auto window = read_window(source, where);
    if (!window) return tl::make_unexpected(window.error());
    period.windows.push_back(*window);
  }
  return period;
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
  // A window may begin on the date before (overnight, or by its offset) and end on the date after.
  for (auto day = chr::floor<chr::days>(first) - chr::days(2); day <= last + chr::days(2); day += chr::days(1)) {
    const unsigned weekday = chr::weekday(day).iso_encoding() - 1U;
    for (const WeeklyWindow& window : period.windows) {
      if (!window.on[weekday]) continue;
      const UtcTime start = std::max<UtcTime>(day + window.start, lo);
      const UtcTime end = std::min<UtcTime>(day + window.end, hi);
      if (start <= end && overlap(start, end, from, to)) return true;
    }
  }
  return false;
}

}  // namespace

bool ZoneSchedule::active_between(UtcTime from, UtcTime to) const {
  return permanent ||
         std::any_of(periods.begin(), periods.end(), [&](const ActivePeriod& p) { return active(p, from, to); });
}

Expected<ZoneSchedule> read_schedule(const nlohmann::json* applicability, const std::string& where) {
  ZoneSchedule schedule;
  if (applicability == nullptr || applicability->is_null() || (applicability->is_array() && applicability->empty())) {
    schedule.permanent = true;
    return schedule;
  }
  if (!applicability->is_array()) return bad("applicability", *applicability, "a list", where);
  for (const json& entry : *applicability) {
    if (!entry.is_object()) return bad("applicability", entry, "an object", where);
    if (const json* permanent = member(entry, "permanent")) {
      if (*permanent == "YES") {
        schedule.permanent = true;
      } else if (*permanent != "NO") {
        return bad("permanent", *permanent, "YES or NO", where);
      }
    }
    auto period = read_period(entry, where);
    if (!period) return tl::make_unexpected(period.error());
    schedule.periods.push_back(std::move(*period));
  }
  return schedule;
}

}  // namespace swiftlet::maps::referee
