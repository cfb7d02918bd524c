#pragma once

#include <string>

#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch::drill {

/// What must hold of the core's state at every instant: no drone or order is on two flights, no place is held twice,
/// events have no gaps, orders end once. Says what does not; empty if all does.
[[nodiscard]] std::string broken_invariant(const DispatchState& state, const FleetConfig& config);

}  // namespace swiftlet::dispatch::drill
