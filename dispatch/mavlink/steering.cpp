// What the service has it do beside its mission: hold, resume, return, land, divert.
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "dispatch/mavlink/command_exchange.hpp"
#include "dispatch/mavlink/mavlink_drone.hpp"
#include "dispatch/mavlink/mission_items.hpp"
#include "planner/emergency_path.hpp"
#include "planner/mission/mission_steps.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::mavlink {
namespace {

namespace mission = planner::mission;
using drone_link::Command;

constexpr std::chrono::milliseconds kNewMode(4000);

/// How far along the route the place is that is nearest to `here`, seconds after departure.
double clock_on(const planner::Route& route, const GeoPoint& here) {
  const auto place = [&](const GeoPoint& p) {
    return mission::from_home_m(here, p.lonlat(), p.alt_msl_m - here.alt_msl_m);
  };
  double nearest_m = std::numeric_limits<double>::infinity(), clock_s = 0.0;
  for (std::size_t i = 0; i + 1 < route.waypoints.size(); ++i) {
    const auto &a = route.waypoints[i], &b = route.waypoints[i + 1];
    const Eigen::Vector3d from = place(a.position), along = place(b.position) - from;
    const double length2 = along.squaredNorm();
    const double share = length2 > 0.0 ? std::clamp(-from.dot(along) / length2, 0.0, 1.0) : 0.0;
    if (const double away_m = (from + share * along).norm(); away_m < nearest_m) {
      nearest_m = away_m;
      clock_s = a.t_s + share * (b.t_s - a.t_s);
    }
  }
  return clock_s;
}

}  // namespace

void MavlinkDrone::add_own_command(FlightMode mode, std::unique_ptr<Exchange> command, Procedures::Steps& steps) {
  steps.push_back(std::make_unique<OwnStep>([this, mode] {
    book_.next_mode = mode;
    keep();
  }));
  steps.push_back(std::move(command));
}

void MavlinkDrone::add_steps_to(FlightMode mode, Procedures::Steps& steps) {
  const Autopilot autopilot = view_.autopilot().value();
  const auto is_there = [mode, autopilot](const VehicleView& view) -> std::optional<Expected<void>> {
    return is_in(mode, autopilot, view.custom_mode()) ? std::optional(Expected<void>()) : std::nullopt;
  };
  const auto ask = [](Conversation& with) {
    with.say(command_of(CommandId::request_message, static_cast<float>(Heartbeat::kId)));
  };
  add_own_command(mode, std::make_unique<CommandExchange>(set_mode(mode, autopilot), "change of mode"), steps);
  steps.push_back(std::make_unique<WaitExchange>("the vehicle in its new mode", kNewMode, is_there, ask));
  steps.push_back(std::make_unique<OwnStep>([this, mode] {
    book_.mode = mode;
    book_.next_mode.reset();
    keep();
  }));
}

std::unique_ptr<Exchange> MavlinkDrone::step_to_first_item() const {
  const std::uint16_t first = first_item(view_.autopilot().value());
  const auto is_there = [first](const VehicleView& view) -> std::optional<Expected<void>> {
    return view.current_item() == first ? std::optional(Expected<void>()) : std::nullopt;
  };
  const auto ask = [first](Conversation& with) {
    with.view.forget_current_item();
    MissionSetCurrent current;
    current.seq = first;
    with.say(current);
  };
  return std::make_unique<WaitExchange>("going to the mission's first item", std::chrono::seconds(6), is_there, ask);
}

std::string MavlinkDrone::too_old(const Command& command) const {
  if (command.epoch < book_.epoch) return fmt::format("epoch {} is below {}", command.epoch, book_.epoch);
  const std::int64_t newest = commands_at_work_.empty() ? book_.last_command_seq
                                                        : std::max(book_.last_command_seq, *commands_at_work_.rbegin());
  if (command.command_seq < newest) return fmt::format("command_seq {} is older than {}", command.command_seq, newest);
  return {};
}

