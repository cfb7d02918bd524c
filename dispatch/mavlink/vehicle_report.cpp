// The vehicle's side: what it says of itself, and what of it the service is told.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dispatch/mavlink/commands.hpp"
#include "dispatch/mavlink/mavlink_drone.hpp"
#include "dispatch/mavlink/mission_items.hpp"

namespace swiftlet::mavlink {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kGroundStation = 6;  ///< MAV_TYPE_GCS
constexpr std::uint8_t kNoAutopilot = 8;    ///< MAV_AUTOPILOT_INVALID
constexpr std::uint8_t kActive = 4;         ///< MAV_STATE_ACTIVE
constexpr auto kSilent = 5s;
constexpr auto kBatteryFresh = 8s;
constexpr auto kHeartbeat = 1s;
constexpr auto kMissing = 5s;
constexpr auto kTellAgain = 60s;
/// What comes this seldom was not asked for yet, or the vehicle was started anew.
constexpr auto kSeldom = 3s;
constexpr auto kAskAgain = 2s;
constexpr double kSlowest_us = 500e3;
constexpr double kFastest_us = 20e3;
constexpr double kClimbs_m_s = 0.5;
constexpr double kMostSpeed_m_s = 150.0;

/// Whether a message is for `own`, or for everybody; one that names nobody is for whoever hears it.
bool is_for(const Message& message, Address own) {
  return std::visit(
      [own](const auto& one) {
        if constexpr (requires { one.target_system; }) {
          return (one.target_system == 0 || one.target_system == own.system) &&
                 (one.target_component == 0 || one.target_component == own.component);
        } else {
          return true;
        }
      },
      message);
}

bool is_fresh(std::optional<WallTime> at, WallTime now) { return at && now < *at + kSeldom; }

}  // namespace

Conversation MavlinkDrone::conversation() {
  return {.vehicle = vehicle_, .view = view_, .out = messages_, .now = wall_};
}

bool MavlinkDrone::is_of_vehicle(const Frame& frame) const {
  if (vehicle_.system != 0) return frame.from.system == vehicle_.system;
  const bool wanted =
      options_.system == 0 ? frame.from.system != options_.own.system : frame.from.system == options_.system;
  return wanted && frame.from.component == kAutopilotComponent && frame.message_id == Heartbeat::kId;
}

void MavlinkDrone::greet_vehicle(const Frame& frame, const Heartbeat& heartbeat) {
  VehicleView first;
  first.take(heartbeat, wall_);
  if (!first.autopilot()) {
    if (!std::exchange(told_unsupported_, true)) {
      log(fmt::format("system {} cannot be flown from here: {}", frame.from.system, first.unsupported()));
    }
    return;
  }
  vehicle_ = frame.from;
  log(fmt::format("vehicle found: system {}, {}", vehicle_.system,
                  *first.autopilot() == Autopilot::px4 ? "PX4" : "ArduPilot"));
}

void MavlinkDrone::hear(const Frame& frame, WallTime now) {
  wall_ = now;
  if (!is_of_vehicle(frame)) return;
  const Message message = decode(frame);
  if (vehicle_.system == 0) {
    if (const auto* heartbeat = std::get_if<Heartbeat>(&message)) greet_vehicle(frame, *heartbeat);
    if (vehicle_.system == 0) return;
  }
  if (!is_for(message, options_.own)) return;  // another ground station's business
  if (const auto* command = std::get_if<CommandLong>(&message)) {
    if (command->target_system == options_.own.system) hear_pad(*command, frame.from);
    return;
  }
  if (!(frame.from == vehicle_)) return;
  view_.take(message, now);
  if (const auto* status = std::get_if<Statustext>(&message);
      status != nullptr && view_.complaint() == text_of(*status)) {
    if (std::exchange(told_complaint_, view_.complaint()) != told_complaint_) log("says \"" + told_complaint_ + "\"");
  }
  Conversation with = conversation();
  procedures_.hear(message, with);
}

