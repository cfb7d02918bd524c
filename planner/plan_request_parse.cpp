#include <fmt/core.h>

#include "geo/policy_fields.hpp"
#include "planner/json_fields.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::planner {
namespace {

Place read_place(const JsonFields& root, std::string_view key) {
  if (!root.has(key)) {
    root.reject(ErrorCode::bad_request, fmt::format(R"({} is missing; give {{"lon","lat"}} or {{"pad"}})", key), key);
    return GroundPoint{};
  }
  const JsonFields place = root.object(key);
  if (place.has("pad")) {
    place.refuse_others({"pad", "slot"});
    return PadRef{.pad = place.required_text("pad"), .slot = static_cast<int>(place.integer("slot", 0, 0, 100000))};
  }
  if (place.has("alt_msl_m")) {
    place.refuse_others({"lon", "lat", "alt_msl_m", "v_e_m_s", "v_n_m_s", "v_u_m_s"});
    const LonLat at = place.required_lonlat();
    if (key == "to") {
      place.reject(ErrorCode::bad_request, "a goal cannot be airborne: leave alt_msl_m out or give deck_height_agl_m",
                   "alt_msl_m");
    }
    return AirbornePoint{.at = {at.lon_deg, at.lat_deg, place.required_number("alt_msl_m", -1000.0, 20000.0)},
                         .v_e_m_s = place.number("v_e_m_s", 0.0, -150.0, 150.0),
                         .v_n_m_s = place.number("v_n_m_s", 0.0, -150.0, 150.0),
                         .v_u_m_s = place.number("v_u_m_s", 0.0, -150.0, 150.0)};
  }
  place.refuse_others({"lon", "lat", "deck_height_agl_m", "pad", "alt_msl_m"});
  return GroundPoint{.at = place.required_lonlat(),
                     .deck_height_agl_m = place.number("deck_height_agl_m", 0.0, 0.0, 2000.0)};
}

Objective read_objective(const JsonFields& root, Objective fallback) {
  if (!root.has("objective")) return fallback;
  const std::string text = root.text("objective", "");
  for (const Objective objective : {Objective::time, Objective::energy, Objective::length, Objective::risk}) {
    if (text == name(objective)) return objective;
  }
  root.reject(ErrorCode::bad_request, fmt::format("objective = \"{}\" must be time, energy, length or risk", text),
              "objective");
  return fallback;
}

void read_policy(const JsonFields& root, geo::Policy& policy) {
  const geo::Policy region = policy;
  const JsonFields overrides = root.object("policy");
  std::vector<std::string> known;
  for (const geo::PolicyField& field : geo::policy_fields()) {
    known.emplace_back(field.key);
    policy.*field.member = overrides.number(field.key, policy.*field.member, field.min, field.max);
  }
  known.emplace_back(geo::kFlyUnder);
  policy.fly_under = overrides.flag(geo::kFlyUnder, policy.fly_under);
  overrides.refuse_others(known);
  if (const auto done = geo::check_policy(policy, region); !done)
    root.reject(done.error().code, done.error().message, done.error().where);
}

}  // namespace

Expected<ParsedRequest> parse_plan_request(std::string_view json, const PlanRequest& defaults) {
  const auto document = parse_object(json);
  if (!document) return Unexpected(document.error());
  JsonProblem problem;
  const JsonFields root(*document, "", problem);
  root.refuse_others({"id", "from", "to", "depart", "objective", "vehicle", "payload_kg", "battery_wh", "wind",
                      "policy", "authorisations", "arrive_by", "max_ground_risk", "alternatives", "explain"});
  ParsedRequest parsed{.request = defaults, .vehicle = root.text("vehicle", "")};
  PlanRequest& request = parsed.request;
  request.id = root.text("id", defaults.id);
  if (request.id.size() > 256) root.reject(ErrorCode::bad_request, "id is longer than 256 bytes", "id");
  request.from = read_place(root, "from");
  request.to = read_place(root, "to");
  request.depart = root.time("depart").value_or(defaults.depart);
  request.objective = read_objective(root, defaults.objective);
  request.payload_kg = root.number("payload_kg", defaults.payload_kg, 0.0, 10000.0);
  if (root.has("battery_wh")) request.battery_wh = root.required_number("battery_wh", 0.0, 1e6);
  if (root.has("wind")) {
    const JsonFields wind = root.object("wind");
    wind.refuse_others({"speed_m_s", "from_deg"});
    request.wind = geo::Wind{.speed_m_s = wind.required_number("speed_m_s", 0.0, 100.0),
                             .from_deg = wind.required_number("from_deg", -360.0, 360.0)};
  }
  if (root.has("policy")) read_policy(root, request.policy);
  if (root.has("arrive_by")) request.arrive_by = root.time("arrive_by");
  if (root.has("max_ground_risk")) request.max_ground_risk = root.required_number("max_ground_risk", 0.0, 1e6);
  request.alternatives = static_cast<int>(root.integer("alternatives", defaults.alternatives, 0, kMostAlternatives));
  request.explain = root.flag("explain", defaults.explain);
  if (root.has("authorisations")) request.authorisations = root.texts("authorisations");
  if (problem.first) return Unexpected(*problem.first);
  return parsed;
}

}  // namespace swiftlet::planner
