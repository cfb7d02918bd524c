#include "tests/dispatch/mavlink/paper_vehicle.hpp"

#include <algorithm>
#include <cmath>

#include "dispatch/mavlink/commands.hpp"
#include "dispatch/mavlink/flight_modes.hpp"

namespace swiftlet::mavlink::testing {
namespace {

constexpr double kAskAgain_s = 0.25;
constexpr double kState_s = 0.1;

std::int32_t degrees_e7(double degrees) { return static_cast<std::int32_t>(std::llround(degrees * 1e7)); }

}  // namespace

WallTime wall(double seconds) {
  return WallTime() + std::chrono::hours(1) + std::chrono::milliseconds(std::llround(seconds * 1e3));
}

void PaperVehicle::through_air(double t_s, const std::function<void(double)>& pass) {
  const double drawn = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
  if (drawn < 0.5 * loss) return;
  pass(drawn > 0.75 * loss && drawn < loss ? t_s + 0.12 : t_s);
  if (drawn < 0.75 * loss) pass(t_s);
}

void PaperVehicle::say(const Message& message, double t_s) {
  if (!silent) through_air(t_s, [&](double at_s) { to_bridge_.push_back({at_s, message}); });
}

void PaperVehicle::hear(const std::vector<Message>& messages, double t_s) {
  for (const Message& message : messages) {
    through_air(t_s, [&](double at_s) { to_vehicle_.push_back({at_s, message}); });
  }
}

void PaperVehicle::ask_for_item(double t_s) {
  asked_at_s_ = t_s;
  MissionRequestInt request;
  request.seq = static_cast<std::uint16_t>(coming_.size());
  if (asks_the_old_way) {
    MissionRequest older;
    older.seq = request.seq;
    say(older, t_s);
  } else {
    say(request, t_s);
  }
}

std::uint8_t PaperVehicle::obey(const CommandLong& command, double t_s) {
  switch (static_cast<CommandId>(command.command)) {
    case CommandId::do_set_mode:
      if (refuses_modes_with != 0) return refuses_modes_with;
      custom_mode = autopilot == Autopilot::ardupilot ? static_cast<std::uint32_t>(command.param2)
                                                      : (static_cast<std::uint32_t>(command.param2) << 16U) |
                                                            (static_cast<std::uint32_t>(command.param3) << 24U);
      return 0;
    case CommandId::component_arm_disarm:
      if (command.param1 == 1.0F && refuses_arming_with != 0) {
        Statustext why;
        constexpr std::string_view kText = "PreArm: Compass not calibrated";
        std::copy(kText.begin(), kText.end(), why.text.begin());
        why.severity = 4;
        say(why, t_s);
        return refuses_arming_with;
      }
      armed = command.param1 == 1.0F;
      if (armed) home = at;
      return 0;
    case CommandId::mission_start:
      custom_mode = 3;
      return 0;
    case CommandId::request_message:
      if (command.param1 == static_cast<float>(HomePosition::kId)) {
        HomePosition position;
        position.latitude = degrees_e7(home.lat_deg);
        position.longitude = degrees_e7(home.lon_deg);
        say(position, t_s);
      } else {
        say_state(t_s);
      }
      return 0;
    default:
      return 0;
  }
}

void PaperVehicle::take(const Message& message, double t_s) {
  if (const auto* count = std::get_if<MissionCount>(&message)) {
    wanted_ = count->count;
    coming_.clear();
    uploading_ = true;
    ask_for_item(t_s);
  } else if (const auto* item = std::get_if<MissionItemInt>(&message)) {
    if (!uploading_ || item->seq != coming_.size()) return;
    coming_.push_back(*item);
    stores(coming_.back());
    if (coming_.size() < wanted_ && refuses_mission_with == 0) return ask_for_item(t_s);
    uploading_ = false;
    if (refuses_mission_with == 0) {
      mission = coming_;
      current = 0;
      ++uploads;
    }
    MissionAck ack;
    ack.type = refuses_mission_with;
    say(ack, t_s);
  } else if (std::holds_alternative<MissionRequestList>(message)) {
    MissionCount has;
    has.count = static_cast<std::uint16_t>(mission.size());
    say(has, t_s);
  } else if (const auto* request = std::get_if<MissionRequestInt>(&message)) {
    if (request->seq < mission.size()) say(mission[request->seq], t_s);
  } else if (const auto* set = std::get_if<MissionSetCurrent>(&message)) {
    current = set->seq;
    MissionCurrent now;
    now.seq = current;
    say(now, t_s);
  } else if (const auto* command = std::get_if<CommandLong>(&message)) {
    heard_commands.push_back(*command);
    CommandAck ack;
    ack.command = command->command;
    ack.result = obey(*command, t_s);
    say(ack, t_s + answers_after_s);
  }
}

void PaperVehicle::say_state(double t_s) {
  Heartbeat heartbeat;
  heartbeat.type = 13;
  heartbeat.autopilot = autopilot == Autopilot::px4 ? 12 : 3;
  heartbeat.base_mode = armed ? 0x81 : 0x01;
  heartbeat.custom_mode = custom_mode;
  say(heartbeat, t_s);
  GlobalPositionInt position;
  position.time_boot_ms = static_cast<std::uint32_t>(t_s * 1e3) + 1;
  position.lat = degrees_e7(at.lat_deg);
  position.lon = degrees_e7(at.lon_deg);
  position.alt = static_cast<std::int32_t>(std::llround((at.alt_msl_m + sea_level_m) * 1e3));
  position.relative_alt = static_cast<std::int32_t>(std::llround((at.alt_msl_m - home.alt_msl_m) * 1e3));
  say(position, t_s);
  ExtendedSysState state;
  state.landed_state = landed == VehicleView::Landed::on_ground ? 1 : 2;
  say(state, t_s);
  BatteryStatus battery;
  battery.battery_remaining = static_cast<std::int8_t>(battery_percent);
  battery.energy_consumed = -1;
  say(battery, t_s);
}

std::vector<Frame> PaperVehicle::speak(double t_s) {
  const auto due = [t_s](std::vector<OnItsWay>& way) {
    std::vector<Message> messages;
    for (const OnItsWay& one : way) {
      if (one.at_s <= t_s) messages.push_back(one.message);
    }
    std::erase_if(way, [t_s](const OnItsWay& one) { return one.at_s <= t_s; });
    return messages;
  };
  for (const Message& message : due(to_vehicle_)) {
    if (!silent) take(message, t_s);
  }
  if (uploading_ && t_s > asked_at_s_ + kAskAgain_s) ask_for_item(t_s);
  if (t_s >= next_state_s_) {
    next_state_s_ = t_s + kState_s;
    say_state(t_s);
  }
  std::vector<Frame> frames;
  FrameReader reader;
  for (const Message& message : due(to_bridge_)) {
    for (Frame& frame : reader.read(encode(message, {.system = 1, .component = 1}, 0))) frames.push_back(frame);
  }
  return frames;
}

void PaperVehicle::lift_off() {
  landed = VehicleView::Landed::in_air;
  at.alt_msl_m += 5.0;
}

void PaperVehicle::stand_at(const GeoPoint& deck) {
  at = deck;
  landed = VehicleView::Landed::on_ground;
  armed = false;
}

}  // namespace swiftlet::mavlink::testing
