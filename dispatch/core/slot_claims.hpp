#pragma once

#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {

// When the slot at a drop-off is taken: once the parcel is aboard, so that it does not stand empty while the drone is
// still on its way to the kitchen. Until then flights stand at their pick-ups, and must not shut each other out.

/// Whether a flight that holds `pickup` and nothing else, with the slot `dropoff` in view, surely gets that one in the
/// end: no flight that waits like it holds what another of them has in view, and no drone is stranded there. Whoever
/// else holds it goes home from it, so some flight can always go on. Never at bare points, whose air others may close.
[[nodiscard]] bool surely_gets_dropoff(const CoreContext& context, const Spot& pickup, const Spot& dropoff);

/// The slots of the pad for orders, those first that are free and that no flight has in view yet; none where the pad is
/// closed.
[[nodiscard]] std::vector<Spot> dropoffs_by_promise(const CoreContext& context, const std::string& pad);

/// Flights that stand with their parcels aboard take the first free slot of their drop-offs that they can fly to and
/// home from, who took off first before the others. What none can be flown to is noted as refused.
void take_dropoffs(CoreContext& context);

}  // namespace swiftlet::dispatch
