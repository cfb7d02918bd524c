#include "tests/dispatch/fleet_drill.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "geo/local_frame.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::dispatch::drill {
namespace {

using nlohmann::json;

constexpr double kCruiseAltitude_m = 90.0;
constexpr double kCruise_m_s = 15.0;
constexpr double kVertical_m_s = 4.0;
constexpr double kLongestHop_m = 200.0;

const UtcTime kMorning = *parse_rfc3339("2026-11-21T08:00:00Z");

std::string key_of(const planner::Place& place) {
  if (const auto* pad = std::get_if<planner::PadRef>(&place)) return fmt::format("{}/{}", pad->pad, pad->slot);
  return "elsewhere";
}

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
  route.waypoints = {waypoint(from, from.alt_msl_m, 0.0, planner::Phase::takeoff)};
  // Over the ground it is as fast from end to end, and so straight that longitude and latitude may be divided evenly.
  const int pieces = std::max(1, static_cast<int>(std::ceil(over_m / kLongestHop_m)));
  for (int k = 0; k <= pieces; ++k) {
    const double share = static_cast<double>(k) / pieces;
    const GeoPoint at{from.lon_deg + share * (to.lon_deg - from.lon_deg),
                      from.lat_deg + share * (to.lat_deg - from.lat_deg), kCruiseAltitude_m};
    route.waypoints.push_back(waypoint(at, kCruiseAltitude_m, up_s + share * over_s,
                                       k < pieces ? planner::Phase::cruise : planner::Phase::descent));
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

FleetDrill::FleetDrill(FleetConfig config, std::uint64_t seed)
    : config_(std::move(config)), core_(std::make_unique<Core>(config_)), now_(kMorning), random_(seed) {
  for (const RegisteredDrone& registered : config_.drones) {
    PaperDrone drone;
    drone.id = registered.id;
    drone.position = config_.find_pad(registered.home_pad)->slots.at(static_cast<std::size_t>(registered.home_slot));
    drones_.push_back(drone);
  }
  core_->start(now_);
  settle();
}

PaperDrone& FleetDrill::drone(const std::string& id) {
  return *std::find_if(drones_.begin(), drones_.end(), [&](const PaperDrone& d) { return d.id == id; });
}

bool FleetDrill::lost() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_) < lost_share_; }

std::string FleetDrill::send(const std::string& merchant, const std::string& type, json body) {
  const std::string id = fmt::format("r{}", ++last_request_);
  core_->on_merchant_frame(now_, {.merchant = merchant, .connection = connection_of(merchant)},
                           json{{"v", 1}, {"type", type}, {"id", id}, {"body", std::move(body)}}.dump());
  settle();
  return id;
}

json FleetDrill::ask(const std::string& merchant, const std::string& type, json body) {
  const std::string id = send(merchant, type, std::move(body));
  for (int i = 0; i < 60 && !replies_.contains(id); ++i) step(0.25);
  return replies_.contains(id) ? replies_.at(id) : json();
}

json FleetDrill::create(const std::string& client_order_id, const std::string& pickup, const std::string& dropoff,
                        const std::string& merchant) {
  return ask(merchant, "order.create",
             {{"client_order_id", client_order_id},
              {"pickup", {{"pad", pickup}}},
              {"dropoff", {{"pad", dropoff}}},
              {"parcel", {{"mass_kg", 1.0}}}});
}

ConnectionId FleetDrill::connection_of(const std::string& merchant) {
  return static_cast<ConnectionId>(std::stoi(merchant.substr(1)));
}

void FleetDrill::connect(PaperDrone& drone) {
  drone.connection = ++last_connection_;
  drone.linked = true;
  json body{{"profile", "paper-4"},
            {"lon", drone.position.lon_deg},
            {"lat", drone.position.lat_deg},
            {"alt_msl_m", drone.position.alt_msl_m},
            {"battery_wh", config_.profiles.begin()->second.battery_wh},
            {"last_command_seq", drone.command_seq},
            {"drone", drone.id}};
  if (!drone.flight_id.empty()) body.update({{"flight_id", drone.flight_id}, {"mission_no", drone.mission_no}});
  tell(drone, "drone.hello", std::move(body));
}

