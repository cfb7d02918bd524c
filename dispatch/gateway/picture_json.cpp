#include "dispatch/gateway/picture_json.hpp"

#include <algorithm>
#include <cmath>

#include "dispatch/protocol/order_state.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

double rounded(double value, double step) { return std::round(value / step) * step; }
/// To 1 cm on the ground; printed with few digits.
double degrees(double value) { return std::round(value * 1e7) / 1e7; }
double decimal(double value) { return std::round(value * 10.0) / 10.0; }
double hundredth(double value) { return std::round(value * 100.0) / 100.0; }

json time_or_null(const std::optional<UtcTime>& t) { return t ? json(format_rfc3339(*t)) : json(nullptr); }

std::string_view word(LinkState link) {
  switch (link) {
    case LinkState::fresh:
      return "fresh";
    case LinkState::stale:
      return "stale";
    case LinkState::lost:
      return "lost";
    case LinkState::silent:
      break;
  }
  return "silent";
}

json stop_json(const Stop& stop) {
  if (!stop.pad.empty()) return {{"pad", stop.pad}};
  return {{"lon", degrees(stop.at->lon_deg)}, {"lat", degrees(stop.at->lat_deg)}};
}

json spot_json(const Spot& spot) {
  json out{{"lon", degrees(spot.at.lon_deg)}, {"lat", degrees(spot.at.lat_deg)}};
  if (!spot.pad.empty()) out.update({{"pad", spot.pad}, {"slot", spot.slot}});
  return out;
}

json limit_json(const std::optional<geo::ZoneLimit>& limit) {
  if (!limit) return nullptr;
  return {{"value_m", decimal(limit->value_m)},
          {"reference", limit->reference == geo::VerticalReference::agl ? "AGL" : "AMSL"}};
}

}  // namespace

std::string_view state_word(const DronePicture& drone) {
  if (drone.link == LinkState::lost) return "lost";
  const bool at_odds = drone.telemetry && (drone.telemetry->control == ControlState::other ||
                                           drone.telemetry->battery_age_s > 0.0 || !drone.telemetry->warning.empty());
  if (drone.leg_phase == "flying") {
    const bool landing = drone.telemetry && drone.telemetry->phase == "landing";
    return landing ? "landing" : "flying";
  }
  if (drone.link == LinkState::silent || !drone.withdrawn.empty() || !drone.maintenance.empty()) return "not_ready";
  if (at_odds || drone.link == LinkState::stale || drone.awaiting_swap ||
      drone.battery_wh < 0.9 * drone.battery_full_wh)
    return "warning";
  return "ready";
}

json console_json(const DronePicture& drone) {
  json out{{"id", drone.id},
           {"profile", drone.profile},
           {"home_pad", drone.home_pad},
           {"state", state_word(drone)},
           {"link", word(drone.link)},
           {"heard_at", time_or_null(drone.heard_at)},
           {"battery_wh", decimal(drone.battery_wh)},
           {"battery_share", hundredth(drone.battery_full_wh > 0 ? drone.battery_wh / drone.battery_full_wh : 0.0)},
           {"battery_reserve_wh", decimal(drone.battery_reserve_wh)}};
  if (drone.awaiting_swap) out["awaiting_swap"] = true;
  if (!drone.withdrawn.empty()) out["withdrawn"] = drone.withdrawn;
  if (!drone.maintenance.empty()) out["maintenance"] = drone.maintenance;
  if (!drone.steer.empty()) out.update({{"steer", drone.steer}, {"steer_cause", drone.steer_cause}});
  if (!drone.flight_id.empty()) {
    out.update({{"flight_id", drone.flight_id},
                {"order_id", drone.order_id},
                {"purpose", drone.purpose},
                {"leg_phase", drone.leg_phase}});
  }
  if (const auto& t = drone.telemetry) {
    out.update({{"lon", degrees(t->position.lon_deg)},
                {"lat", degrees(t->position.lat_deg)},
                {"alt_msl_m", decimal(t->position.alt_msl_m)},
                {"speed_m_s", decimal(t->speed_m_s())},
                {"climb_m_s", decimal(t->v_u_m_s)},
                {"phase", t->phase},
                {"payload_kg", hundredth(t->payload_kg)},
                {"sent_at", format_rfc3339(t->at)}});
    if (t->control != ControlState::service) {
      out["control"] = t->control == ControlState::other ? "other" : "given_back";
    }
    if (t->battery_age_s > 0.0) out["battery_age_s"] = decimal(t->battery_age_s);
    if (!t->warning.empty()) out["warning"] = t->warning;
    if (std::hypot(t->v_e_m_s, t->v_n_m_s) > 0.5) {
      const double heading = std::atan2(t->v_e_m_s, t->v_n_m_s) * 180.0 / M_PI;
      out["heading_deg"] = rounded(heading < 0 ? heading + 360.0 : heading, 1.0);
    }
  }
  return out;
}

