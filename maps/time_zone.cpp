#include "maps/time_zone.hpp"

#include <date/tz.h>
#include <fmt/core.h>

#include <stdexcept>

namespace swiftlet::maps {
namespace {

using ClockPtr = std::shared_ptr<const geo::LocalClock>;

/// "+08:00" as minutes east of UTC.
std::optional<std::chrono::minutes> fixed_offset(const std::string& name) {
  const auto digit = [&](std::size_t k) { return name[k] >= '0' && name[k] <= '9'; };
  if (name.size() != 6 || (name[0] != '+' && name[0] != '-') || name[3] != ':') return std::nullopt;
  if (!digit(1) || !digit(2) || !digit(4) || !digit(5)) return std::nullopt;
  const int hours = (name[1] - '0') * 10 + (name[2] - '0');
  const int minutes = (name[4] - '0') * 10 + (name[5] - '0');
  if (hours > 14 || minutes > 59) return std::nullopt;
  return (name[0] == '-' ? -1 : 1) * (std::chrono::hours(hours) + std::chrono::minutes(minutes));
}

std::vector<geo::LocalClock::Offset> offsets_of(const date::time_zone& zone) {
  const date::sys_seconds from = date::sys_days(date::year{1970} / 1 / 1);
  const date::sys_seconds to = date::sys_days(date::year{2038} / 1 / 1);
  std::vector<geo::LocalClock::Offset> offsets;
  for (date::sys_seconds t = from; t < to;) {
    const date::sys_info info = zone.get_info(t);
    // Some changes are of the name only.
    if (offsets.empty() || offsets.back().offset != info.offset) {
      offsets.push_back({.from = UtcTime(t.time_since_epoch()), .offset = info.offset});
    }
    t = info.end;
  }
  return offsets;
}

}  // namespace

Expected<ClockPtr> clock_of_zone(const std::string& name) {
  if (name == "Z" || name == "UTC" || name == "Etc/UTC") return ClockPtr();
  if (const auto offset = fixed_offset(name)) {
    if (offset->count() == 0) return ClockPtr();
    return std::make_shared<const geo::LocalClock>(name, std::vector{geo::LocalClock::Offset{UtcTime(), *offset}});
  }
  try {
    return std::make_shared<const geo::LocalClock>(name, offsets_of(*date::locate_zone(name)));
  } catch (const std::runtime_error&) {
    return fail(ErrorCode::value_invalid,
                fmt::format("timeZone = \"{}\" must be a name of the IANA time zone database such as \"Europe/Paris\", "
                            "or an offset such as \"+08:00\"",
                            name));
  }
}

}  // namespace swiftlet::maps
