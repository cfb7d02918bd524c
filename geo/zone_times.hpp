#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "geo/local_clock.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::geo {

/// A weekly window of activity. Days: bit 0 is Monday … bit 6 Sunday. start < end ≤ start + 24 h, both counted from
/// 00:00 of the named day: an end past 24 h is on the next day. The clock is UTC's, or `clock` where it is given; when
/// that one is put back or forward the window takes the widest reading of its times.
struct DailyPeriod {
  unsigned days = 0b1111111;
  std::chrono::milliseconds start{0};
  std::chrono::milliseconds end{std::chrono::days(1)};
  std::shared_ptr<const LocalClock> clock = {};

  friend bool operator==(const DailyPeriod& a, const DailyPeriod& b) {
    return a.days == b.days && a.start == b.start && a.end == b.end &&
           (a.clock == b.clock || (a.clock && b.clock && *a.clock == *b.clock));
  }
};

/// When a zone applies: inside [start, end] (open where absent) and, if any are given, inside one of the periods.
struct Applicability {
  std::optional<UtcTime> start;
  std::optional<UtcTime> end;
  std::vector<DailyPeriod> periods;

  friend bool operator==(const Applicability&, const Applicability&) = default;
};

/// Whether any of the rules holds at any instant of the closed interval [from, to]. No rules: always.
[[nodiscard]] bool applies_within(const std::vector<Applicability>& rules, UtcTime from, UtcTime to);

/// Whether one rule's one window holds at every instant of [from, to]. May answer false where windows join seamlessly.
[[nodiscard]] bool applies_throughout(const std::vector<Applicability>& rules, UtcTime from, UtcTime to);

}  // namespace swiftlet::geo
