#include "dispatch/core/fleet_outlook.hpp"

#include <algorithm>

#include "dispatch/core/forecast.hpp"

namespace swiftlet::dispatch {

std::vector<std::string> waiting_orders(const DispatchState& state) {
  std::vector<const Order*> by_age;
  std::map<std::string, std::vector<const Order*>> by_merchant;
  for (const auto& [number, order_id] : state.order_by_number) {
    const Order& order = state.orders.at(order_id);
    if (order.state != OrderState::accepted) continue;
    by_age.push_back(&order);
    by_merchant[order.merchant].push_back(&order);
  }
  for (auto& [merchant, orders] : by_merchant) {
    std::stable_sort(orders.begin(), orders.end(),
                     [](const Order* a, const Order* b) { return a->priority > b->priority; });
    std::reverse(orders.begin(), orders.end());
  }
  std::vector<std::string> sequence;
  for (const Order* place : by_age) {
    auto& own = by_merchant[place->merchant];
    sequence.push_back(own.back()->order_id);
    own.pop_back();
  }
  return sequence;
}

FleetOutlook::FleetOutlook(const CoreContext& context) : context_(context), waiting_(waiting_orders(context.state())) {
  for (const RegisteredDrone& drone : context.config.drones) {
    if (context.in_service(drone.id)) free_at_[drone.id] = expected_free_at(context, drone);
  }
  take_turns();
}

const ExpectedPickup* FleetOutlook::expected(const std::string& order_id) const {
  const auto found = expected_.find(order_id);
  return found == expected_.end() ? nullptr : &found->second;
}

std::vector<ExpectedPickup> FleetOutlook::candidates(const Spot& pickup, const Parcel& parcel, UtcTime ready_at,
                                                     const Order* order) const {
  std::vector<ExpectedPickup> found;
  const double departure_s = context_.stages.departure.time().mean_s;
  for (const RegisteredDrone& drone : context_.config.drones) {
    const auto free_at = free_at_.find(drone.id);
    if (order != nullptr && !order->only_drone.empty() && order->only_drone != drone.id) continue;
    if (order != nullptr && order->not_drone == drone.id) continue;
    if (free_at == free_at_.end() || refuses_parcel(context_.config.profiles.at(drone.profile), parcel)) continue;
    const double out_s =
        departure_s +
        leg_duration_s(context_, {.from = context_.home_of(drone), .to = pickup, .profile = drone.profile});
    const UtcTime leaves_at = std::max(free_at->second, after(ready_at, -out_s));
    found.push_back({.drone = &drone,
                     .leaves_at = leaves_at,
                     .arrives_at = after(leaves_at, out_s),
                     .behind_others = free_at->second > context_.now});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const ExpectedPickup& a, const ExpectedPickup& b) { return a.arrives_at < b.arrives_at; });
  return found;
}

void FleetOutlook::take_turns() {
  for (const std::string& order_id : waiting_) {
    const Order& order = context_.state().orders.at(order_id);
    const auto pickups = spots_of(context_, order.wish.pickup);
    const auto dropoffs = spots_of(context_, order.wish.dropoff);
    if (pickups.empty() || dropoffs.empty()) continue;
    for (const ExpectedPickup& candidate : candidates(pickups.front(), order.wish.parcel, order.ready_at(), &order)) {
      const Sortie sortie =
          make_sortie(context_, *candidate.drone, pickups.front(), dropoffs.front(), order.wish.parcel.mass_kg);
      if (check_sortie(context_, sortie).verdict == SortieVerdict::infeasible) continue;
      const double rest_s = context_.stages.loading.time().mean_s + 2 * context_.stages.departure.time().mean_s +
                            leg_duration_s(context_, sortie.legs[1]) + context_.stages.release.time().mean_s +
                            leg_duration_s(context_, sortie.legs[2]) + context_.stages.turnaround.time().mean_s;
      free_at_[candidate.drone->id] = after(std::max(candidate.arrives_at, order.ready_at()), rest_s);
      expected_.emplace(order_id, candidate);
      break;
    }
  }
}

}  // namespace swiftlet::dispatch
