#include "maps/zone_times_writer.hpp"

#include <fmt/core.h>

#include <array>
#include <nlohmann/json.hpp>

namespace swiftlet::maps {
namespace {

using nlohmann::ordered_json;
using std::chrono::milliseconds;

/// "17:00:00Z", with milliseconds where there are any. 24:00 is the next day's 00:00, which as an end is read alike.
std::string time_of_day(milliseconds since_midnight) {
  const std::chrono::hh_mm_ss<milliseconds> clock(since_midnight % std::chrono::days(1));
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:03}", clock.subseconds().count());
  return text + "Z";
}

ordered_json days_of(unsigned days) {
  constexpr std::array kDays{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
  if (days == 0b1111111U) return {"ANY"};
  ordered_json list = ordered_json::array();
  for (std::size_t k = 0; k < kDays.size(); ++k) {
    if ((days >> k & 1U) != 0U) list.push_back(kDays[k]);
  }
  return list;
}

}  // namespace

Expected<ordered_json> publish_times(const std::vector<geo::Applicability>& rules) {
  ordered_json list = ordered_json::array();
  for (const geo::Applicability& rule : rules) {
    ordered_json entry = ordered_json::object();
    if (rule.start) entry["startDateTime"] = format_rfc3339(*rule.start);
    if (rule.end) entry["endDateTime"] = format_rfc3339(*rule.end);
    for (const geo::DailyPeriod& period : rule.periods) {
      if (period.clock) {
        return fail(ErrorCode::unsupported_format,
                    fmt::format("its schedule follows the clock of {}, which neither ED-269 nor ED-318 can say; state "
                                "its times with their offset from UTC",
                                period.clock->name()));
      }
      entry["schedule"].push_back({{"day", days_of(period.days)},
                                   {"startTime", time_of_day(period.start)},
                                   {"endTime", time_of_day(period.end)}});
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace swiftlet::maps
