#include "tools/plan_arguments.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "geo/policy_fields.hpp"
#include "planner/route_json.hpp"
#include "tools/number_arguments.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t kMostEffort = 1'000'000'000'000;
constexpr std::int64_t kMostDeadline_ms = 24 * 3600 * 1000;

/// A number; true and false are 1 and 0.
std::optional<double> policy_value_in(std::string_view text) {
  if (text == "true") return 1.0;
  if (text == "false") return 0.0;
  return number_in(text);
}

Expected<ordered_json> place_in(std::string_view text, std::string_view option) {
  if (text.starts_with("pad:")) return ordered_json{{"pad", std::string(text.substr(4))}};
  if (const auto p = pair_in(text)) return ordered_json{{"lon", p->first}, {"lat", p->second}};
  return fail(ErrorCode::usage, fmt::format("{} {} must be LON,LAT in degrees or pad:ID", option, text));
}

}  // namespace

void add_arguments(CLI::App& verb, PlanArguments& a) {
  verb.add_option("--airspace", a.airspace, "Compiled airspace directory")->required();
  verb.add_option("--zones", a.zones, "Live zones to plan with (swiftlet.live_zones/1)");
  verb.add_option("--from", a.from, "LON,LAT or pad:ID");
  verb.add_option("--to", a.to, "LON,LAT or pad:ID");
  verb.add_option("--requests", a.requests, "File with one JSON request a line; - is standard input");
  verb.add_flag("--all-pairs", a.all_pairs,
                "From every pad to every other one, into --out (GeoJSON); a run that was "
                "stopped goes on where it was");
  verb.add_option("--payload-kg", a.payload_kg, "Payload aboard")->check(CLI::Range(0.0, 10000.0));
  verb.add_option("--battery-wh", a.battery_wh, "Energy aboard at departure; a full battery if left out")
      ->check(CLI::Range(0.0, 1e6));
  verb.add_option("--depart", a.depart, "Departure, RFC 3339; now if left out");
  verb.add_option("--arrive-by", a.arrive_by,
                  "Touch down by then, RFC 3339, and depart as late as that allows (not before --depart)");
  verb.add_option("--vehicle", a.vehicle, "Vehicle profile, by name or file");
  verb.add_option("--wind", a.wind, "SPEED_M_S,FROM_DEG at 10 m above the ground");
  verb.add_option("--objective", a.objective, "time, energy, length or risk");
  verb.add_option("--max-ground-risk", a.max_ground_risk,
                  "Most ground fatalities that may be expected of the flight; needs a region with [[ground_risk]]")
      ->check(CLI::Range(0.0, 1e6));
  verb.add_option("--effort", a.effort, "Work units that the search may spend")
      ->check(CLI::Range(std::int64_t{0}, kMostEffort));
  verb.add_option("--deadline-ms", a.deadline_ms, "Outer stop")->check(CLI::Range(std::int64_t{0}, kMostDeadline_ms));
  verb.add_option("--planner", a.planner,
                  "auto, or one of OMPL's by name (rrtconnect, rrtstar, informed_rrtstar, bitstar, abitstar, prmstar, "
                  "lazyprmstar)");
  verb.add_option("--policy", a.policy, "KEY=VALUE, overrides the region's policy; may be repeated");
  verb.add_option("--authorisation", a.authorisations, "Id of a zone that may be entered; may be repeated");
  verb.add_option("--alternatives", a.alternatives,
                  "Really different routes wanted beside the best one: other sides of an obstacle, other heights")
      ->check(CLI::Range(0, planner::kMostAlternatives));
  verb.add_flag("--explain", a.explain,
                "Say what the planner did and what binds, in the answer (explain) and on standard error");
  verb.add_option("--format", a.format, "json, geojson or svg")->check(CLI::IsMember({"json", "geojson", "svg"}));
  verb.add_option("--out", a.out, "File to write instead of standard output");
}

Expected<planner::PlanRequest> request_defaults(const PlanArguments& a, const geo::Airspace& airspace) {
  planner::PlanRequest defaults;
  defaults.policy = airspace.policy;
  defaults.authorisations = a.authorisations;
  defaults.payload_kg = a.payload_kg;
  if (a.battery_wh >= 0.0) defaults.battery_wh = a.battery_wh;
  for (const std::string& text : a.policy) {
    const auto equals = text.find('=');
    const auto value =
        equals == std::string::npos ? std::nullopt : policy_value_in(std::string_view(text).substr(equals + 1));
    if (!value) return fail(ErrorCode::usage, fmt::format("--policy {} must be KEY=NUMBER, or true or false", text));
    if (auto done = geo::set_policy_field(defaults.policy, text.substr(0, equals), *value); !done) {
      return Unexpected(done.error());
    }
  }
  if (a.depart.empty()) {
    defaults.depart = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  } else {
    const auto depart = parse_rfc3339(a.depart);
    if (!depart) return Unexpected(depart.error());
    defaults.depart = *depart;
  }
  if (!a.arrive_by.empty()) {
    const auto arrive_by = parse_rfc3339(a.arrive_by);
    if (!arrive_by) return fail(arrive_by.error().code, arrive_by.error().message, "--arrive-by");
    defaults.arrive_by = *arrive_by;
  }
  defaults.alternatives = a.alternatives;
  defaults.explain = a.explain;
  if (a.max_ground_risk >= 0.0) defaults.max_ground_risk = a.max_ground_risk;
  if (!a.wind.empty()) {
    const auto wind = parse_wind(a.wind);
    if (!wind) return Unexpected(wind.error());
    defaults.wind = *wind;
  }
  if (!a.objective.empty()) {
    for (const auto o :
         {planner::Objective::time, planner::Objective::energy, planner::Objective::length, planner::Objective::risk}) {
      if (a.objective == planner::name(o)) {
        defaults.objective = o;
        return defaults;
      }
    }
    return fail(ErrorCode::usage, fmt::format("--objective {} must be time, energy, length or risk", a.objective));
  }
  return defaults;
}

planner::PlanOptions plan_options(const PlanArguments& a, const Globals& globals) {
  planner::PlanOptions options{.planner = a.planner, .seed = globals.seed, .effort = {}, .deadline = {}};
  if (a.effort >= 0) options.effort = a.effort;
  if (a.deadline_ms >= 0) options.deadline = std::chrono::milliseconds(a.deadline_ms);
  return options;
}

Expected<std::string> single_request(const PlanArguments& a) {
  if (a.from.empty() || a.to.empty()) {
    return fail(ErrorCode::usage, "give --from and --to, or --requests FILE");
  }
  const auto from = place_in(a.from, "--from");
  if (!from) return Unexpected(from.error());
  const auto to = place_in(a.to, "--to");
  if (!to) return Unexpected(to.error());
  return ordered_json{{"id", "route"}, {"from", *from}, {"to", *to}}.dump(-1, ' ', false,
                                                                          ordered_json::error_handler_t::replace);
}

std::string route_geojson(const planner::Route& route) {
  ordered_json line = ordered_json::array();
  for (const planner::Waypoint& w : route.waypoints) {
    line.push_back({w.position.lon_deg, w.position.lat_deg, w.position.alt_msl_m});
  }
  ordered_json properties = planner::to_json(route);
  properties.erase("waypoints");
  const ordered_json feature{
      {"type", "Feature"}, {"geometry", {{"type", "LineString"}, {"coordinates", line}}}, {"properties", properties}};
  return ordered_json{{"type", "FeatureCollection"}, {"features", {feature}}}.dump() + "\n";
}

}  // namespace swiftlet::tools