bool MavlinkDrone::present() const {
  const bool heard = view_.heard_at() && wall_ < *view_.heard_at() + kSilent;
  return heard && view_.autopilot() && view_.position() && view_.landed() != VehicleView::Landed::unknown &&
         (view_.battery_share() || view_.used_wh());
}

void MavlinkDrone::live(WallTime now) {
  wall_ = now;
  if (wall_ >= next_heartbeat_) {
    next_heartbeat_ = wall_ + kHeartbeat;
    messages_.emplace_back(Heartbeat{
        .custom_mode = 0, .type = kGroundStation, .autopilot = kNoAutopilot, .base_mode = 0, .system_status = kActive});
  }
  if (vehicle_.system == 0) return;
  const bool heard = view_.heard_at() && wall_ < *view_.heard_at() + kSilent;
  if (std::exchange(told_silent_, !heard) == heard) {
    log(heard ? "the vehicle is heard" : "the vehicle is silent: nothing is told to the service");
  }
  ask_for_streams();
  tell_what_is_missing(heard);
  watch_control();
  if (!view_.armed()) armed_because_.clear();
  if (!foreign_from_heartbeat_) {  // else it is not known whose it is
    Conversation with = conversation();
    procedures_.live(with);
  }
  // Before the service has told the time nothing can be said to have happened at any.
  if (!present() || !clock_known_) return;
  watch_flight();
  hold_what_was_given_back();
  depart_when_due();
  go_on_when_due();
  work_on_pad();
  report();
  if (wall_ >= next_say_again_) say_again();
}

void MavlinkDrone::tell_what_is_missing(bool heard) {
  if (!heard || present()) {
    incomplete_since_.reset();
  } else if (!incomplete_since_) {
    incomplete_since_ = wall_;
  } else if (wall_ >= *incomplete_since_ + kMissing) {
    incomplete_since_ = wall_ + kTellAgain;
    log(fmt::format("is heard, and not told to the service: {}",
                    !view_.autopilot()  ? view_.unsupported()
                    : !view_.position() ? "it has no position (GLOBAL_POSITION_INT)"
                    : view_.landed() == VehicleView::Landed::unknown
                        ? "it does not say whether it stands or flies (EXTENDED_SYS_STATE)"
                        : "it does not know its battery (BATTERY_STATUS, SYS_STATUS): is its monitor set up?"));
  }
}

std::vector<Message> MavlinkDrone::take_messages() { return std::exchange(messages_, {}); }

std::vector<Message> MavlinkDrone::take_answers() { return std::exchange(answers_, {}); }

void MavlinkDrone::ask_for_streams() {
  if (wall_ < next_ask_) return;
  next_ask_ = wall_ + kAskAgain;
  const auto ask = [this](std::uint32_t message_id, double interval_us) {
    conversation().say(command_of(CommandId::set_message_interval, static_cast<float>(message_id),
                                  static_cast<float>(std::clamp(interval_us, kFastest_us, kSlowest_us))));
  };
  // Whether it was heard shows in what comes: the rate of positions depends on the service's clock.
  const double interval_us = std::clamp(1e6 / (options_.telemetry_hz * speed_), kFastest_us, kSlowest_us);
  const double due = std::chrono::duration<double, std::micro>(kAskAgain).count() / interval_us;
  const std::uint64_t came = view_.positions() - std::exchange(positions_at_ask_, view_.positions());
  if (static_cast<double>(came) < 0.5 * due) ask(GlobalPositionInt::kId, interval_us);
  if (!is_fresh(view_.landed_at(), wall_)) ask(ExtendedSysState::kId, kSlowest_us / speed_);
  if (!is_fresh(view_.battery_at(), wall_)) ask(BatteryStatus::kId, kSlowest_us);
}

double MavlinkDrone::altitude_msl_m() const {
  const VehicleView::Position& here = view_.position().value();
  if (!in_air() && book_.ground_alt_msl_m) return *book_.ground_alt_msl_m;
  if (book_.home_alt_msl_m) return *book_.home_alt_msl_m + here.height_above_home_m;
  return here.alt_msl_m;  // of a vehicle that has flown nothing yet and does not stand at home
}

