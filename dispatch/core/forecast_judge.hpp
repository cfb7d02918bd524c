#pragma once

#include <cstdint>
#include <map>

#include "dispatch/core/forecast.hpp"

namespace swiftlet::dispatch {

/// Keeps of every live order one forecast a stage, drawn from all that were made in it, and when the parcel has been
/// delivered journals by how much each of them missed.
class ForecastJudge {
 public:
  explicit ForecastJudge(CoreContext& context) : context_(context) {}

  void tick(const FleetOutlook& outlook);

 private:
  struct Kept {
    Expectation expected;
    std::uint64_t drawn_from = 0;
  };

  void keep(const FleetOutlook& outlook);
  void judge();

  CoreContext& context_;
  UtcTime next_at_;
  std::map<std::uint64_t, std::map<ForecastKind, Kept>> kept_;  ///< by order number
};

}  // namespace swiftlet::dispatch
