#include <algorithm>

#include "dispatch/core/fleet_outlook.hpp"

namespace swiftlet::dispatch {

void FleetOutlook::queue_at_pads() {
  std::sort(turns_.begin(), turns_.end(), [](const Turn& a, const Turn& b) {
    return std::pair(a.leaves_s, a.place) < std::pair(b.leaves_s, b.place);
  });
  for (const Turn& turn : turns_) {
    ExpectedPickup& pickup = expected_.at(turn.order->number);
    pickup = behind_pads(pickup, turn.order->wish.pickup.pad, turn.order->wish.dropoff.pad);
    take_slots(turn, turn.leaves_s + pickup.pads_wait_s);
  }
}

ExpectedPickup FleetOutlook::behind_pads(ExpectedPickup pickup, const std::string& pickup_pad,
                                         const std::string& dropoff_pad) const {
  const double leaves_s = std::max(seconds_between(drawn_at_, pickup.leaves_at), 0.0);
  pickup.pads_wait_s = std::max(pads_.open_s(pickup_pad, leaves_s), pads_.open_s(dropoff_pad, leaves_s)) - leaves_s;
  pickup.arrives_at = after(pickup.arrives_at, pickup.pads_wait_s);
  pickup.behind_others = pickup.behind_others || pickup.pads_wait_s > 0.0;
  return pickup;
}

void FleetOutlook::take_slots(const Turn& turn, double leaves_s) {
  const double arrives_s = leaves_s + departure_s_ + turn.out_s;
  const double ready_s = seconds_between(drawn_at_, turn.order->ready_at());
  const double leaves_pickup_s = std::max(arrives_s, ready_s) + context_.stages.loading.time().mean_s + departure_s_;
  const double leaves_dropoff_s =
      leaves_pickup_s + turn.deliver_s + context_.stages.release.time().mean_s + departure_s_;
  pads_.take(turn.order->wish.pickup.pad, leaves_s, leaves_pickup_s);
  pads_.take(turn.order->wish.dropoff.pad, leaves_s, leaves_dropoff_s);
}

void FleetOutlook::note_accepted(const Order& order, const ExpectedPickup& pickup, double occupied_s) {
  expected_.emplace(order.number, pickup);
  if (order.ready_at() > context_.now + kHorizon) return;
  const std::size_t drone = *context_.index.number_of(pickup.drone->id);
  const double leaves_s = seconds_between(drawn_at_, pickup.leaves_at);
  queues_.set_free(drone, leaves_s + occupied_s);
  const auto from = first_spot_of(context_, order.wish.pickup);
  const auto to = first_spot_of(context_, order.wish.dropoff);
  if (!from || !to) return;
  const LegQuery delivery{
      .from = *from, .to = *to, .profile = pickup.drone->profile, .payload_kg = order.wish.parcel.mass_kg};
  take_slots(
      {.order = &order,
       .out_s = std::max(seconds_between(pickup.leaves_at, pickup.arrives_at) - pickup.pads_wait_s - departure_s_, 0.0),
       .deliver_s = leg_duration_s(context_, delivery)},
      leaves_s + pickup.pads_wait_s);
}

}  // namespace swiftlet::dispatch
