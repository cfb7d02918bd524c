#pragma once

#include <chrono>

#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// Service time: from a start on, so many seconds of it a second of the steady clock. A wall clock that jumps does not
/// move it.
class ServiceClock {
 public:
  ServiceClock(UtcTime start, double speed) : start_(start), speed_(speed), began_(std::chrono::steady_clock::now()) {}

  [[nodiscard]] UtcTime now() const {
    return after(start_, speed_ * Seconds(std::chrono::steady_clock::now() - began_).count());
  }
  [[nodiscard]] static UtcTime wall() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

 private:
  UtcTime start_;
  double speed_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace swiftlet::dispatch
