#include "planner/flight_check.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cmath>

#include "geo/policy_fields.hpp"
#include "planner/ompl/ompl_search.hpp"

namespace swiftlet::planner {
namespace {

SearchFailure refusal(ErrorCode code, RouteStatus status, std::string message, std::string field,
                      std::string hint = {}) {
  return {.error = {.code = code, .message = std::move(message), .where = std::move(field), .hint = std::move(hint)},
          .status = status};
}

/// A drone in flight is no faster than its type flies: with the wind behind it over the ground, and vertically by twice
/// its rates, which is what gusts do. Bounds of time and length rest on it.
std::optional<SearchFailure> check_start_velocity(const PlanRequest& request, const VehicleProfile& v) {
  const auto* flying = std::get_if<AirbornePoint>(&request.from);
  if (flying == nullptr) return std::nullopt;
  const double across = std::hypot(flying->v_e_m_s, flying->v_n_m_s);
  const double most_m_s = std::min(v.max_airspeed_m_s + v.max_wind_m_s, 2.0 * v.cruise_speed_m_s);
  if (across <= most_m_s && flying->v_u_m_s <= 2.0 * v.climb_speed_m_s &&
      -flying->v_u_m_s <= 2.0 * v.descent_speed_m_s) {
    return std::nullopt;
  }
  return refusal(
      ErrorCode::value_invalid, RouteStatus::refused,
      fmt::format("from moves at {:.1f} m/s across and {:+.1f} m/s up; {} moves at most at {:.1f} across, {} "
                  "up and {} down",
                  across, flying->v_u_m_s, v.name, most_m_s, 2.0 * v.climb_speed_m_s, 2.0 * v.descent_speed_m_s),
      "from");
}

}  // namespace

std::optional<SearchFailure> check_request(const PlanRequest& request, const FlightLimits& limits,
                                           const PlanOptions& options, const geo::Airspace& airspace) {
  const VehicleProfile& vehicle = limits.vehicle;
  geo::Policy policy = request.policy;
  for (const geo::PolicyField& field : geo::policy_fields()) {
    if (const auto ok = geo::set_policy_field(policy, field.key, policy.*field.member); !ok) {
      return SearchFailure{.error = ok.error(), .status = RouteStatus::refused};
    }
  }
  if (const auto ok = geo::check_policy(policy, airspace.policy); !ok)
    return SearchFailure{.error = ok.error(), .status = RouteStatus::refused};
  if (const auto& most = request.max_ground_risk; most && !(std::isfinite(*most) && *most >= 0.0)) {
    return refusal(ErrorCode::value_invalid, RouteStatus::refused,
                   fmt::format("max_ground_risk = {} must be 0 or more", *most), "max_ground_risk");
  }
  if ((request.objective == Objective::risk || request.max_ground_risk) && airspace.ground_risk.empty()) {
    return refusal(ErrorCode::ground_risk_unknown, RouteStatus::refused,
                   fmt::format("{} has no [[ground_risk]]: how many people are below is not known", airspace.name),
                   request.max_ground_risk ? "max_ground_risk" : "objective",
                   "compile the region with a [[ground_risk]] source");
  }
  if (!is_planner_name(options.planner)) {
    return refusal(ErrorCode::usage, RouteStatus::refused,
                   fmt::format("planner \"{}\" must be auto or one of OMPL's: {}", options.planner,
                               fmt::join(ompl_planner_names(), ", ")),
                   "planner");
  }
  if (!std::isfinite(request.payload_kg) || request.payload_kg < 0.0) {
    return refusal(ErrorCode::value_invalid, RouteStatus::refused,
                   fmt::format("payload_kg = {} must be 0 or more", request.payload_kg), "payload_kg");
  }
  if (request.payload_kg > vehicle.max_payload_kg) {
    return refusal(
        ErrorCode::payload_too_heavy, RouteStatus::infeasible,
        fmt::format("payload_kg = {}: {} carries at most {}", request.payload_kg, vehicle.name, vehicle.max_payload_kg),
        "payload_kg");
  }
  const double battery = request.battery_wh.value_or(vehicle.battery_wh);
  if (!std::isfinite(battery) || battery < 0.0 || battery > vehicle.battery_wh) {
    return refusal(
        ErrorCode::value_invalid, RouteStatus::refused,
        fmt::format("battery_wh = {} must be from 0 to the {} of {}", battery, vehicle.battery_wh, vehicle.name),
        "battery_wh");
  }
  if (!limits.air.usual_m_s().allFinite()) {
    return refusal(ErrorCode::value_invalid, RouteStatus::refused, "wind must be finite numbers", "wind");
  }
  if (!limits.wind_is_flyable()) {
    return refusal(ErrorCode::wind_too_strong, RouteStatus::infeasible,
                   fmt::format("wind of {:.1f} m/s at the least height en route: {} flies in at most {}",
                               limits.least_wind_m_s(), vehicle.name, vehicle.max_wind_m_s),
                   "wind", "depart at another time");
  }
  if (!limits.holds_its_place()) {
    return refusal(
        ErrorCode::wind_too_strong, RouteStatus::refused,
        fmt::format("wind of {:.1f} m/s at the least height en route: {} does not hold its place in it while "
                    "it climbs at {} m/s",
                    limits.least_wind_m_s(), vehicle.name, vehicle.climb_speed_m_s),
        "wind", "depart at another time");
  }
  return check_start_velocity(request, vehicle);
}

std::optional<SearchFailure> check_energy(const PlanRequest& request, const VehicleProfile& vehicle,
                                          const PowerModel& power, double flight_wh, double lower_bound_wh) {
  const double battery = request.battery_wh.value_or(vehicle.battery_wh);
  const double usable = battery * (1.0 - request.policy.energy_reserve_fraction);
  const double hold_wh = request.policy.hold_s * power.hover_w() / 3600.0;
  if (flight_wh + hold_wh <= usable) return std::nullopt;
  const bool proven = lower_bound_wh + hold_wh > usable;
  return refusal(ErrorCode::energy_insufficient, proven ? RouteStatus::infeasible : RouteStatus::refused,
                 fmt::format("the flight takes {:.1f} Wh and the hold {:.1f} Wh; {:.1f} of {:.1f} Wh may be used{}",
                             flight_wh, hold_wh, std::max(0.0, usable), battery,
                             proven ? fmt::format(", and no route takes less than {:.1f} Wh", lower_bound_wh) : ""),
                 "battery_wh", "a full battery, less payload or a place nearer");
}

std::optional<SearchFailure> check_ground_risk(const PlanRequest& request, double ground_risk, double lower_bound) {
  if (!request.max_ground_risk || ground_risk <= *request.max_ground_risk) return std::nullopt;
  if (lower_bound > *request.max_ground_risk) {
    return refusal(ErrorCode::ground_risk_too_high, RouteStatus::infeasible,
                   fmt::format("no route expects fewer than {:.3g} ground fatalities; max_ground_risk is {:.3g}",
                               lower_bound, *request.max_ground_risk),
                   "max_ground_risk", "a place nearer, or a vehicle that fails less often");
  }
  return refusal(ErrorCode::undecided_at_resolution, RouteStatus::refused,
                 fmt::format("the safest route found expects {:.3g} ground fatalities, max_ground_risk is {:.3g}, and "
                             "none is ruled out down to {:.3g}",
                             ground_risk, *request.max_ground_risk, lower_bound),
                 "max_ground_risk", "more effort may find a safer route");
}

}  // namespace swiftlet::planner
