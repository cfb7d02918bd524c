// The flight, from deck to deck: when it departs, what the vehicle does, where it comes down.
#include <fmt/core.h>

#include <limits>
#include <utility>

#include "dispatch/mavlink/command_exchange.hpp"
#include "dispatch/mavlink/mavlink_drone.hpp"
#include "dispatch/mavlink/mission_items.hpp"
#include "geo/local_frame.hpp"

namespace swiftlet::mavlink {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kHomePosition = HomePosition::kId;
/// Where it was armed, and where it came down: as well as satellites tell.
constexpr double kThere_m = 10.0;
constexpr auto kAgain = 5s;
constexpr int kMostDepartures = 6;
/// From the order to begin to being seen in the air.
constexpr auto kLiftOff = 30s;
/// After its departure a mission is flown no more, in wall seconds.
constexpr double kLatest_wall_s = 60.0;
constexpr auto kStands = 200ms;
constexpr std::uint64_t kPositionsThere = 2;

double metres_between(const LonLat& a, const LonLat& b) {
  const geo::LocalFrame frame(a);
  return (frame.to_local(a) - frame.to_local(b)).norm();
}

/// The vehicle says where its home is, and that is where the route starts: all heights count from there.
std::unique_ptr<Exchange> home_is_at(const LonLat& start) {
  const auto judge = [start](const VehicleView& view) -> std::optional<Expected<void>> {
    if (!view.home()) return std::nullopt;
    const double away_m = metres_between(start, *view.home());
    if (away_m <= kThere_m) return Expected<void>();
    return fail(ErrorCode::conflict,
                fmt::format("the vehicle's home, which its heights count from, is {:.1f} m from where the route starts",
                            away_m));
  };
  const auto ask = [](Conversation& with) {
    with.view.forget_home();
    with.say(command_of(CommandId::request_message, static_cast<float>(kHomePosition)));
  };
  return std::make_unique<WaitExchange>("the vehicle's home position", 6s, judge, ask);
}

std::unique_ptr<Exchange> arm(bool armed) {
  return std::make_unique<CommandExchange>(command_of(CommandId::component_arm_disarm, armed ? 1.0F : 0.0F),
                                           armed ? "arming" : "disarming");
}

}  // namespace

double MavlinkDrone::metres_from_here(const LonLat& there) const {
  return view_.position() ? metres_between(there, view_.position()->at) : std::numeric_limits<double>::infinity();
}

void MavlinkDrone::depart_when_due() {
  if (sent_off_at_ && wall_ >= *sent_off_at_ + kLiftOff) {
    sent_off_at_.reset();
    return departure_failed("it was told to begin its mission and did not lift off");
  }
  if (book_.stage != Stage::waiting || !clock_known_ || sent_off_at_ || procedures_.busy() || !on_ground()) return;
  if (now_ < book_.mission->route.depart || wall_ < try_again_at_ || !link_up_ || foreign_from_heartbeat_) return;
  // Its way was proven, and its air kept free, for another time.
  const double late_s = std::chrono::duration<double>(now_ - book_.mission->route.depart).count();
  if (late_s > kLatest_wall_s * std::max(speed_, 1.0)) return stay("it is too late to depart");
  if (book_.off_control) return;
  if (!battery_is_known()) return does_not_depart(kBatteryUnknown);
  const Autopilot autopilot = view_.autopilot().value();
  Procedures::Steps steps;
  if (auto checked = add_check_of_mission(steps); !checked) return does_not_depart(checked.error().message);
  add_steps_to(FlightMode::ready, steps);
  steps.push_back(arm(true));
  steps.push_back(home_is_at(book_.mission->route.waypoints.front().position.lonlat()));
  steps.push_back(step_to_first_item());
  if (autopilot == Autopilot::ardupilot) {
    // Its AUTO waits on the ground for a pilot's throttle, unless it is told to start.
    add_own_command(FlightMode::mission,
                    std::make_unique<CommandExchange>(command_of(CommandId::mission_start), "start of the mission"),
                    steps);
  } else {
    add_steps_to(FlightMode::mission, steps);
  }
  procedures_.add(std::move(steps), [this](const Expected<void>& sent_off) {
    if (book_.stage != Stage::waiting) return;  // it was quicker than its answer
    if (!sent_off) return departure_failed(sent_off.error().message);
    sent_off_at_ = wall_;
  });
}

