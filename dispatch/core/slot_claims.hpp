#pragma once

#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {

// When the slot at a drop-off is taken: once the parcel is aboard, so that it does not stand empty while the drone is
// still on its way to the kitchen. Until then flights stand at their pick-ups, and must not shut each other out.

/// Whether a flight that holds `pickup` and nothing else surely gets a slot of the pad in the end: at every pad that
/// such flights go to, one slot at least is held by nobody who waits like them. Whoever holds that one goes home from
/// it, so some flight can always go on. Slots that a drone is stranded on do not count.
[[nodiscard]] bool surely_gets_dropoff(const CoreContext& context, const Spot& pickup, const std::string& dropoff_pad);

/// The slots of the pad for orders, those first that are free and that no flight has in view yet; none where the pad is
/// closed.
[[nodiscard]] std::vector<Spot> dropoffs_by_promise(const CoreContext& context, const std::string& pad);

/// Flights that stand with their parcels aboard take the first free slot of their drop-offs that they can fly to and
/// home from, who took off first before the others. What none can be flown to is noted as refused.
void take_dropoffs(CoreContext& context);

}  // namespace swiftlet::dispatch
