#include <fmt/core.h>

#include <limits>

#include "geo/policy_fields.hpp"
#include "planner/json_fields.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kAltitude_m = 20000.0;
constexpr double kBig = 1e12;

template <class Enum, std::size_t N>
Enum read_word(const JsonFields& object, std::string_view key, const Enum (&words)[N]) {
  const std::string text = object.required_text(key);
  std::string known;
  for (const Enum word : words) {
    if (text == name(word)) return word;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name(word));
  }
  object.reject(ErrorCode::bad_request, fmt::format("{} = \"{}\" must be one of {}", object.path(key), text, known),
                key);
  return words[0];
}

GeoPoint read_point(const JsonFields& object) {
  const LonLat at = object.required_lonlat();
  return {at.lon_deg, at.lat_deg, object.required_number("alt_msl_m", -kAltitude_m, kAltitude_m)};
}

void read_waypoints(const JsonFields& root, JsonProblem& problem, std::vector<Waypoint>& waypoints) {
  const nlohmann::json* list = root.find("waypoints");
  if (list == nullptr || !list->is_array() || list->size() < 2) {
    root.reject(ErrorCode::bad_request, "waypoints must be a list of at least two objects", "waypoints");
    return;
  }
  double last_t_s = 0.0;
  for (std::size_t n = 0; n < list->size() && !problem.first; ++n) {
    const std::string path = fmt::format("waypoints[{}]", n);
    if (!(*list)[n].is_object()) {
      problem.note(ErrorCode::bad_request, fmt::format("{} must be an object", path), path);
      return;
    }
    const JsonFields w((*list)[n], path, problem);
    waypoints.push_back(
        {.position = read_point(w),
         .height_agl_m = w.required_number("height_agl_m", -kAltitude_m, kAltitude_m),
         .t_s = w.required_number("t_s", 0.0, 1e6),
         .ground_speed_m_s = w.required_number("ground_speed_m_s", 0.0, 1e3),
         .phase =
             read_word(w, "phase", {Phase::takeoff, Phase::climb, Phase::cruise, Phase::descent, Phase::landing})});
    if (waypoints.back().t_s < last_t_s) {
      w.reject(ErrorCode::value_invalid,
               fmt::format("{} = {} must not fall below the waypoint before", w.path("t_s"), waypoints.back().t_s),
               "t_s");
    }
    last_t_s = waypoints.back().t_s;
  }
}

Certificate read_certificate(const JsonFields& root) {
  const JsonFields c = root.object("certificate");
  Certificate out{.airspace_hash = c.required_text("airspace_hash"),
                  .min_lateral_clearance_m = c.optional_number("min_lateral_clearance_m", -kBig, kBig),
                  .min_vertical_clearance_m = c.optional_number("min_vertical_clearance_m", -kBig, kBig),
                  .nearest = {},
                  .min_height_agl_m = c.required_number("min_height_agl_m", -kAltitude_m, kAltitude_m),
                  .max_height_agl_m = c.required_number("max_height_agl_m", -kAltitude_m, kAltitude_m),
                  .geozones = c.texts("geozones"),
                  .energy_reserve_wh = c.required_number("energy_reserve_wh", -kBig, kBig)};
  if (const nlohmann::json* nearest = c.find("nearest"); nearest != nullptr && !nearest->is_null()) {
    const JsonFields n = c.object("nearest");
    out.nearest =
        geo::NearestObstacle{.obstacle = {n.required_text("kind"), n.required_text("id")}, .at = read_point(n)};
  }
  return out;
}

ErrorCode read_code(const JsonFields& error) {
  const std::string text = error.required_text("code");
  for (int k = 0; k <= static_cast<int>(ErrorCode::not_leader); ++k) {
    if (name(static_cast<ErrorCode>(k)) == text) return static_cast<ErrorCode>(k);
  }
  error.reject(ErrorCode::bad_request, fmt::format("error.code = \"{}\" is not a known code", text), "code");
  return ErrorCode::internal;
}

Error read_error(const JsonFields& root) {
  const JsonFields e = root.object("error");
  Error out{.code = read_code(e), .message = e.required_text("message"), .where = e.text("field", "")};
  const auto given = [&](std::string_view key) { return e.has(key) && !e.find(key)->is_null(); };
  if (given("where")) out.position = read_point(e.object("where"));
  if (given("cause")) {
    const JsonFields cause = e.object("cause");
    out.cause = ErrorCause{cause.required_text("kind"), cause.required_text("id")};
  }
  if (given("hint")) out.hint = e.object("hint").text("text", "");
  return out;
}

}  // namespace

Expected<Route> parse_route(std::string_view json) {
  const auto document = parse_object(json);
  if (!document) return Unexpected(document.error());
  JsonProblem problem;
  const JsonFields root(*document, "", problem);
  if (const std::string schema = root.required_text("schema"); schema != "swiftlet.route/1") {
    root.reject(ErrorCode::bad_request, fmt::format("schema = \"{}\" must be \"swiftlet.route/1\"", schema), "schema");
  }
  Route route;
  route.id = root.text("id", "");
  route.status = read_word(root, "status",
                           {RouteStatus::ok, RouteStatus::infeasible, RouteStatus::refused, RouteStatus::deadline});
  const JsonFields airspace = root.object("airspace");
  route.airspace_name = airspace.required_text("name");
  route.airspace_hash = airspace.required_text("hash");
  route.ellipsoid_minus_datum_m = airspace.optional_number("ellipsoid_minus_datum_m", -200.0, 200.0);
  route.vehicle = root.required_text("vehicle");
  route.objective =
      read_word(root, "objective", {Objective::time, Objective::energy, Objective::length, Objective::risk});
  const nlohmann::json* depart = root.find("depart");
  if (depart == nullptr)
    root.reject(ErrorCode::bad_request, "depart is missing; it must be an RFC 3339 time", "depart");
  // What was asked for so badly that it could not be read has no departure.
  const bool unread = route.status == RouteStatus::refused && depart != nullptr && depart->is_null();
  if (!unread) route.depart = root.time("depart").value_or(UtcTime{});
  const JsonFields policy = root.object("policy");
  for (const geo::PolicyField& field : geo::policy_fields()) {
    route.policy.*field.member = policy.number(field.key, route.policy.*field.member, field.min, field.max);
  }
  route.policy.fly_under = policy.flag(geo::kFlyUnder, false);
  route.authorisations = root.texts("authorisations");
  route.time_uncertainty_s = root.number("time_uncertainty_s", 0.0, 0.0, 86400.0);
  if (route.status == RouteStatus::ok) {
    read_waypoints(root, problem, route.waypoints);
    route.length_m = root.required_number("length_m", 0.0, kBig);
    route.duration_s = root.required_number("duration_s", 0.0, kBig);
    route.energy_wh = root.required_number("energy_wh", 0.0, kBig);
    route.ground_risk = root.optional_number("ground_risk", 0.0, kBig);
    route.cost = root.required_number("cost", 0.0, kBig);
    route.lower_bound = root.required_number("lower_bound", 0.0, kBig);
    route.certificate = read_certificate(root);
    route.warnings = root.texts("warnings");
  } else {
    route.error = read_error(root);
  }
  const JsonFields planning = root.object("planning");
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  route.planning = {.planner = planning.text("planner", ""),
                    .time_us = planning.integer("time_us", 0, 0, kMost),
                    .first_solution_us = planning.integer("first_solution_us", 0, 0, kMost),
                    .stopped = planning.text("stopped", "")};
  if (problem.first) return Unexpected(*problem.first);
  return route;
}

}  // namespace swiftlet::planner
