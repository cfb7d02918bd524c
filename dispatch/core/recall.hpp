#pragma once

#include <vector>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

// What it takes to take an order back or to turn a flight round, as the records that do it. Computed from the state
// alone, so that it can be looked at before it is done.

using Records = std::vector<RecordBody>;

/// Takes an order back as far as it goes: before the parcel is aboard it is cancelled (a drone on its way flies on to
/// the pick-up, whose route is proven, and then home), once aboard it is returning. No records where it was cancelled
/// or returning already; nothing where it has ended otherwise.
[[nodiscard]] std::optional<Records> cancel_records(const DispatchState& state, const Order& order,
                                                    const std::string& reason);

/// cancel_records, as somebody asks for it now. Errors: too_late where the order has ended otherwise, or its drone
/// comes down at the drop-off already, where no proven way begins but the one down.
[[nodiscard]] Expected<Records> records_to_cancel_now(const CoreContext& context, const Order& order,
                                                      const std::string& reason);

/// An order that nothing can move is given up: what is not aboard yet fails, and its drone is free; a parcel that is
/// aboard goes back from where it stands; one that was going back already fails. Where a drone has fallen silent on its
/// way to the pick-up, the order waits for another one instead.
[[nodiscard]] Records give_up_records(const DispatchState& state, const Order& order, const std::string& cause);

/// The order waits for a drone again, and the flight goes on without it: home from where it stands, or on to the
/// pick-up. Precondition: the flight carries no parcel.
[[nodiscard]] Records give_back_records(const DispatchState& state, const Flight& flight, const std::string& cause);

/// The rest of the flight becomes: from here straight home, with or without the parcel. Ends the current leg.
[[nodiscard]] Records turn_home_records(const Flight& flight, bool airborne);

/// The rest of the flight becomes: from here, in the air, to the slot that it was diverted to, and home from there.
[[nodiscard]] Records turn_aside_records(const Flight& flight, const Spot& to);

/// Whether the parcel of this flight should turn round in the air: its order is returning and it still flies out.
[[nodiscard]] bool wants_recall(const DispatchState& state, const Flight& flight);

}  // namespace swiftlet::dispatch
