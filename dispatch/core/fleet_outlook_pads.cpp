// What of the outlook has to do with the slots of pads.
#include <algorithm>

#include "dispatch/core/fleet_outlook.hpp"

namespace swiftlet::dispatch {

SlotNeeds FleetOutlook::needs(const DeliveryWish& wish, double out_s, double deliver_s) const {
  return {.pickup_pad = wish.pickup.pad,
          .dropoff_pad = wish.dropoff.pad,
          .out_s = departure_s_ + out_s,
          .ready_s = wish.ready_at ? seconds_between(drawn_at_, *wish.ready_at) : 0.0,
          .loading_s = context_.stages.loading.time().mean_s,
          .leaving_s = departure_s_,
          .delivering_s = deliver_s + context_.stages.release.time().mean_s + departure_s_};
}

void FleetOutlook::take_open_dropoffs() {
  std::sort(open_dropoffs_.begin(), open_dropoffs_.end(), [](const SlotVisit& a, const SlotVisit& b) {
    return std::pair(a.from_s, a.flight->flight_id) < std::pair(b.from_s, b.flight->flight_id);
  });
  for (const SlotVisit& visit : open_dropoffs_) {
    const double stay_s = visit.until_s - visit.from_s;
    const double from_s = pads_.open_s(visit.spot->pad, visit.from_s, stay_s);
    pads_.take(visit.spot->pad, from_s, from_s + stay_s);
    if (from_s > visit.from_s) dropoff_waits_s_.emplace(visit.flight->flight_id, from_s - visit.from_s);
  }
  open_dropoffs_.clear();  // flights may end while the outlook is still asked
}

double FleetOutlook::dropoff_wait_s(const std::string& flight_id) const {
  const auto found = dropoff_waits_s_.find(flight_id);
  return found == dropoff_waits_s_.end() ? 0.0 : found->second;
}

void FleetOutlook::queue_at_pads() {
  std::sort(turns_.begin(), turns_.end(), [](const Turn& a, const Turn& b) {
    return std::pair(a.leaves_s, a.place) < std::pair(b.leaves_s, b.place);
  });
  for (const Turn& turn : turns_) {
    ExpectedPickup& pickup = expected_.at(turn.order->number);
    pickup = behind_pads(pickup, turn.order->wish, turn.deliver_s);
    pads_.take(needs(turn.order->wish, turn.out_s, turn.deliver_s), turn.leaves_s + pickup.pads_wait_s);
  }
}

ExpectedPickup FleetOutlook::behind_pads(ExpectedPickup pickup, const DeliveryWish& wish, double deliver_s) const {
  const double leaves_s = std::max(seconds_between(drawn_at_, pickup.leaves_at), 0.0);
  const double out_s = std::max(seconds_between(pickup.leaves_at, pickup.arrives_at) - departure_s_, 0.0);
  pickup.pads_wait_s = pads_.departure_s(needs(wish, out_s, deliver_s), leaves_s) - leaves_s;
  pickup.arrives_at = after(pickup.arrives_at, pickup.pads_wait_s);
  pickup.behind_others = pickup.behind_others || pickup.pads_wait_s > 0.0;
  return pickup;
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
  const double out_s =
      std::max(seconds_between(pickup.leaves_at, pickup.arrives_at) - pickup.pads_wait_s - departure_s_, 0.0);
  pads_.take(needs(order.wish, out_s, leg_duration_s(context_, delivery)), leaves_s + pickup.pads_wait_s);
}

}  // namespace swiftlet::dispatch
