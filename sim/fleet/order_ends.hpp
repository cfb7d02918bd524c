#pragma once

#include <string>
#include <vector>

#include "dispatch/core/state.hpp"
#include "sim/fleet/day_clock.hpp"
#include "sim/fleet/fleet_outcome.hpp"

namespace swiftlet::sim {

/// Notes with every order that was accepted what has become of it by the core's state. Returns, in words, those that
/// the core does not know any more.
[[nodiscard]] std::vector<std::string> note_ends(const dispatch::DispatchState& state, const DayClock& clock,
                                                 std::vector<OrderOutcome>& orders);

}  // namespace swiftlet::sim
