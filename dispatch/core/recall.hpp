#pragma once

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

/// Takes an order back as far as it goes: before the parcel is aboard it is cancelled (a drone on its way flies on to
/// the pick-up, whose route is proven, and then home), once aboard it is returning. True also where it was cancelled
/// or returning already; false where it has ended otherwise.
bool cancel_order(CoreContext& context, const Order& order, const std::string& reason);

/// Whether the parcel of this flight should turn round in the air: its order is returning and it still flies out.
[[nodiscard]] bool wants_recall(const CoreContext& context, const Flight& flight);

/// The rest of the flight becomes: from here straight home, with or without the parcel. Ends the current leg.
void turn_home(CoreContext& context, const Flight& flight, LegPurpose purpose, bool airborne);

}  // namespace swiftlet::dispatch
