#include "maps/zone_schedule.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "maps/feature_fields.hpp"
#include "maps/time_zone.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds kDay = std::chrono::days(1);
constexpr unsigned kEveryDay = 0b1111111U;

/// A time of day as it stands in the file.
struct TimeOfDay {
  milliseconds time{0};                ///< since midnight, as written
  std::optional<milliseconds> offset;  ///< from UTC, where it is stated
};

/// "HH:mm", "HH:mm:ss", "HH:mm:ss.ff", each with or without Z or an offset such as +02:00. "24:00" ends a day.
Expected<TimeOfDay> read_time_of_day(const json& value, const char* field) {
  const auto bad = [&] { return invalid(ErrorCode::time_invalid, field, value, "a time such as \"17:00:00Z\""); };
  if (!value.is_string()) return bad();
  // A date makes it RFC 3339, whose reader knows the rest; the short forms are filled up first.
  std::string text = value.get<std::string>();
  const std::size_t zone = std::min(text.find_first_of("Zz+-"), text.size());
  TimeOfDay out;
  const auto day = parse_rfc3339("2000-01-03T00:00:00Z");
  if (zone < text.size()) {
    const auto there = parse_rfc3339("2000-01-03T00:00:00" + text.substr(zone));
    if (!there) return bad();
    out.offset = *day - *there;
  }
  text.resize(zone);
  if (text.size() == 5) text += ":00";
  if (text.starts_with("24:00:00") && text.find_first_not_of("0.", 8) == std::string::npos) {
    out.time = kDay;
    return out;
  }
  const auto parsed = parse_rfc3339("2000-01-03T" + text + "Z");
  if (!parsed) return bad();
  out.time = *parsed - *day;
  return out;
}

