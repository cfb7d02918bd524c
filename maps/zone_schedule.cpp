#include "maps/zone_schedule.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace swiftlet::maps {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

std::string shown(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 80);
}

const json& member(const json& object, const char* key) {
  static const json kNull;
  const auto it = object.find(key);
  return it == object.end() ? kNull : *it;
}

/// "HH:mmZ", "HH:mm:ssZ", "HH:mm:ss.ffZ", or with an offset such as +02:00, or with neither (UTC): since 00:00 UTC,
/// which a time zone can move before 0 or past 24 h.
Expected<milliseconds> read_clock(const json& value, const char* field) {
  const auto bad = [&] {
    return fail(ErrorCode::time_invalid,
                fmt::format("{} = {} must be a time such as \"17:00:00Z\"", field, shown(value)));
  };
  if (!value.is_string()) return bad();
  // A date makes it RFC 3339, whose reader knows the rest; the short forms are filled up first.
  std::string text = value.get<std::string>();
  std::size_t zone = text.find_first_of("Z+-z");
  if (zone == std::string::npos) {
    zone = text.size();
    text += 'Z';
  }
  if (zone == 5) text.insert(5, ":00");
  const bool midnight_end = text.starts_with("24:00:00");
  if (midnight_end) text.replace(0, 2, "00");
  const auto parsed = parse_rfc3339("2000-01-03T" + text);
  if (!parsed) return bad();
  const auto day = parse_rfc3339("2000-01-03T00:00:00Z");
  return *parsed - *day + (midnight_end ? std::chrono::hours(24) : std::chrono::hours(0));
}

Expected<unsigned> read_days(const json& value) {
  constexpr std::array kDays{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
  if (value.is_null() || (value.is_array() && value.empty())) return 0b1111111U;
  unsigned days = 0;
  for (const json& day : value.is_array() ? value : json::array({value})) {
    const std::string name = day.is_string() ? day.get<std::string>() : "";
    if (name == "ANY") return 0b1111111U;
    const auto it = std::find(kDays.begin(), kDays.end(), name);
    if (it == kDays.end()) {
      return fail(ErrorCode::value_invalid, fmt::format("day = {} must be MON … SUN or ANY", shown(day)));
    }
    days |= 1U << static_cast<unsigned>(it - kDays.begin());
  }
  return days;
}

/// One period; nothing where it gives neither days nor times.
Expected<std::optional<geo::DailyPeriod>> read_period(const json& value) {
  if (!value.is_object())
    return fail(ErrorCode::value_invalid, fmt::format("period = {} must be an object", shown(value)));
  for (const char* key : {"startEvent", "endEvent"}) {
    if (!member(value, key).is_null()) {
      return fail(ErrorCode::unsupported_format,
                  fmt::format("{} = {} is not supported yet; give clock times", key, shown(member(value, key))));
    }
  }
  const auto days = read_days(member(value, "day"));
  if (!days) return Unexpected(days.error());
  geo::DailyPeriod period{.days = *days};
  const json& start = member(value, "startTime");
  const json& end = member(value, "endTime");
  if (start.is_null() && end.is_null() && *days == 0b1111111U) return std::optional<geo::DailyPeriod>();
  if (!start.is_null()) {
    const auto clock = read_clock(start, "startTime");
    if (!clock) return Unexpected(clock.error());
    period.start = *clock;
  }
  if (!end.is_null()) {
    const auto clock = read_clock(end, "endTime");
    if (!clock) return Unexpected(clock.error());
    period.end = *clock;
  }
  if (period.end <= period.start) period.end += std::chrono::days(1);
  return std::optional(period);
}

Expected<std::optional<UtcTime>> read_instant(const json& value, const char* field) {
  if (value.is_null()) return std::optional<UtcTime>();
  std::string text = value.is_string() ? value.get<std::string>() : shown(value);
  // Without a zone of its own a time is UTC; the date's hyphens stand before the T.
  const std::size_t clock = text.find('T');
  if (clock != std::string::npos && text.find_first_of("Zz+-", clock) == std::string::npos) text += 'Z';
  const auto parsed = parse_rfc3339(text);
  if (!parsed) {
    return fail(ErrorCode::time_invalid, fmt::format("{} = {} must be an RFC 3339 time or null", field, shown(value)));
  }
  return std::optional(*parsed);
}

}  // namespace

Expected<std::vector<geo::Applicability>> read_applicability(const json& value) {
  std::vector<geo::Applicability> rules;
  if (value.is_null()) return rules;
  if (!value.is_array())
    return fail(ErrorCode::value_invalid, fmt::format("applicability = {} must be a list", shown(value)));
  for (const json& entry : value) {
    if (!entry.is_object()) {
      return fail(ErrorCode::value_invalid, fmt::format("applicability entry {} must be an object", shown(entry)));
    }
    const json& permanent = member(entry, "permanent");
    if (permanent == "YES") return std::vector<geo::Applicability>{};
    if (permanent != "NO" && !permanent.is_null()) {
      return fail(ErrorCode::value_invalid, fmt::format("permanent = {} must be \"YES\" or \"NO\"", shown(permanent)));
    }
    geo::Applicability rule;
    const auto start = read_instant(member(entry, "startDateTime"), "startDateTime");
    if (!start) return Unexpected(start.error());
    const auto end = read_instant(member(entry, "endDateTime"), "endDateTime");
    if (!end) return Unexpected(end.error());
    rule.start = *start;
    rule.end = *end;
    const json& periods = entry.contains("schedule") ? member(entry, "schedule") : member(entry, "dailyPeriod");
    if (!periods.is_null() && !periods.is_array()) {
      return fail(ErrorCode::value_invalid, fmt::format("schedule = {} must be a list", shown(periods)));
    }
    for (const json& period_json : periods) {
      const auto period = read_period(period_json);
      if (!period) return Unexpected(period.error());
      if (!*period) {  // always, whatever else is listed
        rule.periods.clear();
        break;
      }
      rule.periods.push_back(**period);
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace swiftlet::maps