double risk_of_lateness(const OrderPicture& order, UtcTime at) {
  if (is_terminal(order.state)) return 0.0;
  if (!order.delivery) return 1.0;  // on its way back: it will not come
  const double spread_s = std::max(seconds_between(order.delivery->p05, order.delivery->p95) / 3.29, 0.5);
  const double spare_s = seconds_between(std::max(order.delivery->eta, at), order.due_at());
  return 0.5 * std::erfc(spare_s / spread_s / std::sqrt(2.0));
}

json console_json(const OrderPicture& order, UtcTime at) {
  json out{{"id", order.id},
           {"merchant", order.merchant},
           {"client_order_id", order.client_order_id},
           {"state", name(order.state)},
           {"pickup", stop_json(order.pickup)},
           {"dropoff", stop_json(order.dropoff)},
           {"mass_kg", hundredth(order.mass_kg)},
           {"priority", order.priority},
           {"created_at", format_rfc3339(order.created_at)},
           {"ready_at", format_rfc3339(order.ready_at)},
           {"due_at", format_rfc3339(order.due_at())},
           {"promised_eta", format_rfc3339(order.promise.delivery.eta)},
           {"promised_p95", format_rfc3339(order.promise.delivery.p95)},
           {"risk", hundredth(risk_of_lateness(order, at))},
           {"live", !is_terminal(order.state)}};
  if (!order.drone.empty()) out["drone"] = order.drone;
  if (!order.flight_id.empty()) out["flight_id"] = order.flight_id;
  if (order.deliver_by) out["deliver_by"] = format_rfc3339(*order.deliver_by);
  if (order.pickup_eta) out["pickup_eta"] = format_rfc3339(*order.pickup_eta);
  if (order.delivered_at) out["delivered_at"] = format_rfc3339(*order.delivered_at);
  if (!order.cause.empty()) out["cause"] = order.cause;
  if (const auto& eta = order.delivery) {
    out.update({{"eta", format_rfc3339(eta->eta)},
                {"p05", format_rfc3339(eta->p05)},
                {"p10", format_rfc3339(eta->p10)},
                {"p90", format_rfc3339(eta->p90)},
                {"p95", format_rfc3339(eta->p95)}});
  }
  return out;
}

json console_json(const std::vector<OrderStep>& history) {
  json out = json::array();
  for (const OrderStep& step : history) {
    json line{{"state", name(step.state)}, {"at", format_rfc3339(step.at)}};
    if (!step.cause.empty()) line["cause"] = step.cause;
    out.push_back(std::move(line));
  }
  return out;
}

