#include "dispatch/core/slot_claims.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace swiftlet::dispatch {
namespace {

Leg on_way(const CoreContext& context, Leg leg, const LegQuery& query) {
  const LegEstimate& estimate = *context.legs.find(query, context.now);
  leg.from = query.from;
  leg.to = query.to;
  leg.duration_s = estimate.duration_s;
  leg.energy_wh = estimate.energy_wh;
  return leg;
}

/// Whether the flight could go there now; unknown where the planner has to be asked first.
SortieCheck take(CoreContext& context, const Flight& flight, const Spot& dropoff) {
  const RegisteredDrone& drone = *context.index.find_drone(flight.drone);
  const LegQuery out{
      .from = flight.leg().from, .to = dropoff, .profile = drone.profile, .payload_kg = flight.leg().payload_kg};
  const LegQuery home{.from = dropoff, .to = flight.legs.back().to, .profile = drone.profile};
  const DroneLive* live = context.fleet.find(flight.drone);
  const double aboard_wh = live != nullptr && live->battery_wh > 0.0
                               ? live->battery_wh
                               : context.config.profiles.at(drone.profile).battery_wh;
  SortieCheck check = check_legs(context, drone, std::array{out, home}, aboard_wh);
  if (check.verdict == SortieVerdict::unknown) {
    for (const LegQuery& leg : {out, home}) {
      if (context.legs.find(leg, context.now) == nullptr) context.ask_for_leg(leg);
    }
  }
  if (check.verdict == SortieVerdict::feasible) {
    context.commit(
        DropoffTaken{.flight_id = flight.flight_id,
                     .legs = {on_way(context, flight.leg(), out), on_way(context, flight.legs.back(), home)}});
  }
  return check;
}

void take_dropoff(CoreContext& context, const Flight& flight) {
  std::optional<Error> refusal;
  for (const Spot& spot : free_spots(context, Stop{.pad = flight.leg().to.pad, .at = {}})) {
    SortieCheck check = take(context, flight, spot);
    if (check.verdict != SortieVerdict::infeasible) return;
    refusal = std::move(check.error);
  }
  if (!refusal) return;
  context.refusals.note_flight(flight.flight_id, context.now, *refusal);
  if (!flight.order_id.empty()) context.refusals.note_order(flight.order_id, context.now, *refusal);
}

}  // namespace

bool surely_gets_dropoff(const CoreContext& context, const Spot& pickup, const Spot& dropoff) {
  if (pickup.pad.empty() || dropoff.pad.empty() || pickup == dropoff) return false;
  const std::string goal = dropoff.key();
  for (const auto& [id, flight] : context.state().flights) {
    const Leg* open = flight.leg_to_open_dropoff();
    if (open != nullptr && (open->to == pickup || flight.reserved.contains(goal))) return false;
  }
  return std::none_of(context.state().drones.begin(), context.state().drones.end(),
                      [&](const auto& entry) { return entry.second.stranded_on == dropoff; });
}

std::vector<Spot> dropoffs_by_promise(const CoreContext& context, const std::string& pad) {
  if (context.state().gates.closed_pads.contains(pad)) return {};
  std::vector<Spot> spots = context.index.spots_for_orders(pad);
  std::map<int, int> claims;  // by slot
  for (const Spot& spot : spots) claims[spot.slot] = context.held.leave_free(spot, 0.0) ? 0 : 1;
  for (const auto& [id, flight] : context.state().flights) {
    const Leg* open = flight.leg_to_open_dropoff();
    if (open != nullptr && open->to.pad == pad) ++claims[open->to.slot];
  }
  std::stable_sort(spots.begin(), spots.end(),
                   [&](const Spot& a, const Spot& b) { return claims[a.slot] < claims[b.slot]; });
  return spots;
}

void take_dropoffs(CoreContext& context) {
  if (context.state().gates.departures_stopped()) return;
  std::vector<std::string> waiting;
  for (const auto& [id, flight] : context.state().flights) {
    // Whoever cannot leave would only keep the slot from those that can.
    const bool may_leave =
        flight.steer != Steer::hold && context.in_contact(flight.drone) && !context.is_off_control(flight.drone);
    if (flight.waits_for_dropoff() && may_leave) waiting.push_back(id);
  }
  for (const std::string& id : waiting) take_dropoff(context, context.state().flights.at(id));
}

}  // namespace swiftlet::dispatch
