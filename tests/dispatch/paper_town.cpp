#include "tests/dispatch/paper_town.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "geo/local_frame.hpp"

namespace swiftlet::dispatch::drill {
namespace {

constexpr double kCruiseAltitude_m = 90.0;
constexpr double kVertical_m_s = 4.0;
constexpr double kLongestHop_m = 200.0;

GeoPoint point_of(const FleetConfig& config, const planner::Place& place) {
  if (const auto* pad = std::get_if<planner::PadRef>(&place)) {
    return config.find_pad(pad->pad)->slots.at(static_cast<std::size_t>(pad->slot));
  }
  if (const auto* air = std::get_if<planner::AirbornePoint>(&place)) return air->at;
  const LonLat at = std::get<planner::GroundPoint>(place).at;
  return {.lon_deg = at.lon_deg, .lat_deg = at.lat_deg, .alt_msl_m = 10.0};
}

geo::Pad pad(const std::string& id, geo::PadKind kind, LonLat at, int slots) {
  geo::Pad made{.id = id, .name = "Pad " + id, .kind = kind, .slots = {}};
  for (int i = 0; i < slots; ++i) {
    made.slots.push_back({.lon_deg = at.lon_deg + 0.0002 * i, .lat_deg = at.lat_deg, .alt_msl_m = 10.0});
  }
  return made;
}

}  // namespace

std::string key_of(const planner::Place& place) {
  if (const auto* pad = std::get_if<planner::PadRef>(&place)) return fmt::format("{}/{}", pad->pad, pad->slot);
  return "elsewhere";
}

FleetConfig small_town(int drones) {
  FleetConfig config;
  config.airspace_name = "paper";
  config.airspace_hash = "sha256:paper";
  config.frame_origin = {4.82, 45.76};
  config.pads = {pad("H1", geo::PadKind::hub, {4.80, 45.75}, 4),   pad("H2", geo::PadKind::hub, {4.84, 45.76}, 4),
                 pad("K1", geo::PadKind::kiosk, {4.81, 45.76}, 2), pad("K2", geo::PadKind::kiosk, {4.82, 45.75}, 2),
                 pad("K3", geo::PadKind::kiosk, {4.83, 45.77}, 2), pad("K4", geo::PadKind::kiosk, {4.82, 45.77}, 2)};
  planner::VehicleProfile vehicle;
  vehicle.name = "paper-4";
  vehicle.cruise_speed_m_s = kCruise_m_s;
  vehicle.climb_speed_m_s = kVertical_m_s;
  vehicle.descent_speed_m_s = kVertical_m_s;
  vehicle.max_payload_kg = 2.5;
  vehicle.max_parcel_m = 0.5;
  vehicle.battery_wh = 300.0;
  config.profiles.emplace(vehicle.name, vehicle);
  for (int i = 0; i < drones; ++i) {
    config.drones.push_back({.id = fmt::format("D{:02}", i + 1),
                             .profile = vehicle.name,
                             .home_pad = i % 2 == 0 ? "H1" : "H2",
                             .home_slot = i / 2});
  }
  config.merchants = {"M1", "M2"};
  config.rate_per_s = 1e6;
  config.burst = 1e6;
  return config;
}

planner::Route straight_route(const FleetConfig& config, const planner::PlanRequest& request) {
  planner::Route route;
  route.id = request.id;
  route.airspace_name = config.airspace_name;
  route.airspace_hash = config.airspace_hash;
  route.vehicle = "paper-4";
  route.depart = request.depart;
  const GeoPoint from = point_of(config, request.from);
  const GeoPoint to = point_of(config, request.to);
  const double up_s = std::abs(kCruiseAltitude_m - from.alt_msl_m) / kVertical_m_s;
  const geo::LocalFrame frame(config.frame_origin);
  const double over_m = (frame.to_local(to.lonlat()) - frame.to_local(from.lonlat())).norm();
  const double over_s = over_m / kCruise_m_s;
  const double down_s = (kCruiseAltitude_m - to.alt_msl_m) / kVertical_m_s;
  const auto waypoint = [](GeoPoint p, double alt_msl_m, double t_s, planner::Phase phase) {
    p.alt_msl_m = alt_msl_m;
    planner::Waypoint made;
    made.position = p;
    made.t_s = std::round(t_s * 1000.0) / 1000.0;
    made.phase = phase;
    return made;
  };
  const bool airborne = std::holds_alternative<planner::AirbornePoint>(request.from);
  route.waypoints = {waypoint(from, from.alt_msl_m, 0.0, airborne ? planner::Phase::climb : planner::Phase::takeoff)};
  // Over the ground it is as fast from end to end, and so straight that longitude and latitude may be divided evenly.
  const int pieces = std::max(1, static_cast<int>(std::ceil(over_m / kLongestHop_m)));
  for (int k = 0; k <= pieces; ++k) {
    const double share = static_cast<double>(k) / pieces;
    const GeoPoint at{from.lon_deg + share * (to.lon_deg - from.lon_deg),
                      from.lat_deg + share * (to.lat_deg - from.lat_deg), kCruiseAltitude_m};
    route.waypoints.push_back(waypoint(at, kCruiseAltitude_m, up_s + share * over_s,
                                       k < pieces ? planner::Phase::cruise : planner::Phase::landing));
    route.waypoints.back().ground_speed_m_s = kCruise_m_s;
  }
  route.waypoints.push_back(waypoint(to, to.alt_msl_m, up_s + over_s + down_s, planner::Phase::landing));
  route.duration_s = route.waypoints.back().t_s;
  route.length_m = over_m + (up_s + down_s) * kVertical_m_s;
  route.energy_wh = 0.2 * route.duration_s;
  route.cost = route.duration_s;
  route.lower_bound = route.duration_s;
  route.certificate.airspace_hash = config.airspace_hash;
  route.planning.planner = "straight";
  return route;
}

}  // namespace swiftlet::dispatch::drill
