#pragma once

#include <optional>
#include <string>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

class FleetOutlook;

/// What keeps an order from moving at this moment.
struct Obstacle {
  std::string cause = {};  ///< in the words that explain an ETA
  std::string code = {};   ///< the name of the error code that a merchant would be refused with
  std::string what = {};   ///< for people
};

/// A refusal of the planner in the words that explain an ETA.
[[nodiscard]] std::string cause_of(const Error& refusal);

/// Nothing for an order that moves, waits for its parcel or its turn, or has ended.
[[nodiscard]] std::optional<Obstacle> obstacle_of(CoreContext& context, const FleetOutlook& outlook,
                                                  const Order& order);
/// The same of a flight that stands on the ground, whether or not it has an order left.
[[nodiscard]] std::optional<Obstacle> obstacle_of(const CoreContext& context, const Flight& flight);

}  // namespace swiftlet::dispatch
