#include "planner/route_finish.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>
#include <optional>
#include <tuple>

#include "planner/autopilot_timing.hpp"
#include "planner/ground_risk_cost.hpp"

namespace swiftlet::planner {
namespace {

/// A velocity of the air as a wind.
geo::Wind wind_from(const geo::Enu2& velocity_m_s) {
  return {.speed_m_s = velocity_m_s.norm(),
          .from_deg = std::atan2(-velocity_m_s.x(), -velocity_m_s.y()) * 180.0 / std::numbers::pi};
}

/// Times and energy as the vehicle's autopilot flies the route; what forbids it, if anything does.
std::optional<SearchFailure> by_autopilot(const PlanRequest& request, const VehicleProfile& vehicle,
                                          const geo::Enu2& usual_wind_m_s, const LowerBounds& bounds, Route& route) {
  if (const auto ok = time_by_autopilot(vehicle, wind_from(usual_wind_m_s), route); !ok) {
    return SearchFailure{.error = ok.error(), .status = RouteStatus::refused};
  }
  return check_energy(request, vehicle, PowerModel(vehicle, request.payload_kg), route.energy_wh, bounds.energy_wh);
}

/// What the referee says of a route that claims nothing of itself but where it is and when.
geo::RefereeReport verdict(const geo::Referee& referee, const Route& route) {
  geo::RouteUnderTest claim{.airspace_hash = route.airspace_hash,
                            .path = {},
                            .t_s = {},
                            .depart = route.depart,
                            .time_uncertainty_s = route.time_uncertainty_s,
                            .policy = route.policy,
                            .authorisations = route.authorisations};
  for (const Waypoint& w : route.waypoints) {
    claim.path.push_back(w.position);
    claim.t_s.push_back(w.t_s);
  }
  return referee.judge(claim);
}

/// The referee's verdict and what it measured, as the route's certificate.
void judge(const geo::Referee& referee, Route& route) {
  const geo::RefereeReport report = verdict(referee, route);
  if (!report.ok()) {
    const geo::Violation& v = report.violations.front();
    std::string message = fmt::format("the referee refused the route: {} on segment {}", v.rule, v.segment);
    if (v.actual_m && v.required_m)
      message += fmt::format(", {:.3f} m where {:.3f} m are required", *v.actual_m, *v.required_m);
    refuse(route,
           {.error = {.code = ErrorCode::referee_refused, .message = message, .position = v.at, .cause = v.cause},
            .status = RouteStatus::refused});
    return;
  }
  route.certificate.airspace_hash = route.airspace_hash;
  route.certificate.min_lateral_clearance_m = report.min_lateral_clearance_m;
  route.certificate.min_vertical_clearance_m = report.min_vertical_clearance_m;
  route.certificate.nearest = report.nearest;
  route.certificate.min_height_agl_m = report.min_height_agl_m;
  route.certificate.max_height_agl_m = report.max_height_agl_m;
  route.certificate.geozones = report.geozones;
}

}  // namespace

void refuse(Route& route, SearchFailure failure) {
  route.status = failure.status;
  route.error = std::move(failure.error);
  route.waypoints.clear();
}

void finish(const geo::Airspace& airspace, const geo::Referee& referee, const PlanRequest& request,
            const FlightLimits& limits, const FlightPlan& plan, Route& route) {
  const VehicleProfile& vehicle = limits.vehicle;
  route.waypoints = to_waypoints(airspace, plan.trajectory);
  route.length_m = plan.trajectory.length_m;
  route.duration_s = route.waypoints.back().t_s;
  route.energy_wh = plan.energy_wh;
  if (vehicle.autopilot && route.waypoints.front().phase == Phase::takeoff) {
    if (auto no = by_autopilot(request, limits.vehicle, limits.air.usual_m_s(), plan.bounds, route))
      return refuse(route, std::move(*no));
  }
  if (limits.air.beyond_forecast(route.duration_s)) {
    route.warnings.emplace_back("the flight is not within the wind's forecast, whose nearest instant stands in");
  }
  if (!airspace.ground_risk.empty()) {
    route.ground_risk = expected_fatalities(airspace, vehicle, route.waypoints);
    if (auto no = check_ground_risk(request, *route.ground_risk, plan.bounds.ground_risk))
      return refuse(route, std::move(*no));
  }
  route.cost = cost_in(route.objective, {.time_s = route.duration_s,
                                         .energy_wh = route.energy_wh,
                                         .length_m = route.length_m,
                                         .ground_risk = route.ground_risk});
  route.certificate.energy_reserve_wh = request.battery_wh.value_or(vehicle.battery_wh) - route.energy_wh;
  route.lower_bound = bound_for(route.objective, plan.bounds);
  judge(referee, route);
}

bool passes_again(const geo::Referee& referee, const Route& route) {
  const geo::RefereeReport report = verdict(referee, route);
  const Certificate& c = route.certificate;
  const auto place = [](const std::optional<geo::NearestObstacle>& nearest) {
    return nearest ? std::optional(std::tuple(nearest->obstacle.kind, nearest->obstacle.id, nearest->at))
                   : std::nullopt;
  };
  return report.ok() && c.airspace_hash == route.airspace_hash &&
         c.min_lateral_clearance_m == report.min_lateral_clearance_m &&
         c.min_vertical_clearance_m == report.min_vertical_clearance_m && place(c.nearest) == place(report.nearest) &&
         c.min_height_agl_m == report.min_height_agl_m && c.max_height_agl_m == report.max_height_agl_m &&
         c.geozones == report.geozones;
}

}  // namespace swiftlet::planner
