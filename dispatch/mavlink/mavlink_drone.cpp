// The service's side: missions, commands, and whether they are taken.
#include "dispatch/mavlink/mavlink_drone.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "dispatch/mavlink/command_exchange.hpp"
#include "dispatch/mavlink/mission_items.hpp"
#include "dispatch/mavlink/mission_transfer.hpp"
#include "planner/autopilot_timing.hpp"
#include "planner/emergency_path.hpp"
#include "planner/mission/mission_steps.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::mavlink {
namespace {

namespace mission = planner::mission;
using drone_link::Command;
using drone_link::EventAck;
using drone_link::HelloReply;
using drone_link::Mission;

/// A mission begins where the vehicle is, as well as satellites tell.
constexpr double kStart_m = 10.0;
/// So near its own pad a vehicle stands on ground of the height of its deck.
constexpr double kOnHomeGround_m = 50.0;
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

MavlinkDrone::MavlinkDrone(MavlinkDroneOptions options, Logbook logbook)
    : options_(std::move(options)), book_(std::move(logbook)) {}

void MavlinkDrone::keep() {
  if (auto kept = write_logbook(options_.logbook, book_); !kept) throw LogbookLost{kept.error()};
}

drone_link::DroneHello MavlinkDrone::hello() const {
  const VehicleView::Position& here = view_.position().value();
  drone_link::DroneHello hello{.drone = options_.drone,
                               .profile = options_.profile.name,
                               .position = GeoPoint{here.at.lon_deg, here.at.lat_deg, altitude_msl_m()},
                               .battery_wh = battery_wh(),
                               .flight_id = {},
                               .mission_no = {},
                               .last_command_seq = book_.last_command_seq};
  if (book_.mission) {
    hello.flight_id = book_.mission->flight_id;
    hello.mission_no = book_.mission->mission_no;
  }
  return hello;
}

void MavlinkDrone::link_up(const HelloReply& reply) {
  now_ = reply.time;
  speed_ = reply.speed;
  clock_known_ = link_up_ = true;
  home_pad_ = reply.home;
  // Numbers rise across restarts, also where the logbook was lost: service time does.
  const std::int64_t by_clock = std::max<std::int64_t>(1, now_.time_since_epoch().count());
  next_n_ = std::max(next_n_, by_clock);
  book_.next_event_no = std::max(book_.next_event_no, by_clock);
  book_.epoch = std::max(book_.epoch, reply.epoch);
  const bool at_home = home_pad_ && on_ground() && metres_from_here(home_pad_->lonlat()) <= kOnHomeGround_m;
  if (!book_.ground_alt_msl_m && at_home) book_.ground_alt_msl_m = home_pad_->alt_msl_m;
  keep();
  next_report_ = now_;
  next_say_again_ = wall_;
}

void MavlinkDrone::receive(const drone_link::ServiceMessage& message) {
  if (const auto* ack = std::get_if<EventAck>(&message)) {
    if (book_.unacknowledged.erase(ack->event_no) > 0) keep();
    return;
  }
  // Nothing can be promised for a vehicle that is not there; the service says it again.
  if (!present()) return;
  if (const auto* mission = std::get_if<Mission>(&message)) take(*mission);
  if (const auto* command = std::get_if<Command>(&message)) take(*command);
}

void MavlinkDrone::advance(UtcTime now) { now_ = now; }

std::vector<drone_link::DroneMessage> MavlinkDrone::take_outbox() { return std::exchange(outbox_, {}); }

std::string MavlinkDrone::why_not_from_here(const planner::Route& route) const {
  if (route.status != planner::RouteStatus::ok || route.waypoints.size() < 2) {
    return "the route cannot be flown: its status is not ok or it has no waypoints";
  }
  const double away_m = metres_from_here(route.waypoints.front().position.lonlat());
  if (!(away_m <= kStart_m)) return fmt::format("the route starts {:.1f} m from the drone", away_m);
  return {};
}

std::string MavlinkDrone::why_not(const Mission& mission) const {
  if (mission.epoch < book_.epoch) return fmt::format("epoch {} is below {}", mission.epoch, book_.epoch);
  if (mission.mission_no < book_.last_mission_no) {
    return fmt::format("mission_no {} is older than {}", mission.mission_no, book_.last_mission_no);
  }
  if (planner::route_hash(mission.route) != mission.route_hash) return "the route does not have this route_hash";
  if (mission.mission_no == book_.last_mission_no) {
    return mission.route_hash == book_.last_route_hash
               ? ""
               : fmt::format("mission_no {} was another mission", mission.mission_no);
  }
  if (book_.lands_out) return "it is coming down";
  if (book_.stage == Stage::flying ? !book_.home_alt_msl_m : !on_ground()) {
    return "the vehicle is in the air on no mission of the service";
  }
  return why_not_from_here(mission.route);
}

Expected<std::vector<MissionItemInt>> MavlinkDrone::items_of(const planner::Route& route) const {
  mission::MissionOptions options = planner::mission_options_of(options_.profile);
  if (book_.stage == Stage::flying) {
    // Its home stays where it was armed; only the altitude of that place counts.
    options.home = route.waypoints.front().position;
    options.home->alt_msl_m = book_.home_alt_msl_m.value();
  }
  const auto flown = mission::to_mission(route, options);
  if (!flown) return Unexpected(flown.error());
  return mission_items(*flown, view_.autopilot().value());
}

void MavlinkDrone::add_steps_to(FlightMode mode, Procedures::Steps& steps) const {
  const Autopilot autopilot = view_.autopilot().value();
  const auto is_there = [mode, autopilot](const VehicleView& view) -> std::optional<Expected<void>> {
    return is_in(mode, autopilot, view.custom_mode()) ? std::optional(Expected<void>()) : std::nullopt;
  };
  const auto ask = [](Conversation& with) {
    with.say(command_of(CommandId::request_message, static_cast<float>(Heartbeat::kId)));
  };
  steps.push_back(std::make_unique<CommandExchange>(set_mode(mode, autopilot), "change of mode"));
  steps.push_back(std::make_unique<WaitExchange>("the vehicle in its new mode", kNewMode, is_there, ask));
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

Procedures::Steps MavlinkDrone::steps_to_load(const std::vector<MissionItemInt>& items) const {
  Procedures::Steps steps;
  if (book_.stage == Stage::flying && !is_in_mode(FlightMode::hold)) add_steps_to(FlightMode::hold, steps);
  steps.push_back(std::make_unique<MissionUpload>(items));
  steps.push_back(std::make_unique<MissionCheck>(items, view_.autopilot().value()));
  return steps;
}

void MavlinkDrone::take(const Mission& mission) {
  const auto refuse = [&](std::string reason) {
    log(fmt::format("mission {} is refused: {}", mission.mission_no, reason));
    outbox_.emplace_back(drone_link::MissionAck{mission.mission_no, false, std::move(reason)});
  };
  if (incoming_mission_no_ == mission.mission_no) return;  // at it
  if (std::string reason = why_not(mission); !reason.empty()) return refuse(std::move(reason));
  if (mission.mission_no == book_.last_mission_no) {
    outbox_.emplace_back(drone_link::MissionAck{mission.mission_no, true, {}});
    return;
  }
  const auto items = items_of(mission.route);
  if (!items) return refuse(items.error().message);
  incoming_mission_no_ = mission.mission_no;
  procedures_.add(steps_to_load(*items), [this, mission, refuse, count = items->size()](const Expected<void>& loaded) {
    incoming_mission_no_.reset();
    if (!loaded) return refuse(loaded.error().message);
    log(fmt::format("mission {} is aboard: {} items, read back", mission.mission_no, count));
    accept(mission);
  });
}

void MavlinkDrone::accept(const Mission& mission) {
  book_.epoch = std::max(book_.epoch, mission.epoch);
  book_.last_mission_no = mission.mission_no;
  book_.last_route_hash = mission.route_hash;
  book_.mission = mission;
  if (book_.stage == Stage::flying) {
    book_.begun = book_.held = false;
  } else {
    book_.stage = Stage::waiting;
  }
  refused_departures_ = 0;
  keep();
  outbox_.emplace_back(drone_link::MissionAck{mission.mission_no, true, {}});
}

std::string MavlinkDrone::why_not(const Command& command) const {
  if (command.epoch < book_.epoch) return fmt::format("epoch {} is below {}", command.epoch, book_.epoch);
  if (command.command_seq < book_.last_command_seq) {
    return fmt::format("command_seq {} is older than {}", command.command_seq, book_.last_command_seq);
  }
  static const std::set<std::string> kVerbs{"hold", "resume", "return", "land", "divert"};
  if (!kVerbs.contains(command.verb)) {
    return fmt::format("this drone cannot '{}'; it knows hold, resume, return, land, divert", command.verb);
  }
  if (book_.stage != Stage::flying) return "not flying";
  if (book_.lands_out && command.verb != "land") return "it is coming down";
  if (command.verb == "divert" && !command.route) return "a diversion needs a route";
  if (!command.route) return {};
  if (planner::route_hash(*command.route) != command.route_hash) return "the route does not have this route_hash";
  return why_not_from_here(*command.route);
}

void MavlinkDrone::take(const Command& command) {
  if (incoming_command_seq_ == command.command_seq) return;  // at it
  if (command.command_seq == book_.last_command_seq && command.epoch >= book_.epoch) {
    outbox_.emplace_back(
        drone_link::CommandAck{command.command_seq, book_.last_command_refusal.empty(), book_.last_command_refusal});
    return;
  }
  const std::string reason = why_not(command);
  if (command.command_seq < book_.last_command_seq || command.epoch < book_.epoch) {
    outbox_.emplace_back(drone_link::CommandAck{command.command_seq, false, reason});
    return;
  }
  incoming_command_seq_ = command.command_seq;
  if (!reason.empty()) return answer(command, fail(ErrorCode::conflict, reason));
  obey(command);
}

void MavlinkDrone::obey(const Command& command) {
  if (command.verb == "return" || command.verb == "divert") return turn(command);
  Procedures::Steps steps;
  if (command.verb == "resume" && !book_.begun) steps.push_back(step_to_first_item());
  add_steps_to(command.verb == "hold"   ? FlightMode::hold
               : command.verb == "land" ? FlightMode::land
                                        : FlightMode::mission,
               steps);
  procedures_.add(std::move(steps), [this, command](const Expected<void>& done) {
    if (done) {
      book_.lands_out = command.verb == "land";
      book_.held = command.verb == "hold";
      book_.begun = book_.begun || command.verb == "resume";
    }
    answer(command, done);
  });
}

void MavlinkDrone::turn(const Command& command) {
  // Back the way that it came, unless it is told a better one: never the straight line of the autopilot's own return.
  const VehicleView::Position& at = view_.position().value();
  const GeoPoint here{at.at.lon_deg, at.at.lat_deg, altitude_msl_m()};
  const planner::Route& flown = book_.mission->route;
  const planner::Route way = command.route ? *command.route : planner::back_along(flown, clock_on(flown, here), here);
  const auto items = items_of(way);
  if (!items) return answer(command, fail(ErrorCode::conflict, items.error().message));
  procedures_.add(steps_to_load(*items), [this, command, way](const Expected<void>& loaded) {
    if (loaded) {
      book_.mission->route = way;
      book_.mission->purpose = drone_link::Purpose::stand;
      book_.begun = book_.held = false;
    }
    answer(command, loaded);
  });
}

void MavlinkDrone::answer(const Command& command, const Expected<void>& outcome) {
  incoming_command_seq_.reset();
  book_.epoch = std::max(book_.epoch, command.epoch);
  book_.last_command_seq = std::max(book_.last_command_seq, command.command_seq);
  book_.last_command_refusal = outcome ? "" : outcome.error().message;
  keep();
  log(fmt::format("command {} ({}): {}", command.command_seq, command.verb,
                  outcome ? "done" : "refused, " + outcome.error().message));
  outbox_.emplace_back(drone_link::CommandAck{command.command_seq, outcome.has_value(), book_.last_command_refusal});
}

}  // namespace swiftlet::mavlink
