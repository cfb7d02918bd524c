#include "tools/verify_input.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "geo/policy_fields.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::json;

bool set(std::string_view key, double value, geo::Policy& policy) {
  for (const geo::PolicyField& field : geo::policy_fields()) {
    if (field.key != key) continue;
    policy.*field.member = value;
    return std::isfinite(value) && value >= 0.0;
  }
  if (key != geo::kFlyUnder || (value != 0.0 && value != 1.0)) return false;
  policy.fly_under = value == 1.0;
  return true;
}

Unexpected bad(const std::string& field, const char* expected) {
  return fail(ErrorCode::bad_request, fmt::format("expected {}", expected), field);
}

const json* member(const json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

Expected<double> number(const json& object, const char* name, const std::string& where) {
  const json* value = member(object, name);
  if (value == nullptr || !value->is_number()) return bad(fmt::format("{}.{}", where, name), "a number");
  return value->get<double>();
}

Expected<void> read_waypoints(const json& source, geo::RouteUnderTest& route) {
  const json* waypoints = member(source, "waypoints");
  if (waypoints == nullptr || !waypoints->is_array()) return bad("waypoints", "a list");
  for (std::size_t i = 0; i < waypoints->size(); ++i) {
    const std::string where = fmt::format("waypoints[{}]", i);
    const json& waypoint = (*waypoints)[i];
    if (!waypoint.is_object()) return bad(where, "an object");
    double values[4];
    std::size_t k = 0;
    for (const char* name : {"lon", "lat", "alt_msl_m", "t_s"}) {
      const auto value = number(waypoint, name, where);
      if (!value) return tl::make_unexpected(value.error());
      values[k++] = *value;
    }
    route.path.push_back({.lon_deg = values[0], .lat_deg = values[1], .alt_msl_m = values[2]});
    route.t_s.push_back(values[3]);
  }
  return {};
}

Expected<void> read_policy(const json& source, geo::Policy& policy) {
  const json* object = member(source, "policy");
  if (object == nullptr) return {};
  if (!object->is_object()) return bad("policy", "an object");
  for (const auto& [key, value] : object->items()) {
    if (key == geo::kFlyUnder && value.is_boolean()) {
      policy.fly_under = value.get<bool>();
      continue;
    }
    if (!value.is_number() || !set(key, value.get<double>(), policy)) {
      return bad("policy." + key, "a field of the policy with a number that is not negative");
    }
  }
  return {};
}

Expected<void> read_authorisations(const json& source, std::vector<std::string>& out) {
  const json* list = member(source, "authorisations");
  if (list == nullptr) return {};
  if (!list->is_array()) return bad("authorisations", "a list of zone ids");
  for (const json& id : *list) {
    if (!id.is_string()) return bad("authorisations", "a list of zone ids");
    out.push_back(id.get<std::string>());
  }
  return {};
}

Expected<void> read_flight(const json& source, geo::RouteUnderTest& route) {
  const json* airspace = member(source, "airspace");
  const json* hash = airspace != nullptr && airspace->is_object() ? member(*airspace, "hash") : nullptr;
  if (hash == nullptr || !hash->is_string()) return bad("airspace.hash", "a text");
  route.airspace_hash = hash->get<std::string>();
  const json* depart = member(source, "depart");
  if (depart == nullptr || !depart->is_string()) return bad("depart", "an RFC 3339 time");
  const auto time = parse_rfc3339(depart->get<std::string>());
  if (!time) return tl::make_unexpected(time.error());
  route.depart = *time;
  if (member(source, "time_uncertainty_s") != nullptr) {
    const auto uncertainty = number(source, "time_uncertainty_s", "route");
    if (!uncertainty) return tl::make_unexpected(uncertainty.error());
    route.time_uncertainty_s = *uncertainty;
  }
  return read_waypoints(source, route);
}

}  // namespace

Expected<void> override_policy(std::string_view key_value, geo::Policy& policy) {
  const std::size_t equals = key_value.find('=');
  double value = NAN;
  if (equals != std::string_view::npos) {
    const std::string_view text = key_value.substr(equals + 1);
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size()) value = NAN;
  }
  if (set(key_value.substr(0, equals), value, policy)) return {};
  std::string known;
  for (const geo::PolicyField& field : geo::policy_fields()) known += fmt::format(" {}", field.key);
  known += fmt::format(" {} (0 or 1)", geo::kFlyUnder);
  return fail(ErrorCode::usage, fmt::format("\"{}\" is not KEY=VALUE with a key of{}", key_value, known), "--policy");
}

Expected<RouteToVerify> read_route(const nlohmann::json& source, const geo::Policy& defaults) {
  if (!source.is_object()) return bad("route", "a JSON object");
  RouteToVerify out;
  out.route.policy = defaults;
  const json* schema = member(source, "schema");
  if (schema == nullptr || *schema != "swiftlet.route/1") return bad("schema", "\"swiftlet.route/1\"");
  if (const json* id = member(source, "id")) {
    if (!id->is_string()) return bad("id", "a text");
    out.id = id->get<std::string>();
  }
  const json* status = member(source, "status");
  if (status == nullptr || !status->is_string()) return bad("status", "a text");
  out.status = status->get<std::string>();
  static const std::set<std::string> kWithoutRoute{"infeasible", "refused", "deadline"};
  if (out.status != "ok" && !kWithoutRoute.contains(out.status)) {
    return bad("status", "ok, infeasible, refused or deadline");
  }
  if (out.status != "ok" && source.contains("waypoints")) return bad("waypoints", "absent where the status is not ok");
  if (out.status != "ok") return out;
  if (const json* vehicle = member(source, "vehicle")) {
    if (!vehicle->is_string()) return bad("vehicle", "a text");
    out.vehicle = vehicle->get<std::string>();
  }
  if (const auto read = read_flight(source, out.route); !read) return tl::make_unexpected(read.error());
  if (const auto read = read_policy(source, out.route.policy); !read) return tl::make_unexpected(read.error());
  if (const auto read = read_authorisations(source, out.route.authorisations); !read) {
    return tl::make_unexpected(read.error());
  }
  return out;
}

std::vector<std::string> split_routes(const std::string& text) {
  if (json::accept(text)) return {text};
  std::vector<std::string> routes;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) routes.push_back(line);
  }
  return routes;
}

}  // namespace swiftlet::tools
