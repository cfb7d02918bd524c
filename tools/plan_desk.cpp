#include "tools/plan_desk.hpp"

#include <nlohmann/json.hpp>

#include "planner/route_json.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

/// Bytes that are no UTF-8 came in with the request: they are shown replaced, never thrown at.
std::string one_line(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

Expected<const planner::VehicleProfile*> PlanDesk::vehicle(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto known = vehicles_.find(name);
  if (known != vehicles_.end()) return &known->second;
  auto profile = planner::load_vehicle(name);
  if (!profile) return Unexpected(profile.error());
  return &vehicles_.emplace(name, std::move(*profile)).first->second;
}

PlanAnswer PlanDesk::answer(const std::string& request) {
  const auto parsed = planner::parse_plan_request(request, defaults_.request);
  if (!parsed) return unplanned(planner_.airspace(), defaults_, request, parsed.error());
  const auto flies = vehicle(parsed->vehicle.empty() ? defaults_.vehicle : parsed->vehicle);
  if (!flies) return unplanned(planner_.airspace(), defaults_, request, flies.error());
  planner::Route route = planner_.plan(parsed->request, **flies, defaults_.options);
  std::string line = one_line(planner::to_json(route));
  return {.route = std::move(route), .line = std::move(line)};
}

PlanAnswer unplanned(const geo::Airspace& airspace, const PlanDefaults& defaults, const std::string& request,
                     const Error& error, planner::RouteStatus status) {
  planner::Route route = planner::unanswered(airspace, defaults.request, defaults.vehicle, defaults.options);
  route.status = status;
  route.error = error;
  bool depart_is_known = true;
  const auto json = nlohmann::json::parse(request, nullptr, false);
  if (json.is_object()) {
    if (json.contains("id") && json["id"].is_string()) route.id = json["id"].get<std::string>();
    if (json.contains("vehicle") && json["vehicle"].is_string()) route.vehicle = json["vehicle"].get<std::string>();
    if (json.contains("depart")) {
      const auto depart = json["depart"].is_string() ? parse_rfc3339(json["depart"].get<std::string>())
                                                     : Expected<UtcTime>(fail(ErrorCode::time_invalid, "no text"));
      depart_is_known = depart.has_value();
      if (depart) route.depart = *depart;
    }
  } else {
    depart_is_known = false;
  }
  ordered_json out = planner::to_json(route);
  if (!depart_is_known) out["depart"] = nullptr;
  return {.route = std::move(route), .line = one_line(out), .malformed = true};
}

}  // namespace swiftlet::tools
