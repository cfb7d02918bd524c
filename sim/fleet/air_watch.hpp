#pragma once

#include <string>
#include <vector>

#include "dispatch/core/state.hpp"
#include "sim/fleet/onboard_fleet.hpp"
#include "sim/fleet/separation.hpp"

namespace swiftlet::sim {

/// Separation in every step of the fleet's last second, the steps side by side on threads.
class AirWatch {
 public:
  AirWatch();

  /// `second_began_s`: after the day's begin. Returns how many of record.first() are new.
  std::size_t look(const OnboardFleet& fleet, double second_began_s, unsigned threads, SeparationRecord& record);

 private:
  std::vector<SeparationWatch> watches_;  ///< one a step
  std::vector<std::vector<SeparationWatch::Contact>> contacts_;
};

/// What a drone was at, for a report of what went wrong.
[[nodiscard]] std::string what_it_was_at(const std::string& drone, const GeoPoint& at,
                                         const dispatch::DispatchState& state);

}  // namespace swiftlet::sim
