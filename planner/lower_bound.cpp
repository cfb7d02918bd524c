#include "planner/lower_bound.hpp"

#include <algorithm>
#include <cmath>

#include "planner/exposure_bound.hpp"
#include "planner/ground_risk_cost.hpp"

namespace swiftlet::planner {
namespace {

double vertical_m(const geo::AirspaceView& view, const Terminal& terminal) {
  if (terminal.place.velocity_enu_m_s) return 0.0;
  const auto cell = cell_at(view.grid(), terminal.place.at_enu);
  if (!cell) return 0.0;
  // A place on a cell's edge belongs to its neighbours too, and off the axis by 5 cm to one more.
  double floor = view.optimistic_band(cell->i, cell->j).floor_msl_m;
  for (int j = std::max(0, cell->j - 1); j <= std::min(view.grid().ny - 1, cell->j + 1); ++j) {
    for (int i = std::max(0, cell->i - 1); i <= std::min(view.grid().nx - 1, cell->i + 1); ++i) {
      floor = std::min(floor, view.optimistic_band(i, j).floor_msl_m);
    }
  }
  // The ground beside the place that was asked for may be higher, on slopes of up to one in a half.
  const double higher_m = 2.0 * (terminal.others_within_m - kOffAxis_m);
  return std::isfinite(floor) ? std::max(0.0, floor - terminal.place.deck_msl_m - higher_m) : 0.0;
}

/// The least time for a distance from rest to rest under a speed and an acceleration.
double rest_to_rest_s(double distance_m, double speed_m_s, double acceleration_m_s2) {
  if (distance_m >= speed_m_s * speed_m_s / acceleration_m_s2) {
    return distance_m / speed_m_s + speed_m_s / acceleration_m_s2;
  }
  return 2.0 * std::sqrt(distance_m / acceleration_m_s2);
}

/// The least time from rest on the deck to a height, there still at full speed.
double climb_s(const VehicleProfile& v, double height_m) {
  const double speed = v.climb_speed_m_s;
  const double a = v.vertical_acceleration_m_s2;
  const double gained_m = speed * speed / (2.0 * a);
  return height_m <= gained_m ? std::sqrt(2.0 * height_m / a) : speed / a + (height_m - gained_m) / speed;
}

/// The least time for the last `slow_m` above the deck, to rest, and what slowing down to the landing speed above them
/// takes, where there is room to have come at full speed.
double landing_s(const VehicleProfile& v, double down_m, double slow_m) {
  const double a = v.vertical_acceleration_m_s2;
  const double speed = v.landing_speed_m_s;
  const double braked_m = speed * speed / (2.0 * a);
  const double last_s = slow_m <= braked_m ? std::sqrt(2.0 * slow_m / a) : speed / a + (slow_m - braked_m) / speed;
  const double faster = v.descent_speed_m_s - speed;
  const double room_m = (v.descent_speed_m_s * v.descent_speed_m_s - speed * speed) / (2.0 * a);
  return last_s + (down_m - slow_m >= room_m ? faster * faster / (2.0 * a * v.descent_speed_m_s) : 0.0);
}

}  // namespace

double bound_for(Objective objective, const LowerBounds& bounds) {
  return cost_in(objective, {.time_s = bounds.time_s,
                             .energy_wh = bounds.energy_wh,
                             .length_m = bounds.length_m,
                             .ground_risk = bounds.ground_risk});
}

LowerBounds lower_bounds(const geo::AirspaceView& view, const FlightLimits& limits, const PowerModel& power,
                         const Terminal& start, const Terminal& goal, double ground_m) {
  const VehicleProfile& v = limits.vehicle;
  const geo::Enu2 apart = goal.place.at_enu - start.place.at_enu;
  const double least_m = std::max(apart.norm(), ground_m);
  const double lean_m = start.others_within_m + goal.others_within_m;
  const double distance = std::max(0.0, least_m - lean_m);
  const double up = vertical_m(view, start);
  const double down = vertical_m(view, goal);
  double across_s = 0.0;
  if (distance > 0.0) {
    // What wind and airspeed let pass: the reachable velocities are convex, so no detour beats the straight line.
    // Who comes fast against the wind brakes first, and is faster than that until he stands.
    const double braking_m = (braked(start, v).place.at_enu - start.place.at_enu).norm();
    const double straight = std::max(0.0, apart.norm() - lean_m - braking_m);
    across_s = std::max(straight / limits.ground_speed_bound_m_s(apart / apart.norm()), distance / v.cruise_speed_m_s);
    if (!start.place.velocity_enu_m_s) {
      // From rest to rest over the whole distance, less what leaning at either end can take off it: a transit
      // may begin moving, with the time to come so far spent on the way up or down.
      const double lean_s = 2.0 * std::sqrt(lean_m / v.acceleration_m_s2);
      across_s = std::max(across_s, rest_to_rest_s(least_m, v.cruise_speed_m_s, v.acceleration_m_s2) - lean_s);
    }
  }
  const double slow = std::min(down, v.landing_height_m);
  LowerBounds bounds;
  bounds.ground_m = distance;
  bounds.across_s = across_s;
  bounds.climb_s = climb_s(v, up);
  bounds.landing_s = (down - slow) / v.descent_speed_m_s + landing_s(v, down, slow);
  bounds.time_s = bounds.across_s + bounds.climb_s + bounds.landing_s;
  bounds.length_m = distance + up + down;
  const double rise = std::max(up, goal.place.deck_msl_m + down - start.place.deck_msl_m);
  bounds.energy_wh = power.least_w(v.max_airspeed_m_s) * bounds.time_s / 3600.0 +
                     (start.place.velocity_enu_m_s ? 0.0 : power.lift_wh(rise));
  return bounds;
}

double ground_risk_bound(const geo::AirspaceView& view, const VehicleProfile& vehicle, const Terminal& start,
                         const Terminal& goal, const LowerBounds& bounds) {
  /// What rounding of published times and places may take off.
  constexpr double kRounding = 0.999;
  const geo::GroundRisk& people = view.airspace().ground_risk;
  const auto around = [&](const Terminal& terminal) {
    const geo::Enu2& p = terminal.place.at_enu;
    return people.least_in_per_km2(geo::Box2{p, p}.grown(kLean_m));
  };
  const double across = least_exposure(people, view.grid().extent(), start.place.at_enu, goal.place.at_enu, kLean_m) /
                        vehicle.cruise_speed_m_s;
  return kRounding * fatalities_per_density_second(vehicle) *
         (around(start) * bounds.climb_s + across + around(goal) * bounds.landing_s);
}

}  // namespace swiftlet::planner