json console_json(const FlightPicture& flight) {
  json out{{"id", flight.id},
           {"order_id", flight.order_id},
           {"drone", flight.drone},
           {"leg_index", flight.leg_index},
           {"phase", name(flight.phase)},
           {"phase_since", format_rfc3339(flight.phase_since)}};
  json& legs = out["legs"] = json::array();
  for (const Leg& leg : flight.legs) {
    legs.push_back({{"purpose", name(leg.purpose)},
                    {"from", spot_json(leg.from)},
                    {"to", spot_json(leg.to)},
                    {"duration_s", decimal(leg.duration_s)},
                    {"energy_wh", decimal(leg.energy_wh)}});
  }
  if (flight.mission && flight.mission->route) {
    const planner::Route& route = *flight.mission->route;
    json path = json::array();
    for (const planner::Waypoint& w : route.waypoints) {
      path.push_back({degrees(w.position.lon_deg), degrees(w.position.lat_deg), decimal(w.position.alt_msl_m),
                      decimal(w.t_s), decimal(w.height_agl_m)});
    }
    out["mission"] = {{"mission_no", flight.mission->mission_no},
                      {"route_hash", flight.mission->route_hash},
                      {"departed_at", time_or_null(flight.mission->departed_at)},
                      {"duration_s", decimal(route.duration_s)},
                      {"length_m", decimal(route.length_m)},
                      {"energy_wh", decimal(route.energy_wh)},
                      {"energy_reserve_wh", decimal(route.certificate.energy_reserve_wh)},
                      {"lateral_clearance_m", decimal(route.policy.lateral_clearance_m)},
                      {"vertical_clearance_m", decimal(route.policy.vertical_clearance_m)},
                      {"route", std::move(path)}};
    if (const auto& c = route.certificate.min_lateral_clearance_m)
      out["mission"]["min_lateral_clearance_m"] = decimal(*c);
    if (const auto& c = route.certificate.min_vertical_clearance_m)
      out["mission"]["min_vertical_clearance_m"] = decimal(*c);
  }
  return out;
}

json console_json(const geo::Pad& pad, const PadPicture* seen) {
  json slots = json::array();
  for (std::size_t k = 0; k < pad.slots.size(); ++k) {
    json slot{{"lon", degrees(pad.slots[k].lon_deg)},
              {"lat", degrees(pad.slots[k].lat_deg)},
              {"alt_msl_m", decimal(pad.slots[k].alt_msl_m)}};
    if (seen != nullptr) slot.update({{"holder", seen->slot_holders.at(k)}, {"home", bool(seen->slot_is_home.at(k))}});
    slots.push_back(std::move(slot));
  }
  return {{"id", pad.id}, {"name", pad.name}, {"kind", name(pad.kind)}, {"slots", std::move(slots)}};
}

json rings_json(const geo::Polygon& polygon, const geo::LocalFrame& frame) {
  const auto ring_json = [&](const geo::Ring& ring) {
    json out = json::array();
    for (std::size_t k = 0; k <= ring.size() && !ring.empty(); ++k) {
      const LonLat p = frame.to_lonlat(ring[k % ring.size()]);
      out.push_back({degrees(p.lon_deg), degrees(p.lat_deg)});
    }
    return out;
  };
  json rings = json::array({ring_json(polygon.outer)});
  for (const geo::Ring& hole : polygon.holes) rings.push_back(ring_json(hole));
  return rings;
}

json console_json(const geo::Geozone& zone, const geo::LocalFrame& frame, UtcTime at) {
  json times = json::array();
  for (const geo::Applicability& rule : zone.applicability) {
    json line{{"start", time_or_null(rule.start)}, {"end", time_or_null(rule.end)}};
    json& daily = line["daily"] = json::array();
    for (const geo::DailyPeriod& period : rule.periods) {
      daily.push_back({{"days", period.days},
                       {"start_s", std::chrono::duration<double>(period.start).count()},
                       {"end_s", std::chrono::duration<double>(period.end).count()},
                       {"utc", period.clock == nullptr}});
    }
    times.push_back(std::move(line));
  }
  json polygons = json::array();
  for (const geo::Polygon& polygon : zone.footprint) polygons.push_back(rings_json(polygon, frame));
  return {{"zone", zone.id},
          {"name", zone.name},
          {"restriction", ed269_name(zone.restriction)},
          {"lower", limit_json(zone.lower)},
          {"upper", limit_json(zone.upper)},
          {"active", zone.active_within(at, at)},
          {"times", std::move(times)},
          {"polygons", std::move(polygons)}};
}

json console_json(const geo::WindField& wind, UtcTime at) {
  const double height_agl_m = wind.profile().at_height_m;
  const geo::Enu2 blows_to = wind.velocity_m_s(geo::Enu2::Zero(), height_agl_m, at);
  const double from_deg = std::atan2(-blows_to.x(), -blows_to.y()) * 180.0 / M_PI;
  return {{"speed_m_s", decimal(blows_to.norm())},
          {"from_deg", rounded(from_deg < 0 ? from_deg + 360.0 : from_deg, 1.0)},
          {"height_agl_m", decimal(height_agl_m)}};
}

}  // namespace swiftlet::dispatch