void MavlinkDrone::departure_failed(const std::string& why) {
  if (!in_air() && !book_.off_control) disarm();
  does_not_depart(why);
}

void MavlinkDrone::does_not_depart(const std::string& why) {
  log("does not depart: " + why);
  try_again_at_ = wall_ + kAgain;
  if (in_air() || book_.off_control) return;
  if (++refused_departures_ < kMostDepartures) return;
  stay(why);
}

void MavlinkDrone::disarm() {
  Procedures::Steps steps;
  // ArduPilot may be in a mode that goes on with the mission once it is armed again.
  if (book_.stage == Stage::waiting) add_steps_to(FlightMode::ready, steps);
  steps.push_back(arm(false));
  procedures_.add(std::move(steps), [this](const Expected<void>& disarmed) {
    if (disarmed) return;
    armed_because_ = disarmed.error().message;
    log("stands and is armed: " + armed_because_);
  });
}

void MavlinkDrone::stay(const std::string& why) {
  refused_departures_ = 0;
  book_.stage = Stage::idle;
  book_.mission.reset();
  say("fault", "does not depart: " + why);
}

void MavlinkDrone::go_on_when_due() {
  const bool under_way = book_.begun && is_in_mode(FlightMode::mission);
  if (book_.stage != Stage::flying || !in_air() || under_way || book_.held || book_.given_back || book_.lands_out)
    return;
  // Told to hold or to come down, and nobody knows whether it does: it is told again, not sent on.
  if (book_.next_mode && *book_.next_mode != FlightMode::mission) return;
  if (book_.off_control || foreign_from_heartbeat_ || procedures_.busy() || wall_ < try_again_at_) return;
  Procedures::Steps steps;
  try_again_at_ = wall_ + kAgain;
  if (auto checked = add_check_of_mission(steps); !checked) return log(checked.error().message);
  if (!book_.begun) steps.push_back(step_to_first_item());
  add_steps_to(FlightMode::mission, steps);
  procedures_.add(std::move(steps), [this](const Expected<void>& gone_on) {
    if (gone_on) {
      book_.begun = true;
      return keep();
    }
    log("does not go on: " + gone_on.error().message);
  });
}

void MavlinkDrone::watch_flight() {
  // In another mode it is its pilot who flies it, on no mission.
  if (in_air() && book_.stage == Stage::waiting && is_in_mode(FlightMode::mission)) take_off();
  if (!on_ground()) {
    stands_since_.reset();
  } else if (!stands_since_) {
    stands_since_ = wall_;
    stands_from_position_ = view_.positions();
  }
  // An older report that was overtaken is not taken for a landing, nor an older position for its place.
  const bool stands = stands_since_ && wall_ >= *stands_since_ + kStands &&
                      view_.positions() >= stands_from_position_ + kPositionsThere;
  if (stands && book_.stage == Stage::flying) land();
}

void MavlinkDrone::take_off() {
  book_.stage = Stage::flying;
  book_.begun = true;
  book_.held = book_.lands_out = book_.given_back = false;
  book_.mode = FlightMode::mission;
  book_.next_mode.reset();
  book_.home_alt_msl_m = book_.mission->route.waypoints.front().position.alt_msl_m;
  book_.ground_alt_msl_m.reset();
  sent_off_at_.reset();
  refused_departures_ = 0;
  say("takeoff");
}

void MavlinkDrone::land() {
  const GeoPoint goal = book_.mission->route.waypoints.back().position;
  const double away_m = metres_from_here(goal.lonlat());
  const double alt_msl_m = altitude_msl_m();
  book_.given_back = false;
  if (book_.lands_out) {
    book_.lands_out = false;
    book_.stage = Stage::idle;
    book_.ground_alt_msl_m = alt_msl_m;
    say("landed");
    book_.mission.reset();  // nothing more until somebody comes
    keep();
  } else if (away_m > kThere_m) {
    book_.stage = Stage::idle;
    book_.ground_alt_msl_m = alt_msl_m;
    say("fault", fmt::format("landed {:.0f} m from where its mission ends", away_m));
    book_.mission.reset();
    keep();
  } else {
    book_.stage = Stage::on_pad;
    book_.landed_at = now_;
    book_.ground_alt_msl_m = goal.alt_msl_m;
    last_pad_signal_.reset();
    say("landed");
  }
}

}  // namespace swiftlet::mavlink
