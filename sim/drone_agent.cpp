#include "sim/drone_agent.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "planner/emergency_path.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kStep = std::chrono::milliseconds(20);
static_assert(kStep == std::chrono::duration<double>(VehicleMotion::kStep_s));

/// A mission begins where the drone is; landing precision and gusts explain this much.
constexpr double kStartTolerance_m = 5.0;
constexpr double kDefaultParcel_kg = 1.0;

double distance_m(const GeoPoint& a, const GeoPoint& b) {
  const geo::LocalFrame frame(a.lonlat());
  return (frame.to_local(a) - frame.to_local(b)).norm();
}

}  // namespace

DroneAgent::DroneAgent(const AgentOptions& options)
    : options_(options), motion_(options.profile, options.air), random_(options.air.seed + 0x9e3779b97f4a7c15ULL) {}

DroneHello DroneAgent::hello() const {
  DroneHello hello{.drone = options_.drone,
                   .profile = options_.profile.name,
                   .position = {},
                   .battery_wh = motion_.battery_wh(),
                   .flight_id = {},
                   .mission_no = {},
                   .last_command_seq = last_command_seq_};
  if (placed_) hello.position = motion_.position();
  if (mission_) {
    hello.flight_id = mission_->flight_id;
    hello.mission_no = mission_->mission_no;
  }
  return hello;
}

void DroneAgent::link_up(const HelloReply& reply) {
  const UtcTime before = std::exchange(now_, reply.time);
  if (next_no_ == 0) {
    // Numbers must rise across restarts of this process, and it keeps nothing: service time does.
    next_no_ = next_n_ = std::max<std::int64_t>(1, now_.time_since_epoch().count());
    next_report_ = now_;
  } else {
    task_ends_ += now_ - before;
    next_report_ = std::min(next_report_, now_ + 1s);
  }
  epoch_ = std::max(epoch_, reply.epoch);
  speed_ = reply.speed;
  if (reply.home) home_ = reply.home;
  if (!placed_ && home_) {
    motion_.place(*home_);
    placed_ = true;
  }
  link_up_ = true;
  say_again();
}

void DroneAgent::receive(const ServiceMessage& message) {
  if (const auto* mission = std::get_if<Mission>(&message)) take(*mission);
  if (const auto* command = std::get_if<Command>(&message)) take(*command);
  if (const auto* ack = std::get_if<EventAck>(&message)) unacknowledged_.erase(ack->event_no);
}

std::string DroneAgent::why_not(const Mission& mission) const {
  if (mission.epoch < epoch_) return fmt::format("epoch {} is below {}", mission.epoch, epoch_);
  if (mission.mission_no < last_mission_no_) {
    return fmt::format("mission_no {} is older than {}", mission.mission_no, last_mission_no_);
  }
  if (planner::route_hash(mission.route) != mission.route_hash) return "the route does not have this route_hash";
  if (mission.mission_no == last_mission_no_) {
    return mission.route_hash == last_route_hash_
               ? ""
               : fmt::format("mission_no {} was another mission", mission.mission_no);
  }
  if (mission.route.status != planner::RouteStatus::ok || mission.route.waypoints.size() < 2) {
    return "the route cannot be flown: its status is not ok or it has no waypoints";
  }
  if (!placed_) return "this drone does not know where it stands";
  const double away_m = distance_m(motion_.position(), mission.route.waypoints.front().position);
  if (!(away_m <= kStartTolerance_m)) return fmt::format("the route starts {:.1f} m from the drone", away_m);
  return {};
}

void DroneAgent::take(const Mission& mission) {
  std::string reason = why_not(mission);
  if (reason.empty()) {
    epoch_ = mission.epoch;
    if (mission.mission_no != last_mission_no_) {
      mission_ = mission;
      last_mission_no_ = mission.mission_no;
      last_route_hash_ = mission.route_hash;
      departed_ = motion_.flying();
      if (departed_) motion_.redirect(FlightPath(mission.route));
      if (task_ == GroundTask::loading) task_ = GroundTask::none;  // called away before the parcel came
    }
  }
  outbox_.emplace_back(MissionAck{mission.mission_no, reason.empty(), std::move(reason)});
}