double MavlinkDrone::battery_wh() const {
  const double full_wh = options_.profile.battery_wh;
  if (view_.battery_share()) return *view_.battery_share() * full_wh;
  return std::clamp(full_wh - view_.used_wh().value_or(full_wh), 0.0, full_wh);
}

std::string_view MavlinkDrone::phase() const {
  if (in_air()) {
    if (book_.lands_out) return "landing";
    if (is_in_mode(FlightMode::hold)) return "holding";
    const double up_m_s = view_.position()->v_u_m_s;
    return up_m_s > kClimbs_m_s ? "climb" : up_m_s < -kClimbs_m_s ? "descent" : "cruise";
  }
  if (book_.stage != Stage::on_pad) return "idle";
  switch (purpose()) {
    case drone_link::Purpose::pickup:
      return "loading";
    case drone_link::Purpose::deliver:
      return "landing";  // the landing is not over while the parcel hangs on
    case drone_link::Purpose::home:
      return "swapping";
    case drone_link::Purpose::stand:
      break;
  }
  return "idle";
}

void MavlinkDrone::report() {
  if (!link_up_ || view_.positions() == reported_positions_ || now_ < next_report_) return;
  next_report_ = after(std::max(next_report_, after(now_, -1.0 / options_.telemetry_hz)), 1.0 / options_.telemetry_hz);
  tell();
}

void MavlinkDrone::tell() {
  reported_positions_ = view_.positions();
  const VehicleView::Position& here = view_.position().value();
  const auto speed = [](double m_s) { return std::clamp(m_s, -kMostSpeed_m_s, kMostSpeed_m_s); };
  outbox_.emplace_back(drone_link::Telemetry{.n = next_n_++,
                                             .at = now_,
                                             .position = {here.at.lon_deg, here.at.lat_deg, altitude_msl_m()},
                                             .v_e_m_s = speed(here.v_e_m_s),
                                             .v_n_m_s = speed(here.v_n_m_s),
                                             .v_u_m_s = speed(here.v_u_m_s),
                                             .battery_wh = battery_wh(),
                                             .phase = phase(),
                                             .mission_no = book_.mission ? book_.mission->mission_no : 0,
                                             .payload_kg = book_.payload_kg,
                                             .control = book_.off_control  ? "other"
                                                        : book_.given_back ? "given_back"
                                                                           : "",
                                             .battery_age_s = battery_is_known() ? 0.0 : battery_age_s(),
                                             .warning = warning()});
}

std::string MavlinkDrone::warning() const {
  if (book_.off_control) return whose();
  if (!armed_because_.empty()) return "stands and is armed, nobody may come near: " + armed_because_;
  return {};
}

double MavlinkDrone::battery_age_s() const {
  return view_.battery_at() ? std::chrono::duration<double>(wall_ - *view_.battery_at()).count() : 0.0;
}

bool MavlinkDrone::battery_is_known() const {
  return view_.battery_at() && wall_ < *view_.battery_at() + kBatteryFresh;
}

void MavlinkDrone::say(std::string_view kind, std::string fault) {
  log(fault.empty() ? std::string(kind) : fmt::format("{}: {}", kind, fault));
  const drone_link::DroneEvent event{.event_no = ++book_.next_event_no,
                                     .kind = kind,
                                     .at = now_,
                                     .mission_no = book_.last_mission_no,
                                     .payload_kg = book_.payload_kg,
                                     .fault = std::move(fault)};
  book_.unacknowledged.emplace(event.event_no, event);
  keep();
  if (link_up_) outbox_.emplace_back(event);
}

void MavlinkDrone::say_again() {
  next_say_again_ = wall_ + 1s;
  if (!link_up_) return;
  for (const auto& [event_no, event] : book_.unacknowledged) outbox_.emplace_back(event);
}

}  // namespace swiftlet::mavlink
