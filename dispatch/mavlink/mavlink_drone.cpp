// The service's side: who it is, what it is told, and the missions that it takes.
#include "dispatch/mavlink/mavlink_drone.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "dispatch/mavlink/command_exchange.hpp"
#include "dispatch/mavlink/mission_items.hpp"
#include "dispatch/mavlink/mission_transfer.hpp"
#include "dispatch/mavlink/safety_items.hpp"
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
  const planner::Waypoint& start = route.waypoints.front();
  const bool flying = book_.stage == Stage::flying;
  if (!flying && start.phase != planner::Phase::takeoff) return "the route begins in the air, and the drone stands";
  const double aside_m = metres_from_here(start.position.lonlat());
  // On the ground its altitude is the deck's, which is the route's to say.
  const double away_m = flying ? std::hypot(aside_m, altitude_msl_m() - start.position.alt_msl_m) : aside_m;
  if (!(away_m <= kStart_m)) return fmt::format("the route starts {:.1f} m from the drone", away_m);
  return {};
}

std::string MavlinkDrone::too_old(const Mission& mission) const {
  if (mission.epoch < book_.epoch) return fmt::format("epoch {} is below {}", mission.epoch, book_.epoch);
  const std::int64_t newest =
      missions_at_work_.empty() ? book_.last_mission_no : std::max(book_.last_mission_no, *missions_at_work_.rbegin());
  if (mission.mission_no < newest) return fmt::format("mission_no {} is older than {}", mission.mission_no, newest);
  return {};
}

std::string MavlinkDrone::why_not(const Mission& mission) const {
  if (std::string reason = too_old(mission); !reason.empty()) return reason;
  if (planner::route_hash(mission.route) != mission.route_hash) return "the route does not have this route_hash";
  if (mission.mission_no == book_.last_mission_no) {
    return mission.route_hash == book_.last_route_hash
               ? ""
               : fmt::format("mission_no {} was another mission", mission.mission_no);
  }
  if (book_.off_control) return kOffControl + whose();
  if (book_.lands_out) return "it is coming down";
  if (book_.stage == Stage::flying ? !book_.home_alt_msl_m : !on_ground()) {
    return "the vehicle is in the air on no mission of the service";
  }
  if (book_.stage != Stage::flying && !battery_is_known()) return kBatteryUnknown;
  return why_not_from_here(mission.route);
}

Expected<MavlinkDrone::Lists> MavlinkDrone::lists_of(const planner::Route& route) const {
  mission::MissionOptions options = planner::mission_options_of(options_.profile);
  if (book_.stage == Stage::flying) {
    // Its home stays where it was armed; only the altitude of that place counts.
    options.home = route.waypoints.front().position;
    options.home->alt_msl_m = book_.home_alt_msl_m.value();
  }
  const auto flown = mission::to_mission(route, options);
  if (!flown) return Unexpected(flown.error());
  auto items = mission_items(*flown, view_.autopilot().value());
  if (!options_.fences) return Lists{std::move(items)};
  return Lists{fence_items(*flown), std::move(items), rally_items(*flown)};
}

Procedures::Steps MavlinkDrone::steps_to_load(const Lists& lists) {
  Procedures::Steps steps;
  if (book_.stage == Stage::flying && !is_in_mode(FlightMode::hold)) add_steps_to(FlightMode::hold, steps);
  steps.push_back(std::make_unique<OwnStep>([this] {
    book_.aboard = false;
    keep();
  }));
  for (const auto& items : lists) {
    steps.push_back(std::make_unique<MissionUpload>(items));
    steps.push_back(std::make_unique<MissionCheck>(items, view_.autopilot().value()));
  }
  return steps;
}

Expected<void> MavlinkDrone::add_check_of_mission(Procedures::Steps& steps) {
  if (book_.aboard) return {};
  const auto lists = lists_of(book_.mission->route);
  if (!lists) return Unexpected(lists.error());
  for (const auto& items : *lists) {
    // What it is at in its mission would be lost with another upload; the fence may be that of the one that failed.
    const bool is_mission = items.front().mission_type == kMissionList;
    if (!is_mission) steps.push_back(std::make_unique<MissionUpload>(items));
    steps.push_back(std::make_unique<MissionCheck>(items, view_.autopilot().value()));
  }
  steps.push_back(std::make_unique<OwnStep>([this] {
    book_.aboard = true;
    keep();
  }));
  return {};
}

void MavlinkDrone::take(const Mission& mission) {
  const std::int64_t number = mission.mission_no;
  if (missions_at_work_.contains(number)) return;
  if (std::string reason = too_old(mission); !reason.empty()) return refuse(mission, std::move(reason));
  missions_at_work_.insert(number);
  const auto begin = [this, mission]() -> Expected<Procedures::Steps> {
    if (const std::int64_t newest = *missions_at_work_.rbegin(); newest > mission.mission_no) {
      return fail(ErrorCode::conflict, fmt::format("mission {} has come since", newest));
    }
    if (std::string reason = why_not(mission); !reason.empty()) return fail(ErrorCode::conflict, std::move(reason));
    if (mission.mission_no == book_.last_mission_no) return Procedures::Steps();
    const auto lists = lists_of(mission.route);
    if (!lists) return Unexpected(lists.error());
    return steps_to_load(*lists);
  };
  procedures_.add(begin, [this, mission](const Expected<void>& loaded) {
    missions_at_work_.erase(mission.mission_no);
    if (!loaded) return refuse(mission, loaded.error().message);
    // Loading takes a while, in which a pilot may have taken over or the vehicle come down.
    if (std::string reason = why_not(mission); !reason.empty()) return refuse(mission, std::move(reason));
    accept(mission);
  });
}

void MavlinkDrone::refuse(const Mission& mission, std::string reason) {
  log(fmt::format("mission {} is refused: {}", mission.mission_no, reason));
  outbox_.emplace_back(drone_link::MissionAck{mission.mission_no, false, std::move(reason)});
}

void MavlinkDrone::accept(const Mission& mission) {
  outbox_.emplace_back(drone_link::MissionAck{mission.mission_no, true, {}});
  if (mission.mission_no == book_.last_mission_no) return;  // said again
  log(fmt::format("mission {} is aboard, read back", mission.mission_no));
  book_.epoch = std::max(book_.epoch, mission.epoch);
  book_.last_mission_no = mission.mission_no;
  book_.last_route_hash = mission.route_hash;
  book_.mission = mission;
  book_.aboard = true;
  if (book_.stage == Stage::flying) {
    book_.begun = book_.held = book_.given_back = false;
  } else {
    book_.stage = Stage::waiting;
  }
  refused_departures_ = 0;
  keep();
}

}  // namespace swiftlet::mavlink