std::string DroneAgent::why_not(const Command& command) const {
  if (command.epoch < epoch_) return fmt::format("epoch {} is below {}", command.epoch, epoch_);
  if (command.command_seq < last_command_seq_) {
    return fmt::format("command_seq {} is older than {}", command.command_seq, last_command_seq_);
  }
  static const std::set<std::string> kVerbs{"hold", "resume", "return", "land", "divert"};
  if (!kVerbs.contains(command.verb)) {
    return fmt::format("this drone cannot '{}'; it knows hold, resume, return, land, divert", command.verb);
  }
  if (!motion_.flying()) return "not flying";
  if (lands_out_ && command.verb != "land") return "it is coming down";
  if (command.verb == "divert") {
    if (!command.route || command.route->waypoints.size() < 2) return "a diversion needs a route";
    if (planner::route_hash(*command.route) != command.route_hash) return "the route does not have this route_hash";
    const double away_m = distance_m(motion_.position(), command.route->waypoints.front().position);
    if (!(away_m <= kStartTolerance_m)) return fmt::format("the route starts {:.1f} m from the drone", away_m);
  }
  return {};
}

void DroneAgent::obey(const Command& command) {
  motion_.hold(command.verb == "hold");
  if (command.verb == "land" && !lands_out_) {
    lands_out_ = true;
    motion_.redirect(FlightPath(planner::straight_down(motion_.position(), motion_.height_agl_m(), options_.profile)));
  } else if (command.verb == "return") {
    motion_.redirect(FlightPath(planner::back_along(mission_->route, motion_.path_clock_s(), motion_.position())));
  } else if (command.verb == "divert") {
    mission_->route = *command.route;
    mission_->purpose = Purpose::stand;
    motion_.redirect(FlightPath(*command.route));
  }
}

void DroneAgent::take(const Command& command) {
  std::string reason = why_not(command);
  if (reason.empty()) {
    epoch_ = command.epoch;
    const bool again = command.command_seq == last_command_seq_;
    last_command_seq_ = command.command_seq;
    if (!again) obey(command);
  }
  outbox_.emplace_back(CommandAck{command.command_seq, reason.empty(), std::move(reason)});
}

void DroneAgent::advance(UtcTime now) {
  if (!placed_) return;
  while (now_ + kStep <= now) {
    now_ += kStep;
    step();
  }
}

void DroneAgent::step() {
  if (motion_.flying()) {
    motion_.step();
    if (!motion_.flying()) land();
  } else {
    motion_.step_on_ground();
    on_ground();
  }
  if (motion_.battery_wh() <= 0.0 && !std::exchange(battery_fault_said_, true)) say("fault", "battery empty");
  if (now_ >= next_report_) report();
  if (now_ >= next_say_again_) say_again();
}

void DroneAgent::on_ground() {
  if (task_ != GroundTask::none) {
    if (now_ >= task_ends_) finish_ground_task();
  } else if (mission_ && !departed_ && now_ >= mission_->route.depart) {
    depart();
  }
}

void DroneAgent::depart() {
  departed_ = true;
  motion_.depart(FlightPath(mission_->route), payload_kg_);
  say("takeoff");
}

bool DroneAgent::at_home() const { return home_ && distance_m(*home_, motion_.position()) <= kStartTolerance_m; }

DroneAgent::GroundTask DroneAgent::task_after_landing() const {
  if (mission_->purpose) {
    switch (*mission_->purpose) {
      case Purpose::pickup:
        return GroundTask::loading;
      case Purpose::deliver:
        return GroundTask::releasing;
      case Purpose::home:
        return GroundTask::swapping;
      case Purpose::stand:
        return GroundTask::none;
    }
  }
  if (at_home()) return GroundTask::swapping;
  return payload_kg_ > 0.0 ? GroundTask::releasing : GroundTask::loading;
}

