#pragma once

#include <chrono>
#include <cstdint>

#include "geo/utc_time.hpp"

namespace swiftlet::sim {

/// The rehearsed day's own clock: whole seconds since the scenario's begin.
struct DayClock {
  UtcTime begin = {};
  std::int64_t second = 0;

  [[nodiscard]] double now_s() const { return static_cast<double>(second); }
  [[nodiscard]] UtcTime now() const { return begin + std::chrono::seconds(second); }
  /// From the begin to that time.
  [[nodiscard]] double seconds_to(UtcTime t) const { return seconds_between(begin, t); }
  [[nodiscard]] bool strikes_every(std::int64_t seconds) const { return second % seconds == 0; }
};

}  // namespace swiftlet::sim
