#include "planner/route_json.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "geo/content_hash.hpp"
#include "geo/policy_fields.hpp"
#include "planner/explanation_json.hpp"

namespace swiftlet::planner {
namespace {

using nlohmann::ordered_json;

/// The double nearest to the value in that many decimals: it prints with no more of them, the same everywhere.
double decimals(double value, double scale) {
  const double rounded = std::round(value * scale) / scale;
  return std::isfinite(rounded) ? rounded + 0.0 : value;  // + 0.0: no minus zero
}
double degrees(double value) { return decimals(value, 1e8); }
double milli(double value) { return decimals(value, 1e3); }
double micro(double value) { return decimals(value, 1e6); }

/// Expected fatalities are tiny: nine digits, wherever they begin. A bound may only ever be rounded down.
double nine_digits(double value, bool down = false) {
  const double nearest = std::stod(fmt::format("{:.9g}", value));
  constexpr double kDown = 1.0 - 1e-8;
  return down && nearest > value ? std::stod(fmt::format("{:.9g}", kDown * value)) : nearest;
}

ordered_json or_null(const std::optional<double>& value) {
  return value ? ordered_json(milli(*value)) : ordered_json(nullptr);
}

ordered_json to_json(const GeoPoint& p) {
  return {{"lon", degrees(p.lon_deg)}, {"lat", degrees(p.lat_deg)}, {"alt_msl_m", milli(p.alt_msl_m)}};
}

ordered_json to_json(const Waypoint& w) {
  ordered_json out = to_json(w.position);
  out["height_agl_m"] = milli(w.height_agl_m);
  out["t_s"] = milli(w.t_s);
  out["ground_speed_m_s"] = milli(w.ground_speed_m_s);
  out["phase"] = name(w.phase);
  return out;
}

ordered_json to_json(const ErrorCause& cause) { return {{"kind", cause.kind}, {"id", cause.id}}; }

ordered_json to_json(const Certificate& c) {
  ordered_json nearest(nullptr);
  if (c.nearest) {
    nearest = to_json(c.nearest->obstacle);
    nearest.update(to_json(c.nearest->at));
  }
  return {{"airspace_hash", c.airspace_hash},
          {"min_lateral_clearance_m", or_null(c.min_lateral_clearance_m)},
          {"min_vertical_clearance_m", or_null(c.min_vertical_clearance_m)},
          {"nearest", nearest},
          {"min_height_agl_m", milli(c.min_height_agl_m)},
          {"max_height_agl_m", milli(c.max_height_agl_m)},
          {"geozones", c.geozones},
          {"energy_reserve_wh", milli(c.energy_reserve_wh)}};
}

ordered_json to_json(const Error& e) {
  ordered_json out{{"code", name(e.code)}, {"message", e.message}, {"retryable", traits(e.code).retryable}};
  if (!e.where.empty()) out["field"] = e.where;
  out["where"] = e.position ? to_json(*e.position) : ordered_json(nullptr);
  out["cause"] = e.cause ? to_json(*e.cause) : ordered_json(nullptr);
  out["hint"] = ordered_json::object();
  if (!e.hint.empty()) out["hint"]["text"] = e.hint;
  return out;
}

ordered_json to_json(const geo::Policy& policy) {
  ordered_json out;
  for (const geo::PolicyField& field : geo::policy_fields()) out[std::string(field.key)] = policy.*field.member;
  if (policy.fly_under) out[std::string(geo::kFlyUnder)] = true;
  return out;
}

void add_flight(const Route& route, ordered_json& out) {
  ordered_json& waypoints = out["waypoints"] = ordered_json::array();
  for (const Waypoint& w : route.waypoints) waypoints.push_back(to_json(w));
  out["length_m"] = milli(route.length_m);
  out["duration_s"] = milli(route.duration_s);
  out["energy_wh"] = milli(route.energy_wh);
  out["ground_risk"] = route.ground_risk ? ordered_json(nine_digits(*route.ground_risk)) : ordered_json(nullptr);
  const bool tiny = route.objective == Objective::risk;
  const double cost = tiny ? nine_digits(route.cost) : milli(route.cost);
  // A bound may only ever be rounded down.
  const double lower_bound =
      tiny ? nine_digits(route.lower_bound, true) : std::floor(route.lower_bound * 1e3 + 1e-6) / 1e3;
  out["cost"] = cost;
  out["lower_bound"] = lower_bound + 0.0;
  out["gap"] = lower_bound > 0.0 ? ordered_json(micro(cost / lower_bound - 1.0)) : ordered_json(nullptr);
  out["certificate"] = to_json(route.certificate);
}

/// What is flown and proven: the same from run to run.
ordered_json lasting_part(const Route& route) {
  ordered_json out{{"schema", "swiftlet.route/1"},
                   {"id", route.id},
                   {"status", name(route.status)},
                   {"airspace", {{"name", route.airspace_name}, {"hash", route.airspace_hash}}},
                   {"vehicle", route.vehicle},
                   {"objective", name(route.objective)},
                   {"depart", format_rfc3339(route.depart)},
                   {"policy", to_json(route.policy)},
                   {"authorisations", route.authorisations},
                   {"time_uncertainty_s", milli(route.time_uncertainty_s)}};
  if (route.ellipsoid_minus_datum_m) {
    out["airspace"]["ellipsoid_minus_datum_m"] = *route.ellipsoid_minus_datum_m;
  }
  if (route.status == RouteStatus::ok) {
    add_flight(route, out);
  } else {
    out["error"] = to_json(route.error.value_or(Error{.message = "no reason was kept"}));
    add_hints(route.hints, out["error"]["hint"]);
  }
  return out;
}

/// How it was found, and what else there is: of one run.
ordered_json other_part(const Route& route) {
  ordered_json out{{"planning",
                    {{"planner", route.planning.planner},
                     {"time_us", route.planning.time_us},
                     {"first_solution_us", route.planning.first_solution_us}}}};
  if (!route.planning.stopped.empty()) out["planning"]["stopped"] = route.planning.stopped;
  if (!route.warnings.empty()) out["warnings"] = route.warnings;
  if (route.differs) out["differs"] = difference_json(*route.differs);
  if (route.explanation) out["explain"] = explanation_json(*route.explanation);
  if (!route.alternatives.empty()) {
    ordered_json& list = out["alternatives"] = ordered_json::array();
    for (const Route& other : route.alternatives) list.push_back(planner::to_json(other));
  }
  return out;
}

std::string hashed_text(const Route& route) {
  return lasting_part(route).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

ordered_json to_json(const Route& route) {
  ordered_json out = lasting_part(route);
  out.update(other_part(route));
  return out;
}

std::string route_hash(const Route& route) { return content_hash(hashed_text(route)); }

RouteText route_text(const Route& route) {
  RouteText out{.json = hashed_text(route), .hash = {}};
  out.hash = content_hash(out.json);
  out.json.back() = ',';
  out.json.append(std::string_view(other_part(route).dump()).substr(1));
  return out;
}

}  // namespace swiftlet::planner
