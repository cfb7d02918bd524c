#include "geo/zone_times.hpp"

#include <algorithm>

namespace swiftlet::geo {
namespace {

namespace chr = std::chrono;

struct Interval {
  UtcTime from;
  UtcTime to;
};

/// The window of a period that belongs to the day of this date.
Interval window_of(const DailyPeriod& period, chr::days day) {
  if (!period.clock) return {UtcTime(day) + period.start, UtcTime(day) + period.end};
  return {period.clock->earliest(WallTime(day) + period.start), period.clock->latest(WallTime(day) + period.end)};
}

/// Calls visit(window) for every window of the rule, cut to [from, to], until it answers true; whether it did.
template <class Visit>
bool any_window(const Applicability& rule, UtcTime from, UtcTime to, Visit&& visit) {
  const UtcTime lo = rule.start ? std::max(*rule.start, from) : from;
  const UtcTime hi = rule.end ? std::min(*rule.end, to) : to;
  if (lo > hi) return false;
  if (rule.periods.empty()) return visit(Interval{lo, hi});
  // A window begins up to a day before its end and is moved by up to 14 h by its clock: look further both ways.
  const auto first = chr::floor<chr::days>(lo.time_since_epoch()) - chr::days(3);
  const auto last = chr::floor<chr::days>(hi.time_since_epoch()) + chr::days(2);
  for (auto day = first; day <= last; day += chr::days(1)) {
    const unsigned weekday_bit = 1U << (chr::weekday(chr::sys_days(day)).iso_encoding() - 1U);
    for (const DailyPeriod& period : rule.periods) {
      if ((period.days & weekday_bit) == 0U) continue;
      const Interval window = window_of(period, day);
      if (window.from > hi || window.to < lo) continue;
      if (visit(Interval{std::max(window.from, lo), std::min(window.to, hi)})) return true;
    }
  }
  return false;
}

}  // namespace

bool applies_within(const std::vector<Applicability>& rules, UtcTime from, UtcTime to) {
  return rules.empty() || std::any_of(rules.begin(), rules.end(), [&](const Applicability& rule) {
           return any_window(rule, from, to, [](const Interval&) { return true; });
         });
}

bool applies_throughout(const std::vector<Applicability>& rules, UtcTime from, UtcTime to) {
  return rules.empty() || std::any_of(rules.begin(), rules.end(), [&](const Applicability& rule) {
           return any_window(rule, from, to, [&](const Interval& i) { return i.from <= from && i.to >= to; });
         });
}

}  // namespace swiftlet::geo
