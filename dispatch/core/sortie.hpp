#pragma once

#include <array>
#include <optional>
#include <span>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

/// The three legs by which one drone would carry one parcel: out to the pick-up, over to the drop-off, home.
struct Sortie {
  const RegisteredDrone* drone = nullptr;
  std::array<LegQuery, 3> legs = {};

  [[nodiscard]] const LegQuery& to_pickup() const { return legs[0]; }
  [[nodiscard]] const LegQuery& to_dropoff() const { return legs[1]; }
};

[[nodiscard]] Sortie make_sortie(const CoreContext& context, const RegisteredDrone& drone, const Spot& pickup,
                                 const Spot& dropoff, double payload_kg);

enum class SortieVerdict { unknown, feasible, infeasible };

/// Whether all legs are proven and the whole of it fits the battery minus the reserve. `unknown` while a leg has no
/// estimate; asking for it is the caller's.
struct SortieCheck {
  SortieVerdict verdict = SortieVerdict::unknown;
  std::optional<Error> error = {};     ///< why infeasible
  std::size_t leg = 0;                 ///< the one that fails
  bool delivery_itself_fails = false;  ///< no drone of this type could: pick-up to drop-off has no route
};
[[nodiscard]] SortieCheck check_sortie(const CoreContext& context, const Sortie& sortie);
/// The same of any legs that the drone would fly one after the other on one battery, with so much in it.
[[nodiscard]] SortieCheck check_legs(const CoreContext& context, const RegisteredDrone& drone,
                                     std::span<const LegQuery> legs, double aboard_wh);

/// Proven where known, else a guess.
[[nodiscard]] double leg_duration_s(const CoreContext& context, const LegQuery& leg);

/// Whether the parcel is within what the type carries. Errors: payload_too_heavy, payload_too_large.
[[nodiscard]] std::optional<Error> refuses_parcel(const planner::VehicleProfile& vehicle, const Parcel& parcel);

/// The slots of a stop that no drone lives on, in order; a bare point is its own only slot. Empty for an unknown pad.
[[nodiscard]] std::vector<Spot> spots_of(const CoreContext& context, const Stop& stop);
/// The first of them, which stands for all in estimates.
[[nodiscard]] std::optional<Spot> first_spot_of(const CoreContext& context, const Stop& stop);

/// The slots that stand for pick-up and drop-off of an order that waits: the first between which there may be a way.
/// Nothing where either has none for orders.
[[nodiscard]] std::optional<std::pair<Spot, Spot>> spots_between(const CoreContext& context, const DeliveryWish& wish);

/// The slots of the stop that nobody holds, none if its pad is closed. A bare point is free only if nobody is bound for
/// a place nearer than two terminal radii.
[[nodiscard]] std::vector<Spot> free_spots(const CoreContext& context, const Stop& stop);
/// The first of them.
[[nodiscard]] std::optional<Spot> free_spot(const CoreContext& context, const Stop& stop);

}  // namespace swiftlet::dispatch