void FleetDrill::connect_all() {
  for (PaperDrone& drone : drones_) connect(drone);
}

void FleetDrill::reset(PaperDrone& drone) {
  const RegisteredDrone& registered = *config_.find_drone(drone.id);
  PaperDrone fresh;
  fresh.id = drone.id;
  fresh.position = config_.find_pad(registered.home_pad)->slots.at(static_cast<std::size_t>(registered.home_slot));
  drone = fresh;
  connect(drone);
}

void FleetDrill::restart() {
  core_ = std::make_unique<Core>(config_);
  for (const Record& record : journal_) core_->replay(record);
  plans_.clear();
  core_->start(now_);
  settle();
  for (PaperDrone& drone : drones_) {
    if (drone.linked) connect(drone);
  }
}

OperatorResult FleetDrill::operate(OperatorVerb verb, const std::string& target, OperatorArguments args) {
  core_->on_operator_command(now_, {.command_id = fmt::format("op{}", ++last_command_),
                                    .by = "olga",
                                    .verb = verb,
                                    .target = target,
                                    .args = std::move(args)});
  settle();
  return operator_results_.back();
}

int FleetDrill::alarms(const std::string& text) const {
  return static_cast<int>(std::count_if(notices_.begin(), notices_.end(), [&](const Notice& notice) {
    return notice.level == NoticeLevel::alarm && notice.text.find(text) != std::string::npos;
  }));
}

void FleetDrill::step(double seconds) {
  notices_.clear();
  now_ = after(now_, seconds);
  answer_plans();
  for (PaperDrone& drone : drones_) {
    if (!drone.linked) continue;
    fly(drone);
    if (steps_ % static_cast<std::uint64_t>(steps_a_report_) == 0) report(drone);
  }
  ++steps_;
  core_->tick(now_);
  settle();
}

void FleetDrill::run_for(double seconds) {
  for (double t = 0.0; t < seconds; t += 1.0) step();
}

bool FleetDrill::run_until(const std::string& order_id, OrderState state, double at_most_s) {
  for (double t = 0.0; t < at_most_s && order(order_id).state != state; t += 1.0) step();
  return order(order_id).state == state;
}

void FleetDrill::settle() {
  Effects effects = core_->take_effects();
  journal_.insert(journal_.end(), effects.records.begin(), effects.records.end());
  notes_.insert(notes_.end(), effects.notes.begin(), effects.notes.end());
  notices_.insert(notices_.end(), effects.notices.begin(), effects.notices.end());
  for (OperatorResult& result : effects.to_operators) operator_results_.push_back(std::move(result));
  for (PlanJob& job : effects.plans) {
    plans_.emplace_back(after(now_, std::uniform_real_distribution<double>(0.05, 0.5)(random_)), std::move(job));
  }
  for (const OutgoingFrame& out : effects.to_merchants) {
    const json frame = json::parse(out.frame);
    if (on_merchant_frame_) on_merchant_frame_(out.to, out.frame);
    if (frame.at("re").is_string()) replies_[frame.at("re").get<std::string>()] = frame;
  }
  for (const OutgoingFrame& out : effects.to_drones) {
    for (PaperDrone& drone : drones_) {
      if (drone.connection == out.to && !lost()) take(drone, json::parse(out.frame));
    }
  }
}

void FleetDrill::answer_plans() {
  std::deque<std::pair<UtcTime, PlanJob>> later;
  std::swap(later, plans_);
  for (auto& [at, job] : later) {
    if (at > now_) {
      plans_.emplace_back(at, std::move(job));
      continue;
    }
    const auto refused = refused_legs_.find(key_of(job.request.from) + ">" + key_of(job.request.to));
    PlanAnswer answer{.job = job.id, .route = straight_route(config_, job.request)};
    answer.route.airspace_hash = core_->state().airspace_hash;
    if (refused != refused_legs_.end()) {
      answer.route = planner::Route();
      answer.route.id = job.request.id;
      answer.route.status = planner::RouteStatus::infeasible;
      answer.route.error = refused->second;
    }
    core_->on_plan_answer(now_, answer);
  }
  settle();
}

