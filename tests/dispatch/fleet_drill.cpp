#include "tests/dispatch/fleet_drill.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace swiftlet::dispatch::drill {
namespace {

using nlohmann::json;

const UtcTime kMorning = *parse_rfc3339("2026-11-21T08:00:00Z");

}  // namespace

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
  tell(drone, "drone.hello", drone.hello(full_wh()));
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
    if (const auto event = drone.fly(now_, random_)) {
      json body = drone.event(*event, now_);
      if (!lost()) tell(drone, "event", std::move(body));
    }
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
      if (drone.connection == out.to && !lost()) drone.take(json::parse(out.frame), now_);
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
    planner::Route route = straight_route(config_, job.request);
    route.airspace_hash = core_->state().airspace_hash;
    if (refused != refused_legs_.end()) {
      route = planner::Route();
      route.status = planner::RouteStatus::infeasible;
      route.error = refused->second;
    }
    core_->on_plan_answer(now_, answer_to(job, std::move(route)));
  }
  settle();
}

void FleetDrill::tell(const PaperDrone& drone, const std::string& type, json body) {
  core_->on_drone_frame(now_, {.connection = drone.connection, .authenticated = {}},
                        json{{"v", 1}, {"type", type}, {"id", "x"}, {"body", std::move(body)}}.dump());
  settle();
}

void FleetDrill::report(PaperDrone& drone) {
  for (const auto& [no, body] : std::map(drone.unacknowledged)) {
    if (!lost()) tell(drone, "event", body);
  }
  if (lost()) return;
  tell(drone, "telemetry", drone.telemetry(full_wh(), now_));
  if (drone.mission_no != 0) tell(drone, "mission.ack", {{"mission_no", drone.mission_no}, {"accepted", true}});
  if (drone.command_seq != 0) tell(drone, "command.ack", {{"command_seq", drone.command_seq}, {"accepted", true}});
}

}  // namespace swiftlet::dispatch::drill
