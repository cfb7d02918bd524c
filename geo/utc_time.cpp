#include "geo/utc_time.hpp"

#include <fmt/core.h>

#include <charconv>

namespace swiftlet {
namespace {

/// Reads exactly n digits at pos and moves on; -1 where there are fewer.
int digits(std::string_view text, std::size_t& pos, std::size_t n) {
  if (pos + n > text.size()) return -1;
  int value = 0;
  const auto [end, ec] = std::from_chars(text.data() + pos, text.data() + pos + n, value);
  if (ec != std::errc() || end != text.data() + pos + n || text[pos] == '-' || text[pos] == '+') return -1;
  pos += n;
  return value;
}

bool literal(std::string_view text, std::size_t& pos, char a, char b) {
  if (pos >= text.size() || (text[pos] != a && text[pos] != b)) return false;
  ++pos;
  return true;
}

}  // namespace

Expected<UtcTime> parse_rfc3339(std::string_view text) {
  namespace chr = std::chrono;
  const auto bad = [&] {
    return fail(ErrorCode::time_invalid,
                fmt::format("\"{}\" is not an RFC 3339 time such as 2026-11-21T10:00:00Z", text));
  };
  std::size_t pos = 0;
  const int year = digits(text, pos, 4);
  if (!literal(text, pos, '-', '-')) return bad();
  const int month = digits(text, pos, 2);
  if (!literal(text, pos, '-', '-')) return bad();
  const int day = digits(text, pos, 2);
  if (!literal(text, pos, 'T', 't')) return bad();
  const int hour = digits(text, pos, 2);
  if (!literal(text, pos, ':', ':')) return bad();
  const int minute = digits(text, pos, 2);
  if (!literal(text, pos, ':', ':')) return bad();
  const int second = digits(text, pos, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return bad();
  }
  int millis = 0;
  if (pos < text.size() && text[pos] == '.') {
    ++pos;
    int scale = 100;
    std::size_t n = 0;
    for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, ++n) {
      millis += (text[pos] - '0') * scale;
      scale /= 10;
    }
    if (n == 0) return bad();
  }
  int offset_min = 0;
  if (literal(text, pos, 'Z', 'z')) {
    if (pos != text.size()) return bad();
  } else {
    if (pos >= text.size() || (text[pos] != '+' && text[pos] != '-')) return bad();
    const int sign = text[pos++] == '-' ? -1 : 1;
    const int offset_h = digits(text, pos, 2);
    if (!literal(text, pos, ':', ':')) return bad();
    const int offset_m = digits(text, pos, 2);
    if (offset_h < 0 || offset_h > 23 || offset_m < 0 || offset_m > 59 || pos != text.size()) return bad();
    offset_min = sign * (offset_h * 60 + offset_m);
  }
  const chr::year_month_day date{chr::year{year}, chr::month{static_cast<unsigned>(month)},
                                 chr::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return bad();
  return UtcTime(chr::sys_days(date)) + chr::hours(hour) + chr::minutes(minute - offset_min) + chr::seconds(second) +
         chr::milliseconds(millis);
}

std::string format_rfc3339(UtcTime t) {
  namespace chr = std::chrono;
  const auto day = chr::floor<chr::days>(t);
  const chr::year_month_day date(day);
  const chr::hh_mm_ss<chr::milliseconds> clock(t - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace swiftlet
