#pragma once

#include <functional>
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
  std::optional<Expectation> expected = {};      ///< what the delivery follows from, where that is a model
  std::string_view cause = {};                   ///< what would explain a jump now, in the contract's words
};

/// From the live state of the flight, or from the outlook for an order that waits. For one that has ended, what was.
[[nodiscard]] Forecast forecast(const CoreContext& context, const FleetOutlook& outlook, const Order& order);

/// How long a drone that is at the pick-up at `arrives_at` waits for a parcel that was said to be ready at `ready_at`:
/// kitchens are as late as they have been today; one that has `revised` what it said is taken at its word.
[[nodiscard]] StageTime wait_for_parcel(const CoreContext& context, UtcTime ready_at, UtcTime arrives_at, bool revised);

/// The stages from the landing at the pick-up to the release: the wait for the parcel, loading, departure, the flight,
/// the release.
[[nodiscard]] std::vector<StageTime> stages_after_pickup(const CoreContext& context, StageTime wait, double leg_s);
/// Flying a leg that takes so long by its trajectory.
[[nodiscard]] StageTime flying(double leg_s);

/// A slot on a flight's way: when it takes it, if it has not yet, and when it leaves it, in seconds from now.
struct SlotVisit {
  const Flight* flight = nullptr;
  const Spot* spot = nullptr;
  double from_s = 0.0;
  double until_s = 0.0;
  bool is_taken = true;
};

/// When a drone in service is next at home with a fresh battery; tells of the slots on its way.
[[nodiscard]] UtcTime expected_free_at(const CoreContext& context, std::size_t drone,
                                       const std::function<void(const SlotVisit&)>& on_visit);

}  // namespace swiftlet::dispatch
