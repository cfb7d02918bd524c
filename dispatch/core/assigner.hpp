#pragma once

#include "dispatch/core/fleet_outlook.hpp"

namespace swiftlet::dispatch {

/// Gives orders to drones, as late as their readiness allows: an order goes to the drone that the outlook expects for
/// it once that drone is idle and it is time to leave. Nearest means soonest at the pick-up.
///
/// Committed only when every leg between the very slots is proven, the whole sortie fits the battery, a slot at the
/// pick-up is free, and one at the drop-off is free or surely will be (slot_claims.hpp); or the order waits.
void assign_orders(CoreContext& context, const FleetOutlook& outlook);

}  // namespace swiftlet::dispatch
