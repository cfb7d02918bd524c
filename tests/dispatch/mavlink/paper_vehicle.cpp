#include "tests/dispatch/mavlink/paper_vehicle.hpp"

#include <algorithm>
#include <cmath>

#include "dispatch/mavlink/commands.hpp"
#include "dispatch/mavlink/flight_modes.hpp"
#include "dispatch/mavlink/safety_items.hpp"

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

std::size_t PaperVehicle::heard(std::uint16_t command) const {
  return static_cast<std::size_t>(std::count_if(heard_commands.begin(), heard_commands.end(),
                                                [&](const CommandLong& one) { return one.command == command; }));
}

std::size_t PaperVehicle::heard_orders() const {
  const std::size_t asked = heard(static_cast<std::uint16_t>(CommandId::set_message_interval)) +
                            heard(static_cast<std::uint16_t>(CommandId::request_message));
  return heard_commands.size() - asked + static_cast<std::size_t>(mission_orders);
}

void PaperVehicle::say(const Message& said, double t_s) {
  Message message = said;
  std::visit(
      [this](auto& one) {
        if constexpr (requires { one.target_system; }) {
          one.target_system = answers_to.system;
          one.target_component = answers_to.component;
        }
      },
      message);
  if (!silent) through_air(t_s, [&](double at_s) { to_bridge_.push_back({at_s, message}); });
}

void PaperVehicle::hear(const std::vector<Message>& messages, double t_s) {
  for (const Message& message : messages) {
    through_air(t_s, [&](double at_s) { to_vehicle_.push_back({at_s, message}); });
  }
}

std::vector<MissionItemInt>& PaperVehicle::list(std::uint8_t which) {
  return which == kFenceList ? fence : which == kRallyList ? rally : mission;
}

void PaperVehicle::ask_for_item(double t_s) {
  asked_at_s_ = t_s;
  MissionRequestInt request;
  request.seq = static_cast<std::uint16_t>(coming_.size());
  request.mission_type = list_;
  if (asks_the_old_way) {
    MissionRequest older;
    older.seq = request.seq;
    older.mission_type = list_;
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
      if (command.param1 != 1.0F && refuses_disarming_with != 0) return refuses_disarming_with;
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
    ++mission_orders;
    wanted_ = count->count;
    list_ = count->mission_type;
    coming_.clear();
    uploading_ = true;
    ask_for_item(t_s);
  } else if (const auto* item = std::get_if<MissionItemInt>(&message)) {
    if (!uploading_ || item->seq != coming_.size() || item->mission_type != list_) return;
    coming_.push_back(*item);
    stores(coming_.back());
    const std::uint8_t refused = list_ == kMissionList ? refuses_mission_with
                                 : list_ == kFenceList ? refuses_fence_with
                                                       : std::uint8_t{0};
    if (coming_.size() < wanted_ && refused == 0) return ask_for_item(t_s);
    uploading_ = false;
    if (refused == 0) {
      list(list_) = coming_;
      if (list_ == kMissionList) {
        current = 0;
        ++uploads;
      }
    }
    MissionAck ack;
    ack.type = refused;
    ack.mission_type = list_;
    say(ack, t_s);
  } else if (const auto* wanted = std::get_if<MissionRequestList>(&message)) {
    MissionCount has;
    has.count = static_cast<std::uint16_t>(list(wanted->mission_type).size());
    has.mission_type = wanted->mission_type;
    say(has, t_s);
  } else if (const auto* request = std::get_if<MissionRequestInt>(&message)) {
    const auto& items = list(request->mission_type);
    if (request->seq < items.size()) say(items[request->seq], t_s);
  } else if (const auto* set = std::get_if<MissionSetCurrent>(&message)) {
    ++mission_orders;
    current = set->seq;
    MissionCurrent now;
    now.seq = current;
    say(now, t_s);
  } else if (const auto* command = std::get_if<CommandLong>(&message)) {
    heard_commands.push_back(*command);
    if (ignores_modes && command->command == static_cast<std::uint16_t>(CommandId::do_set_mode)) return;
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