void FleetDrill::tell(PaperDrone& drone, const std::string& type, json body) {
  core_->on_drone_frame(now_, {.connection = drone.connection, .authenticated = {}},
                        json{{"v", 1}, {"type", type}, {"id", "x"}, {"body", std::move(body)}}.dump());
  settle();
}

void FleetDrill::say(PaperDrone& drone, const std::string& kind) {
  json body{{"event_no", ++drone.event_no},
            {"kind", kind},
            {"at", format_rfc3339(now_)},
            {"detail", {{"payload_kg", drone.payload_kg}}}};
  drone.unacknowledged.emplace(drone.event_no, body);
  if (!lost()) tell(drone, "event", std::move(body));
}

void FleetDrill::take(PaperDrone& drone, const json& message) {
  const std::string type = message.at("type");
  const json& body = message.contains("body") ? message.at("body") : json::object();
  if (type == "event.ack") drone.unacknowledged.erase(body.at("event_no").get<std::uint64_t>());
  if (type == "command") {
    drone.command_seq = body.at("command_seq");
    const std::string verb = body.at("verb");
    if (verb == "hold" && drone.flying && !drone.held_since) drone.held_since = now_;
    if (verb == "resume" && drone.held_since) {
      drone.departed_at = *drone.departed_at + (now_ - *drone.held_since);
      drone.held_since.reset();
    }
    if (verb == "land" && drone.flying) drone.lands_out = true;
  }
  if (type != "mission" || body.at("mission_no").get<std::uint64_t>() <= drone.mission_no) return;
  drone.mission_no = body.at("mission_no");
  drone.flight_id = body.at("flight_id");
  drone.purpose = body.at("purpose");
  drone.ready_at.reset();
  if (body.contains("ready_at")) drone.ready_at = parse_rfc3339(body.at("ready_at").get<std::string>()).value();
  drone.route = *planner::parse_route(body.at("route").dump());
  drone.off_route_deg = 0.0;
  drone.departed_at = drone.flying ? std::optional(now_) : std::nullopt;
  drone.held_since.reset();
  if (drone.purpose == "home" || drone.purpose == "divert" || drone.purpose == "bring_back") drone.task_ends_at.reset();
}

void FleetDrill::fly(PaperDrone& drone) {
  if (drone.task_ends_at && now_ >= *drone.task_ends_at) {
    drone.task_ends_at.reset();
    if (drone.purpose == "pickup") {
      drone.payload_kg = 1.0;
      say(drone, "loaded");
    } else if (drone.purpose == "deliver") {
      drone.payload_kg = 0.0;
      say(drone, "released");
    } else {
      drone.payload_kg = 0.0;
      drone.flight_id.clear();
      say(drone, "swapped");
    }
    return;
  }
  if (!drone.route) return;
  if (drone.lands_out) {
    drone.lands_out = drone.flying = false;
    drone.route.reset();
    say(drone, "landed");
    return;
  }
  if (!drone.flying && now_ >= drone.route->depart) {
    drone.flying = true;
    drone.departed_at = now_;
    say(drone, "takeoff");
    return;
  }
  if (!drone.flying || drone.held_since) return;
  const double t_s = seconds_between(*drone.departed_at, now_);
  const auto& points = drone.route->waypoints;
  drone.position = points.back().position;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (t_s >= points[i + 1].t_s) continue;
    const double share = (t_s - points[i].t_s) / (points[i + 1].t_s - points[i].t_s);
    const GeoPoint& a = points[i].position;
    const GeoPoint& b = points[i + 1].position;
    drone.position = {.lon_deg = a.lon_deg + share * (b.lon_deg - a.lon_deg),
                      .lat_deg = a.lat_deg + share * (b.lat_deg - a.lat_deg),
                      .alt_msl_m = a.alt_msl_m + share * (b.alt_msl_m - a.alt_msl_m)};
    break;
  }
  if (t_s < drone.route->duration_s) return;
  drone.flying = false;
  drone.route.reset();
  const double task_s = std::uniform_real_distribution<double>(3.0, 15.0)(random_);
  const UtcTime could_begin = drone.purpose == "pickup" ? std::max(now_, drone.ready_at.value_or(now_)) : now_;
  if (drone.purpose != "divert") drone.task_ends_at = after(could_begin, task_s);
  say(drone, "landed");
}

