#pragma once

#include <string>
#include <vector>

#include "dispatch/core/state.hpp"

namespace swiftlet::sim {

/// What must hold of the core's state at every instant, and does not, in words: no drone is on two flights, no slot is
/// held twice, every flight has its order, and so many orders are live as the records tell.
[[nodiscard]] std::vector<std::string> audit(const dispatch::DispatchState& state, std::int64_t live_orders);

}  // namespace swiftlet::sim