Expected<unsigned> read_days(const json& value) {
  constexpr std::array kDays{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
  if (value.is_null() || (value.is_array() && value.empty())) return kEveryDay;
  unsigned days = 0;
  for (const json& day : value.is_array() ? value : json::array({value})) {
    const std::string name = text_of(day);
    const auto it = std::find(kDays.begin(), kDays.end(), name);
    if (name != "ANY" && it == kDays.end()) {
      return invalid(ErrorCode::value_invalid, "day", day, "MON … SUN or ANY");
    }
    days |= name == "ANY" ? kEveryDay : 1U << static_cast<unsigned>(it - kDays.begin());
  }
  return days;
}

/// The days after these, or before.
unsigned next_days(unsigned days) { return ((days << 1U) | (days >> 6U)) & kEveryDay; }
unsigned previous_days(unsigned days) { return ((days >> 1U) | (days << 6U)) & kEveryDay; }

/// Counts an offset out of the window; the days follow where it begins on another date in UTC.
void to_utc(geo::DailyPeriod& period, milliseconds offset) {
  period.start -= offset;
  period.end -= offset;
  while (period.start < milliseconds(0)) {
    period.days = previous_days(period.days);
    period.start += kDay;
    period.end += kDay;
  }
  while (period.start >= kDay) {
    period.days = next_days(period.days);
    period.start -= kDay;
    period.end -= kDay;
  }
}

Expected<std::string> read_time_zone(const json& object, const std::string& inherited) {
  const json& value = member(object, "timeZone");
  if (value.is_null()) return inherited;
  if (!value.is_string())
    return invalid(ErrorCode::value_invalid, "timeZone", value, "a text such as \"Europe/Paris\"");
  return value.get<std::string>();
}

/// Nothing for "", which is UTC.
Expected<std::shared_ptr<const geo::LocalClock>> clock_named(const std::string& zone) {
  return zone.empty() ? Expected<std::shared_ptr<const geo::LocalClock>>() : clock_of_zone(zone);
}

/// One period; nothing where it gives neither days nor times.
Expected<std::optional<geo::DailyPeriod>> read_period(const json& value, const std::string& inherited_zone) {
  if (!value.is_object()) {
    return invalid(ErrorCode::value_invalid, "schedule entry", value, "an object with day, startTime and endTime");
  }
  for (const char* key : {"startEvent", "endEvent"}) {
    if (!member(value, key).is_null()) {
      return fail(
          ErrorCode::unsupported_format,
          fmt::format("{} = {} depends on the sun, which this version does not follow; give {} as a time of "
                      "day that holds all year",
                      key, shown(member(value, key)), key == std::string("startEvent") ? "startTime" : "endTime"));
    }
  }
  const auto days = read_days(member(value, "day"));
  if (!days) return Unexpected(days.error());
  const json& start_json = member(value, "startTime");
  const json& end_json = member(value, "endTime");
  if (start_json.is_null() && end_json.is_null() && *days == kEveryDay) return std::optional<geo::DailyPeriod>();
  TimeOfDay start;
  TimeOfDay end{.time = kDay, .offset = {}};
  for (const auto& [json_value, field, time] :
       {std::tuple(&start_json, "startTime", &start), std::tuple(&end_json, "endTime", &end)}) {
    if (json_value->is_null()) continue;
    const auto read = read_time_of_day(*json_value, field);
    if (!read) return Unexpected(read.error());
    *time = *read;
  }
  if (start_json.is_null()) start.offset = end.offset;  // midnight of the same clock
  if (end_json.is_null()) end.offset = start.offset;
  geo::DailyPeriod period{.days = *days, .start = start.time, .end = end.time, .clock = {}};
  if (period.end <= period.start) period.end += kDay;
  const auto zone = read_time_zone(value, inherited_zone);
  if (!zone) return Unexpected(zone.error());
  const auto clock = clock_named(*zone);
  if (!clock) return Unexpected(clock.error());
  // A bare time beside "…Z" is UTC as well, unless a time zone is named.
  const milliseconds utc{0};
  const bool mixed = *clock ? start.offset != end.offset : start.offset.value_or(utc) != end.offset.value_or(utc);
  if (mixed) {
    return invalid(ErrorCode::time_invalid, "endTime", end_json,
                   fmt::format("of the same offset from UTC as startTime = {}", shown(start_json)));
  }
  if (start.offset || !*clock) {
    to_utc(period, start.offset.value_or(utc));
  } else if ((*clock)->offsets().size() == 1) {
    to_utc(period, (*clock)->offsets().front().offset);
  } else {
    if (period.start >= kDay) to_utc(period, utc);
    period.clock = *clock;
  }
  return std::optional(std::move(period));
}

/// A date and time; one without an offset of its own is of the clock, else UTC. Where a clock shows it twice or never
/// it is the one that makes the zone last longer.
Expected<std::optional<UtcTime>> read_instant(const json& entry, const char* field, const geo::LocalClock* clock,
                                              UtcTime (geo::LocalClock::*meant)(geo::WallTime) const) {
  const json& value = member(entry, field);
  if (value.is_null()) return std::optional<UtcTime>();
  std::string text = text_of(value);
  // The date's hyphens stand before the T.
  const std::size_t time = text.find_first_of("Tt");
  const bool bare = time != std::string::npos && text.find_first_of("Zz+-", time) == std::string::npos;
  const auto parsed = parse_rfc3339(bare ? text + 'Z' : text);
  if (!parsed) return invalid(ErrorCode::time_invalid, field, value, "an RFC 3339 time such as 2026-11-21T10:00:00Z");
  if (!bare || clock == nullptr) return std::optional(*parsed);
  return std::optional((clock->*meant)(geo::WallTime(parsed->time_since_epoch())));
}

/// Whether the entry says that the zone is always in force.
Expected<bool> is_permanent(const json& entry) {
  const json& permanent = member(entry, "permanent");
  if (permanent.is_null() || permanent == "NO") return false;
  if (permanent == "YES") return true;
  return invalid(ErrorCode::value_invalid, "permanent", permanent, "\"YES\" or \"NO\"");
}

Expected<geo::Applicability> read_rule(const json& entry, const std::string& inherited_zone) {
  geo::Applicability rule;
  const auto zone = read_time_zone(entry, inherited_zone);
  if (!zone) return Unexpected(zone.error());
  const auto clock = clock_named(*zone);
  if (!clock) return Unexpected(clock.error());
  const auto start = read_instant(entry, "startDateTime", clock->get(), &geo::LocalClock::earliest);
  if (!start) return Unexpected(start.error());
  const auto end = read_instant(entry, "endDateTime", clock->get(), &geo::LocalClock::latest);
  if (!end) return Unexpected(end.error());
  rule.start = *start;
  rule.end = *end;
  if (rule.start && rule.end && *rule.end < *rule.start) {
    return invalid(ErrorCode::time_invalid, "endDateTime", member(entry, "endDateTime"),
                   fmt::format("no earlier than startDateTime = {}", shown(member(entry, "startDateTime"))));
  }
  const json& periods = entry.contains("schedule") ? member(entry, "schedule") : member(entry, "dailyPeriod");
  if (!periods.is_null() && !periods.is_array()) {
    return invalid(ErrorCode::value_invalid, "schedule", periods, "a list");
  }
  bool all_day_every_day = false;
  for (const json& source : periods) {
    auto period = read_period(source, *zone);
    if (!period) return Unexpected(period.error());
    if (*period) {
      rule.periods.push_back(std::move(**period));
    } else {
      all_day_every_day = true;
    }
  }
  if (all_day_every_day) rule.periods.clear();
  return rule;
}

}  // namespace

Expected<std::vector<geo::Applicability>> read_applicability(const json& value, const std::string& time_zone) {
  std::vector<geo::Applicability> rules;
  if (value.is_null()) return rules;
  if (!value.is_array()) return invalid(ErrorCode::value_invalid, "applicability", value, "a list");
  bool always = false;
  for (const json& entry : value) {
    if (!entry.is_object()) return invalid(ErrorCode::value_invalid, "applicability entry", entry, "an object");
    const auto permanent = is_permanent(entry);
    if (!permanent) return Unexpected(permanent.error());
    auto rule = read_rule(entry, time_zone);
    if (!rule) return Unexpected(rule.error());
    always = always || *permanent || (!rule->start && !rule->end && rule->periods.empty());
    rules.push_back(std::move(*rule));
  }
  if (always) rules.clear();
  return rules;
}

}  // namespace swiftlet::maps