void FleetDrill::report(PaperDrone& drone) {
  for (const auto& [no, body] : std::map(drone.unacknowledged)) {
    if (!lost()) tell(drone, "event", body);
  }
  if (lost()) return;
  const double speed = drone.flying && !drone.held_since ? kCruise_m_s : 0.0;
  tell(drone, "telemetry",
       {{"n", ++drone.n},
        {"at", format_rfc3339(now_)},
        {"lon", drone.position.lon_deg},
        {"lat", drone.position.lat_deg + drone.off_route_deg},
        {"alt_msl_m", drone.position.alt_msl_m},
        {"v_e_m_s", speed},
        {"v_n_m_s", 0.0},
        {"v_u_m_s", 0.0},
        {"battery_wh", drone.battery_wh.value_or(config_.profiles.begin()->second.battery_wh)},
        {"phase", drone.flying ? "cruise" : "idle"},
        {"mission_no", drone.mission_no},
        {"payload_kg", drone.payload_kg}});
  if (drone.mission_no != 0) tell(drone, "mission.ack", {{"mission_no", drone.mission_no}, {"accepted", true}});
  if (drone.command_seq != 0) tell(drone, "command.ack", {{"command_seq", drone.command_seq}, {"accepted", true}});
}

std::string FleetDrill::broken_invariant() const {
  const DispatchState& state = core_->state();
  std::map<std::string, std::string> holders;
  std::set<std::string> orders_in_flight;
  std::set<std::string> homes;
  for (const RegisteredDrone& drone : config_.drones)
    homes.insert(fmt::format("{}/{}", drone.home_pad, drone.home_slot));
  for (const auto& [id, flight] : state.flights) {
    if (state.drones.at(flight.drone).flight_id != id) return id + " is not its drone's flight";
    if (!flight.order_id.empty() && !orders_in_flight.insert(flight.order_id).second)
      return flight.order_id + " has two drones";
    for (const auto& [key, spot] : flight.reserved) {
      if (!holders.emplace(key, id).second) return key + " is held twice";
      if (homes.contains(key)) return key + " is another drone's home";
    }
  }
  for (const auto& [id, drone] : state.drones) {
    if (!drone.flight_id.empty() && !state.flights.contains(drone.flight_id))
      return id + " is on a flight that is over";
  }
  for (const auto& [merchant, ledger] : state.merchants) {
    std::uint64_t seq = ledger.events.empty() ? 0 : ledger.events.front().seq;
    for (const OrderEvent& event : ledger.events) {
      if (event.seq != seq++) return "events of " + merchant + " have a gap";
    }
    if (!ledger.events.empty() && seq != ledger.last_seq + 1) return "last_seq of " + merchant + " is wrong";
  }
  for (const auto& [id, order] : state.orders) {
    const int ends = static_cast<int>(std::count_if(order.history.begin(), order.history.end(),
                                                    [](const OrderStep& step) { return is_terminal(step.state); }));
    if (ends > 1) return id + " ended twice";
    if (order.state == OrderState::delivered && !order.delivered_at) return id + " was delivered at no time";
  }
  return {};
}

}  // namespace swiftlet::dispatch::drill
