#include "sim/fleet/route_key.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "geo/content_hash.hpp"
#include "planner/flight_window.hpp"
#include "planner/view_cache.hpp"

namespace swiftlet::sim {
namespace {

std::string name_of(const planner::Place& place) {
  if (const auto* pad = std::get_if<planner::PadRef>(&place)) return fmt::format("{}/{}", pad->pad, pad->slot);
  if (const auto* point = std::get_if<planner::GroundPoint>(&place)) {
    return fmt::format("@{:a},{:a},{:a}", point->at.lon_deg, point->at.lat_deg, point->deck_height_agl_m);
  }
  return {};
}

/// Policy, zones and wind; the departure too where they change while the flight may be under way.
std::string air_and_zones(const geo::Airspace& airspace, const planner::PlanRequest& request,
                          const planner::VehicleProfile& vehicle) {
  // As long as a full battery may last without a load.
  planner::PlanRequest longest = request;
  longest.battery_wh.reset();
  longest.payload_kg = 0.0;
  const geo::ViewOptions in_air = planner::view_options(request, planner::longest_flight_s(longest, vehicle));
  std::string key = planner::ViewCache::key(airspace, in_air);
  // Views do not depend on these two.
  key += fmt::format("|{:a},{:a}", request.policy.energy_reserve_fraction, request.policy.hold_s);
  if (request.wind) {
    key += fmt::format("|{:a},{:a},{:a}", request.wind->speed_m_s, request.wind->from_deg, request.wind->at_height_m);
  }
  // A zone that is in force for a part of that time binds some departures and lets others go.
  const bool zones_change = std::any_of(airspace.zones.begin(), airspace.zones.end(), [&](const geo::Geozone& zone) {
    return zone.blocks(request.authorisations) && zone.active_within(in_air.from, in_air.to) &&
           !zone.active_throughout(in_air.from, in_air.to);
  });
  const bool wind_changes = !request.wind && !airspace.wind_field.uniform();
  return zones_change || wind_changes ? key + "|" + format_rfc3339(request.depart) : key;
}

}  // namespace

std::optional<std::string> vehicle_hash(const planner::VehicleProfile& vehicle) {
  if (vehicle.autopilot) return std::nullopt;
  // By name, so that a field that is added has to be thought of here.
  const auto& [name, cruise_speed, max_airspeed, climb_speed, descent_speed, landing_speed, landing_height,
               acceleration, vertical_acceleration, empty_mass, max_payload, max_parcel, rotor_disc_area,
               hover_efficiency, profile_drag, drag_area, climb_share, avionics_power, battery, energy_interval,
               max_wind, failure_rate, lethal_area, autopilot] = vehicle;
  std::string words = name;
  for (const double value : {cruise_speed,     max_airspeed,   climb_speed,     descent_speed,
                             landing_speed,    landing_height, acceleration,    vertical_acceleration,
                             empty_mass,       max_payload,    max_parcel,      rotor_disc_area,
                             hover_efficiency, profile_drag,   drag_area,       climb_share,
                             avionics_power,   battery,        energy_interval, max_wind,
                             failure_rate,     lethal_area}) {
    words += fmt::format("|{:a}", value);
  }
  return content_hash(words);
}

std::optional<std::string> route_key(const geo::Airspace& airspace, const planner::PlanRequest& request,
                                     const planner::VehicleProfile& vehicle, const std::string& vehicle_words) {
  const std::string from = name_of(request.from);
  const std::string to = name_of(request.to);
  if (from.empty() || to.empty() || request.arrive_by || request.alternatives != 0 || request.explain) {
    return std::nullopt;
  }
  const auto or_none = [](const std::optional<double>& value) { return value ? fmt::format("{:a}", *value) : "-"; };
  std::string words =
      fmt::format("{}|{}>{}|{}|{:a}|{}|{}|{}|", airspace.hash, from, to, vehicle_words, request.payload_kg,
                  or_none(request.battery_wh), name(request.objective), or_none(request.max_ground_risk));
  for (const std::string& zone : request.authorisations) words += fmt::format("{}:{},", zone.size(), zone);
  return content_hash(words + "|" + air_and_zones(airspace, request, vehicle));
}

}  // namespace swiftlet::sim
