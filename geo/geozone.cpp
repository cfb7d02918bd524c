#include "geo/geozone.hpp"

#include <algorithm>

namespace swiftlet::geo {
namespace {

struct Interval {
  UtcTime from;
  UtcTime to;
};

/// The activity of one applicability entry, cut to [from, to], as closed intervals.
std::vector<Interval> activity(const Applicability& rule, UtcTime from, UtcTime to) {
  const UtcTime lo = rule.start ? std::max(*rule.start, from) : from;
  const UtcTime hi = rule.end ? std::min(*rule.end, to) : to;
  if (lo > hi) return {};
  if (rule.periods.empty()) return {{lo, hi}};
  std::vector<Interval> active;
  namespace chr = std::chrono;
  // Periods may begin before their day and end after it, by a time zone or past midnight: look further both ways.
  for (auto day = chr::floor<chr::days>(lo) - chr::days(3); day <= hi + chr::days(2); day += chr::days(1)) {
    const unsigned weekday_bit = 1U << (chr::weekday(day).iso_encoding() - 1U);
    for (const DailyPeriod& period : rule.periods) {
      if ((period.days & weekday_bit) == 0U) continue;
      const UtcTime start = day + period.start;
      const UtcTime end = day + period.end;
      if (start <= hi && end >= lo) active.push_back({std::max(start, lo), std::min(end, hi)});
    }
  }
  return active;
}

}  // namespace

std::string_view ed269_name(Restriction r) {
  switch (r) {
    case Restriction::prohibited:
      return "PROHIBITED";
    case Restriction::requires_authorisation:
      return "REQ_AUTHORISATION";
    case Restriction::conditional:
      return "CONDITIONAL";
    case Restriction::no_restriction:
      return "NO_RESTRICTION";
  }
  return "PROHIBITED";
}

bool Geozone::active_within(UtcTime from, UtcTime to) const {
  return applicability.empty() || std::any_of(applicability.begin(), applicability.end(),
                                              [&](const auto& rule) { return !activity(rule, from, to).empty(); });
}

bool Geozone::active_throughout(UtcTime from, UtcTime to) const {
  if (applicability.empty()) return true;
  return std::any_of(applicability.begin(), applicability.end(), [&](const auto& rule) {
    const auto active = activity(rule, from, to);
    return std::any_of(active.begin(), active.end(), [&](const Interval& i) { return i.from <= from && i.to >= to; });
  });
}

bool Geozone::blocks(const std::vector<std::string>& authorisations) const {
  switch (restriction) {
    case Restriction::no_restriction:
      return false;
    case Restriction::prohibited:
      return true;
    case Restriction::requires_authorisation:
    case Restriction::conditional:
      return std::find(authorisations.begin(), authorisations.end(), id) == authorisations.end();
  }
  return true;
}

}  // namespace swiftlet::geo