std::string MavlinkDrone::why_not(const Command& command) const {
  if (std::string reason = too_old(command); !reason.empty()) return reason;
  static const std::set<std::string> kVerbs{"hold", "resume", "return", "land", "divert"};
  if (!kVerbs.contains(command.verb)) {
    return fmt::format("this drone cannot '{}'; it knows hold, resume, return, land, divert", command.verb);
  }
  if (book_.stage != Stage::flying) return "not flying";
  if (book_.off_control) return kOffControl + whose();
  if (book_.lands_out && command.verb != "land") return "it is coming down";
  if (command.verb == "divert" && !command.route) return "a diversion needs a route";
  if (!command.route) return {};
  if (planner::route_hash(*command.route) != command.route_hash) return "the route does not have this route_hash";
  return why_not_from_here(*command.route);
}

void MavlinkDrone::take(const Command& command) {
  if (commands_at_work_.contains(command.command_seq)) return;
  if (command.command_seq == book_.last_command_seq && command.epoch >= book_.epoch) {
    outbox_.emplace_back(
        drone_link::CommandAck{command.command_seq, book_.last_command_refusal.empty(), book_.last_command_refusal});
    return;
  }
  if (std::string reason = too_old(command); !reason.empty()) {
    outbox_.emplace_back(drone_link::CommandAck{command.command_seq, false, std::move(reason)});
    return;
  }
  commands_at_work_.insert(command.command_seq);
  const auto way = std::make_shared<planner::Route>();
  procedures_.add([this, command, way] { return steps_of(command, *way); },
                  [this, command, way](const Expected<void>& done) {
                    if (done) obeyed(command, std::move(*way));
                    answer(command, done);
                  });
}

Expected<Procedures::Steps> MavlinkDrone::steps_of(const Command& command, planner::Route& way) {
  if (std::string reason = why_not(command); !reason.empty()) return fail(ErrorCode::conflict, std::move(reason));
  if (command.verb == "return" || command.verb == "divert") {
    way = command.route ? *command.route : way_back();
    const auto lists = lists_of(way);
    if (!lists) return Unexpected(lists.error());
    return steps_to_load(*lists);
  }
  Procedures::Steps steps;
  if (command.verb == "resume") {
    if (auto checked = add_check_of_mission(steps); !checked) return Unexpected(checked.error());
    if (!book_.begun) steps.push_back(step_to_first_item());
  }
  add_steps_to(command.verb == "hold"   ? FlightMode::hold
               : command.verb == "land" ? FlightMode::land
                                        : FlightMode::mission,
               steps);
  return steps;
}

void MavlinkDrone::obeyed(const Command& command, planner::Route way) {
  if (command.verb != "hold") book_.given_back = false;
  if (command.verb == "return" || command.verb == "divert") {
    book_.mission->route = std::move(way);
    book_.mission->purpose = drone_link::Purpose::stand;
    book_.aboard = true;
    book_.begun = book_.held = false;
    return;
  }
  book_.lands_out = command.verb == "land";
  book_.held = command.verb == "hold";
  book_.begun = book_.begun || command.verb == "resume";
}

planner::Route MavlinkDrone::way_back() const {
  // Back the way that it came: never the straight line of the autopilot's own return.
  const VehicleView::Position& at = view_.position().value();
  const GeoPoint here{at.at.lon_deg, at.at.lat_deg, altitude_msl_m()};
  const planner::Route& flown = book_.mission->route;
  return planner::back_along(flown, clock_on(flown, here), here);
}

void MavlinkDrone::answer(const Command& command, const Expected<void>& outcome) {
  commands_at_work_.erase(command.command_seq);
  const std::string refusal = outcome ? "" : outcome.error().message;
  book_.epoch = std::max(book_.epoch, command.epoch);
  if (command.command_seq >= book_.last_command_seq) {
    book_.last_command_seq = command.command_seq;
    book_.last_command_refusal = refusal;
  }
  keep();
  log(fmt::format("command {} ({}): {}", command.command_seq, command.verb, outcome ? "done" : "refused, " + refusal));
  outbox_.emplace_back(drone_link::CommandAck{command.command_seq, outcome.has_value(), refusal});
}

}  // namespace swiftlet::mavlink
