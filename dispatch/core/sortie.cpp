#include "dispatch/core/sortie.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <span>

namespace swiftlet::dispatch {

Sortie make_sortie(const CoreContext& context, const RegisteredDrone& drone, const Spot& pickup, const Spot& dropoff,
                   double payload_kg) {
  const Spot home = context.home_of(drone);
  return {.drone = &drone,
          .legs = {LegQuery{.from = home, .to = pickup, .profile = drone.profile},
                   LegQuery{.from = pickup, .to = dropoff, .profile = drone.profile, .payload_kg = payload_kg},
                   LegQuery{.from = dropoff, .to = home, .profile = drone.profile}}};
}

SortieCheck check_sortie(const CoreContext& context, const Sortie& sortie) {
  const RegisteredDrone& drone = *sortie.drone;
  const DroneLive* live = context.fleet.find(drone.id);
  // A drone that is out comes home to a fresh battery before it takes the next order.
  const bool leaves_with_it = live != nullptr && live->battery_wh > 0.0 && context.is_idle(drone.id);
  const double battery_wh = context.config.profiles.at(drone.profile).battery_wh;
  SortieCheck check = check_legs(context, drone, sortie.legs, leaves_with_it ? live->battery_wh : battery_wh);
  check.delivery_itself_fails = check.verdict == SortieVerdict::infeasible && check.leg == 1;
  return check;
}

SortieCheck check_legs(const CoreContext& context, const RegisteredDrone& drone, std::span<const LegQuery> legs,
                       double aboard_wh) {
  SortieCheck check;
  double energy_wh = 0.0;
  bool all_known = true;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const LegEstimate* leg = context.legs.find(legs[i], context.now);
    if (leg == nullptr) {
      all_known = false;
    } else if (leg->error) {
      return {.verdict = SortieVerdict::infeasible, .error = leg->error, .leg = i};
    } else {
      energy_wh += leg->energy_wh;
    }
  }
  if (!all_known) return check;
  const double battery_wh = context.config.profiles.at(drone.profile).battery_wh;
  const double reserve_wh = context.config.policy.energy_reserve_fraction * battery_wh;
  if (energy_wh > aboard_wh - reserve_wh) {
    check.verdict = SortieVerdict::infeasible;
    check.error =
        Error{.code = ErrorCode::unreachable,
              .message = fmt::format("the sortie needs {:.1f} Wh; {:.1f} Wh are aboard, of which {:.1f} Wh are reserve",
                                     energy_wh, aboard_wh, reserve_wh)};
    return check;
  }
  check.verdict = SortieVerdict::feasible;
  return check;
}

double leg_duration_s(const CoreContext& context, const LegQuery& leg) {
  const LegEstimate* known = context.legs.find(leg, context.now);
  return known != nullptr && !known->error ? known->duration_s : context.legs.rough_duration_s(leg);
}

std::optional<Error> refuses_parcel(const planner::VehicleProfile& vehicle, const Parcel& parcel) {
  if (parcel.mass_kg > vehicle.max_payload_kg) {
    return Error{.code = ErrorCode::payload_too_heavy,
                 .message = fmt::format("{} kg; at most {} kg can be carried", parcel.mass_kg, vehicle.max_payload_kg),
                 .where = "parcel.mass_kg"};
  }
  if (vehicle.max_parcel_m > 0.0 && parcel.longest_edge_m() > vehicle.max_parcel_m) {
    return Error{
        .code = ErrorCode::payload_too_large,
        .message = fmt::format("longest edge {} m; at most {} m fit", parcel.longest_edge_m(), vehicle.max_parcel_m),
        .where = "parcel"};
  }
  return std::nullopt;
}

std::vector<Spot> spots_of(const CoreContext& context, const Stop& stop) {
  if (stop.pad.empty()) return {Spot{.pad = {}, .slot = 0, .at = *stop.at}};
  return context.index.spots_for_orders(stop.pad);
}

namespace {

/// The same without a copy; `point` holds what is no pad's.
std::span<const Spot> spots_of(const CoreContext& context, const Stop& stop, Spot& point) {
  if (!stop.pad.empty()) return context.index.spots_for_orders(stop.pad);
  point.at = *stop.at;
  return {&point, 1};
}

}  // namespace

std::optional<Spot> first_spot_of(const CoreContext& context, const Stop& stop) {
  if (stop.pad.empty()) return Spot{.pad = {}, .slot = 0, .at = *stop.at};
  const auto& spots = context.index.spots_for_orders(stop.pad);
  return spots.empty() ? std::nullopt : std::optional(spots.front());
}

std::optional<std::pair<Spot, Spot>> spots_between(const CoreContext& context, const DeliveryWish& wish) {
  Spot from;
  Spot to;
  const std::span<const Spot> pickups = spots_of(context, wish.pickup, from);
  const std::span<const Spot> dropoffs = spots_of(context, wish.dropoff, to);
  if (pickups.empty() || dropoffs.empty()) return std::nullopt;
  for (const Base& base : context.sortie_times.bases()) {
    if (refuses_parcel(context.config.profiles.at(base.profile), wish.parcel)) continue;
    for (const Spot& pickup : pickups) {
      for (const Spot& dropoff : dropoffs) {
        const LegEstimate* known = context.legs.find(
            {.from = pickup, .to = dropoff, .profile = base.profile, .payload_kg = wish.parcel.mass_kg}, context.now);
        if (known == nullptr || !known->error) return std::pair(pickup, dropoff);
      }
    }
  }
  return std::pair(pickups.front(), dropoffs.front());
}

std::vector<Spot> free_spots(const CoreContext& context, const Stop& stop) {
  if (context.state().gates.closed_pads.contains(stop.pad)) return {};
  std::vector<Spot> spots = spots_of(context, stop);
  const double apart_m = 2.0 * context.config.policy.terminal_radius_m;
  std::erase_if(spots, [&](const Spot& spot) { return !context.held.leave_free(spot, apart_m); });
  return spots;
}

std::optional<Spot> free_spot(const CoreContext& context, const Stop& stop) {
  const std::vector<Spot> free = free_spots(context, stop);
  return free.empty() ? std::nullopt : std::optional(free.front());
}

}  // namespace swiftlet::dispatch