void DroneAgent::land() {
  say("landed");
  if (std::exchange(lands_out_, false)) {
    mission_.reset();  // nothing more until somebody comes
    return;
  }
  task_ = task_after_landing();
  const auto between = [this](double least_s, double most_s) {
    return std::uniform_real_distribution<double>(least_s, most_s)(random_);
  };
  const double lasts_s = task_ == GroundTask::loading     ? between(4.0, 8.0)
                         : task_ == GroundTask::releasing ? between(2.0, 4.0)
                                                          : options_.swap_s;
  // Nobody loads a parcel that is not ready yet.
  const bool loads = task_ == GroundTask::loading;
  task_ends_ = after(loads ? std::max(now_, mission_->ready_at.value_or(now_)) : now_, lasts_s);
}

void DroneAgent::finish_ground_task() {
  switch (std::exchange(task_, GroundTask::none)) {
    case GroundTask::loading:
      payload_kg_ = mission_->parcel_kg.value_or(kDefaultParcel_kg);
      say("loaded");
      break;
    case GroundTask::releasing:
      payload_kg_ = 0.0;
      say("released");
      break;
    case GroundTask::swapping:
      payload_kg_ = 0.0;
      motion_.fit_full_battery();
      battery_fault_said_ = false;
      if (departed_) mission_.reset();
      say("swapped");
      break;
    case GroundTask::none:
      break;
  }
}

std::string_view DroneAgent::phase() const {
  if (motion_.flying()) return motion_.holding() ? "holding" : planner::name(motion_.phase());
  switch (task_) {
    case GroundTask::loading:
      return "loading";
    case GroundTask::releasing:
      return "landing";  // the landing is not over while the parcel hangs on
    case GroundTask::swapping:
      return "swapping";
    case GroundTask::none:
      break;
  }
  return "idle";
}

void DroneAgent::report() {
  next_report_ = after(next_report_, 1.0 / options_.telemetry_hz);
  if (next_report_ <= now_) next_report_ = after(now_, 1.0 / options_.telemetry_hz);
  if (!link_up_) return;
  const geo::Enu3 v_enu = motion_.v_enu();
  outbox_.emplace_back(Telemetry{.n = next_n_++,
                                 .at = now_,
                                 .position = motion_.position(),
                                 .v_e_m_s = v_enu.x(),
                                 .v_n_m_s = v_enu.y(),
                                 .v_u_m_s = v_enu.z(),
                                 .battery_wh = motion_.battery_wh(),
                                 .phase = phase(),
                                 .mission_no = last_mission_no_,
                                 .payload_kg = payload_kg_});
}

void DroneAgent::say(std::string_view kind, std::string fault) {
  const DroneEvent event{.event_no = next_no_++,
                         .kind = kind,
                         .at = now_,
                         .mission_no = last_mission_no_,
                         .payload_kg = payload_kg_,
                         .fault = std::move(fault)};
  unacknowledged_.emplace(event.event_no, event);
  if (link_up_) outbox_.emplace_back(event);
}

void DroneAgent::say_again() {
  // Once a second of the wall, not of the service: a clock that runs faster does not make the link faster.
  next_say_again_ = after(now_, speed_);
  if (!link_up_) return;
  for (const auto& [event_no, event] : unacknowledged_) outbox_.emplace_back(event);
}

std::vector<DroneMessage> DroneAgent::take_outbox() { return std::exchange(outbox_, {}); }

std::vector<std::unique_ptr<drone_link::Drone>> agents_of(const std::vector<AgentOptions>& drones) {
  std::vector<std::unique_ptr<drone_link::Drone>> agents;
  agents.reserve(drones.size());
  for (const AgentOptions& options : drones) agents.push_back(std::make_unique<DroneAgent>(options));
  return agents;
}

}  // namespace swiftlet::sim
