#include "maps/referee/zone_schedule.hpp"

#include <date/tz.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <tuple>

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

/// A time of day as written, and the offset from UTC that it states.
struct StatedTime {
  DayTime time{0};
  std::optional<DayTime> offset;
};

/// "±HH:MM", to the end of the text.
std::optional<DayTime> parse_offset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::size_t pos = 1;
  const int hour = two_digits(text, pos);
  if (hour < 0 || hour > 14 || pos >= text.size() || text[pos++] != ':') return std::nullopt;
  const int minute = two_digits(text, pos);
  if (minute < 0 || minute > 59 || pos != text.size()) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (chr::hours(hour) + chr::minutes(minute));
}

/// "HH:MM[:SS[.ff]][Z|±HH:MM]"; nothing where it is none of these.
std::optional<StatedTime> parse_day_time(std::string_view text) {
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
  StatedTime out{.time = chr::hours(hour) + chr::minutes(minute) + chr::seconds(second) + chr::milliseconds(milli),
                 .offset = {}};
  if (out.time > chr::days(1)) return std::nullopt;
  const std::string_view rest = text.substr(pos);
  if (rest.empty()) return out;
  out.offset = rest == "Z" || rest == "z" ? DayTime(0) : parse_offset(rest);
  return out.offset ? std::optional(out) : std::nullopt;
}

Expected<StatedTime> read_day_time(const json& value, const char* field, const std::string& where) {
  const auto time = value.is_string() ? parse_day_time(value.get_ref<const std::string&>()) : std::nullopt;
  if (!time) return bad(field, value, "a time of day such as \"17:00Z\"", where);
  return *time;
}

/// What times are of that state no offset: a clock of the time zone database, or an offset.
struct Clock {
  const date::time_zone* zone = nullptr;
  DayTime offset{0};
};

Expected<Clock> read_clock(const json* name, const Clock& inherited, const std::string& where) {
  if (name == nullptr || name->is_null()) return inherited;
  if (!name->is_string()) return bad("timeZone", *name, "a text", where);
  const std::string& text = name->get_ref<const std::string&>();
  if (text == "Z" || text == "UTC") return Clock();
  if (const auto offset = parse_offset(text)) return Clock{.zone = nullptr, .offset = *offset};
  try {
    return Clock{.zone = date::locate_zone(text), .offset = DayTime(0)};
  } catch (const std::runtime_error&) {
    return bad("timeZone", *name, "a name of the time zone database or an offset", where);
  }
}

Expected<WeeklyWindow> read_window(const json& source, const Clock& inherited, const std::string& where) {
  if (!source.is_object()) return bad("schedule", source, "an object with day, startTime, endTime", where);
  for (const char* event : {"startEvent", "endEvent"}) {
    if (const json* value = member(source, event)) {
      return fail(ErrorCode::unsupported_format,
                  fmt::format("{} is {}; expected times of day: the sun is not followed", event, value->dump()), where);
    }
  }
  WeeklyWindow window;
  if (const json* days = member(source, "day"); days != nullptr && !(days->is_array() && days->empty())) {
    std::fill(std::begin(window.on), std::end(window.on), false);
    for (const json& day : days->is_array() ? *days : json::array({*days})) {
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
  const auto clock = read_clock(member(source, "timeZone"), inherited, where);
  if (!clock) return tl::make_unexpected(clock.error());
  StatedTime start;
  StatedTime end{.time = chr::days(1), .offset = {}};
  const json* start_source = member(source, "startTime");
  const json* end_source = member(source, "endTime");
  if (start_source != nullptr) {
    const auto read = read_day_time(*start_source, "startTime", where);
    if (!read) return tl::make_unexpected(read.error());
    start = *read;
  }
  if (end_source != nullptr) {
    const auto read = read_day_time(*end_source, "endTime", where);
    if (!read) return tl::make_unexpected(read.error());
    end = *read;
  }
  if (start_source == nullptr) start.offset = end.offset;
  if (end_source == nullptr) end.offset = start.offset;
  if (clock->zone == nullptr) {
    start.offset = start.offset.value_or(clock->offset);
    end.offset = end.offset.value_or(clock->offset);
  }
  if (start.offset != end.offset) return bad("endTime", *end_source, "a time of startTime's own offset", where);
  // An end that is not after its start is on the next day.
  if (end.time <= start.time) end.time += chr::days(1);
  window.clock = start.offset ? nullptr : clock->zone;
  window.start = start.time - start.offset.value_or(DayTime(0));
  window.end = end.time - start.offset.value_or(DayTime(0));
  return window;
}

Expected<std::optional<UtcTime>> read_date_time(const json& entry, const char* field, const Clock& clock, bool first,
                                                const std::string& where) {
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
  if (has_zone) return std::optional(*time);
  if (clock.zone == nullptr) return std::optional(*time - clock.offset);
  return std::optional(instant_of(*clock.zone, chr::local_time<DayTime>(time->time_since_epoch()), first));
}

Expected<ActivePeriod> read_period(const json& entry, const Clock& inherited, const std::string& where) {
  ActivePeriod period;
  const auto clock = read_clock(member(entry, "timeZone"), inherited, where);
  if (!clock) return tl::make_unexpected(clock.error());
  for (const auto& [field, slot, first] :
       {std::tuple("startDateTime", &period.from, true), std::tuple("endDateTime", &period.to, false)}) {
    const auto time = read_date_time(entry, field, *clock, first, where);
    if (!time) return tl::make_unexpected(time.error());
    *slot = *time;
  }
  if (period.from && period.to && *period.to < *period.from) {
    return bad("endDateTime", entry.at("endDateTime"), "a time not before startDateTime", where);
  }
  const json* windows = member(entry, "schedule");
  if (windows == nullptr) windows = member(entry, "dailyPeriod");
  if (windows == nullptr) return period;
  if (!windows->is_array()) return bad("schedule", *windows, "a list", where);
  for (const json& source : *windows) {
    const auto window = read_window(source, *clock, where);
    if (!window) return tl::make_unexpected(window.error());
    period.windows.push_back(*window);
  }
  return period;
}

}  // namespace

Expected<ZoneSchedule> read_schedule(const json* applicability, const json* time_zone, const std::string& where) {
  ZoneSchedule schedule;
  if (applicability == nullptr || applicability->is_null() || (applicability->is_array() && applicability->empty())) {
    schedule.permanent = true;
    return schedule;
  }
  const auto clock = read_clock(time_zone, Clock(), where);
  if (!clock) return tl::make_unexpected(clock.error());
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
    auto period = read_period(entry, *clock, where);
    if (!period) return tl::make_unexpected(period.error());
    schedule.periods.push_back(std::move(*period));
  }
  return schedule;
}

}  // namespace swiftlet::maps::referee
