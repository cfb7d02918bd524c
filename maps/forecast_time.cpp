#include "maps/forecast_time.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <regex>

namespace swiftlet::maps {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Seconds in a unit; 0 for a word that is none.
double seconds_in(const std::string& unit) {
  const auto is = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return unit == name; });
  };
  if (is({"s", "sec", "secs", "second", "seconds"})) return 1.0;
  if (is({"min", "mins", "minute", "minutes"})) return 60.0;
  if (is({"h", "hr", "hrs", "hour", "hours"})) return 3600.0;
  if (is({"d", "day", "days"})) return 86400.0;
  return 0.0;
}

}  // namespace

Expected<std::vector<UtcTime>> read_forecast_times(const std::vector<double>& counts, const std::string& unit,
                                                   const std::string& calendar) {
  const std::string kind = lower(calendar);
  if (!kind.empty() && kind != "standard" && kind != "gregorian" && kind != "proleptic_gregorian") {
    return fail(ErrorCode::time_invalid,
                fmt::format("its time has calendar = \"{}\"; it must be \"standard\"", calendar));
  }
  static const std::regex kForm(
      R"(\s*([a-z]+)\s+since\s+(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?)?)"
      R"(\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?\s*)");
  const std::string text = lower(unit);
  std::smatch part;
  const bool fits = text.size() < 200 && std::regex_match(text, part, kForm);
  const double each_s = fits ? seconds_in(part[1]) : 0.0;
  if (each_s == 0.0) {
    return fail(ErrorCode::time_invalid,
                fmt::format("its time has units = \"{}\"; they must be like \"hours since 2026-11-21T00:00:00Z\"",
                            unit.substr(0, 100)));
  }
  const auto number = [&](std::size_t k) { return part[k].matched ? std::stoi(part[k]) : 0; };
  std::string offset = part[8];
  if (offset.empty() || std::isalpha(static_cast<unsigned char>(offset[0])) != 0) offset = "Z";
  if (offset.size() == 5) offset.insert(3, ":");
  const auto epoch = parse_rfc3339(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", number(2), number(3), number(4),
                                               number(5), number(6), number(7), offset));
  if (!epoch) return fail(ErrorCode::time_invalid, "its time counts from no date: " + epoch.error().message);
  std::vector<UtcTime> times;
  constexpr double kLongest_s = 4e9;
  for (const double count : counts) {
    const double s = count * each_s;
    if (!(std::abs(s) <= kLongest_s)) {
      return fail(ErrorCode::time_invalid, fmt::format("its time holds {}, which is no time of a forecast", count));
    }
    times.push_back(after(*epoch, s));
    if (times.size() > 1 && times[times.size() - 2] >= times.back()) {
      return fail(ErrorCode::time_invalid,
                  fmt::format("its times must ascend; {} does not follow {}", format_rfc3339(times.back()),
                              format_rfc3339(times[times.size() - 2])));
    }
  }
  if (times.empty()) return fail(ErrorCode::time_invalid, "its time axis holds no time");
  return times;
}

}  // namespace swiftlet::maps
