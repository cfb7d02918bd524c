#include "tests/dispatch/paper_drone.hpp"

#include <algorithm>

#include "planner/route_json.hpp"
#include "tests/dispatch/paper_town.hpp"

namespace swiftlet::dispatch::drill {

using nlohmann::json;

json PaperDrone::hello(double full_wh) const {
  json body{{"profile", "paper-4"},
            {"lon", position.lon_deg},
            {"lat", position.lat_deg},
            {"alt_msl_m", position.alt_msl_m},
            {"battery_wh", full_wh},
            {"last_command_seq", command_seq},
            {"drone", id}};
  if (!flight_id.empty()) body.update({{"flight_id", flight_id}, {"mission_no", mission_no}});
  return body;
}

json PaperDrone::event(const std::string& kind, UtcTime now) {
  json body{
      {"event_no", ++event_no}, {"kind", kind}, {"at", format_rfc3339(now)}, {"detail", {{"payload_kg", payload_kg}}}};
  unacknowledged.emplace(event_no, body);
  return body;
}

json PaperDrone::telemetry(double full_wh, UtcTime now) {
  json body{{"n", ++n},
            {"at", format_rfc3339(now)},
            {"lon", position.lon_deg},
            {"lat", position.lat_deg + off_route_deg},
            {"alt_msl_m", position.alt_msl_m},
            {"v_e_m_s", flying && !held_since ? kCruise_m_s : 0.0},
            {"v_n_m_s", 0.0},
            {"v_u_m_s", 0.0},
            {"battery_wh", battery_wh.value_or(full_wh)},
            {"phase", flying ? "cruise" : "idle"},
            {"mission_no", mission_no},
            {"payload_kg", payload_kg}};
  if (!control.empty()) body["control"] = control;
  if (battery_age_s > 0.0) body["battery_age_s"] = battery_age_s;
  return body;
}

void PaperDrone::take_over(UtcTime now) {
  control = "other";
  if (flying && !held_since) held_since = now;
}

void PaperDrone::take(const json& message, UtcTime now) {
  const std::string type = message.at("type");
  if (control == "other" && (type == "mission" || type == "command")) {
    ++told_while_off_control;
    return;
  }
  const json& body = message.contains("body") ? message.at("body") : json::object();
  if (type == "event.ack") unacknowledged.erase(body.at("event_no").get<std::uint64_t>());
  if (type == "command") {
    command_seq = body.at("command_seq");
    const std::string verb = body.at("verb");
    if (verb == "hold" && flying && !held_since) held_since = now;
    if (verb == "resume" && held_since && control.empty()) {
      departed_at = *departed_at + (now - *held_since);
      held_since.reset();
    }
    if (verb == "land" && flying) lands_out = true;
  }
  if (type != "mission" || body.at("mission_no").get<std::uint64_t>() <= mission_no) return;
  mission_no = body.at("mission_no");
  flight_id = body.at("flight_id");
  purpose = body.at("purpose");
  ready_at.reset();
  if (body.contains("ready_at")) ready_at = parse_rfc3339(body.at("ready_at").get<std::string>()).value();
  control.clear();
  route = *planner::parse_route(body.at("route").dump());
  off_route_deg = 0.0;
  departed_at = flying ? std::optional(now) : std::nullopt;
  held_since.reset();
  if (purpose == "home" || purpose == "divert" || purpose == "bring_back") task_ends_at.reset();
}

std::optional<std::string> PaperDrone::fly(UtcTime now, std::mt19937_64& random) {
  if (task_ends_at && now >= *task_ends_at) {
    task_ends_at.reset();
    payload_kg = purpose == "pickup" ? 1.0 : 0.0;
    if (purpose == "pickup") return "loaded";
    if (purpose == "deliver") return "released";
    flight_id.clear();
    return "swapped";
  }
  if (!route) return std::nullopt;
  if (lands_out) {
    lands_out = flying = false;
    route.reset();
    return "landed";
  }
  if (!flying && now >= route->depart) {
    flying = true;
    departed_at = now;
    return "takeoff";
  }
  if (!flying || held_since) return std::nullopt;
  const double t_s = seconds_between(*departed_at, now);
  const auto& points = route->waypoints;
  position = points.back().position;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (t_s >= points[i + 1].t_s) continue;
    const double share = (t_s - points[i].t_s) / (points[i + 1].t_s - points[i].t_s);
    const GeoPoint& a = points[i].position;
    const GeoPoint& b = points[i + 1].position;
    position = {.lon_deg = a.lon_deg + share * (b.lon_deg - a.lon_deg),
                .lat_deg = a.lat_deg + share * (b.lat_deg - a.lat_deg),
                .alt_msl_m = a.alt_msl_m + share * (b.alt_msl_m - a.alt_msl_m)};
    break;
  }
  if (t_s < route->duration_s) return std::nullopt;
  flying = false;
  route.reset();
  const double task_s = std::uniform_real_distribution<double>(3.0, 15.0)(random);
  const UtcTime could_begin = purpose == "pickup" ? std::max(now, ready_at.value_or(now)) : now;
  if (purpose != "divert") task_ends_at = after(could_begin, task_s);
  return "landed";
}

}  // namespace swiftlet::dispatch::drill
