#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

class FleetOutlook;

/// What is expected of an order that is on its way.
struct Forecast {
  std::optional<UtcTime> pickup_eta = {};
  std::optional<EtaDistribution> delivery = {};  ///< absent where no delivery is to be expected
  std::string_view cause = {};                   ///< what would explain a jump now, in the contract's words
};

/// From the live state of the flight, or from the outlook for an order that waits. For one that has ended, what was.
[[nodiscard]] Forecast forecast(const CoreContext& context, const FleetOutlook& outlook, const Order& order);

/// The stages from the landing at the pick-up to the release: loading (after the parcel is ready), departure, the
/// flight, the release.
[[nodiscard]] std::vector<StageTime> stages_after_pickup(const CoreContext& context, double wait_for_parcel_s,
                                                         double leg_s);
/// Flying a leg that takes so long by its trajectory.
[[nodiscard]] StageTime flying(double leg_s);

/// When a drone in service is next at home with a fresh battery.
[[nodiscard]] UtcTime expected_free_at(const CoreContext& context, const RegisteredDrone& drone);

}  // namespace swiftlet::dispatch
