#pragma once

#include "dispatch/core/fleet_outlook.hpp"

namespace swiftlet::dispatch {

/// Gives orders to drones, as late as their readiness allows: an order goes to the drone that the outlook expects for
/// it once that drone is idle and it is time to leave. Nearest means soonest at the pick-up.
///
/// Committed only when every leg between the very slots is proven, the whole sortie fits the battery, and a slot at
/// the pick-up and one at the drop-off are free; all of it at once, or the order waits.
void assign_orders(CoreContext& context, const FleetOutlook& outlook);

}  // namespace swiftlet::dispatch
