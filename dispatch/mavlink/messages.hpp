#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

/// The messages that a fleet needs of MAVLink's common set, as the public specification lays them out: names, types,
/// the order of the wire. What they mean stands there too (https://mavlink.io/en/messages/common.html); units are said
/// here.
namespace swiftlet::mavlink {

/// Who is there, in which mode.
struct Heartbeat {
  static constexpr std::uint32_t kId = 0;
  static constexpr std::string_view kName = "HEARTBEAT";
  std::uint32_t custom_mode = 0;
  std::uint8_t type = 0;
  std::uint8_t autopilot = 0;
  std::uint8_t base_mode = 0;
  std::uint8_t system_status = 0;
  std::uint8_t mavlink_version = 3;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("custom_mode", self.custom_mode);
    visit("type", self.type);
    visit("autopilot", self.autopilot);
    visit("base_mode", self.base_mode);
    visit("system_status", self.system_status);
    visit("mavlink_version", self.mavlink_version);
  }
};

/// Of it, battery_remaining: %, -1 unknown.
struct SysStatus {
  static constexpr std::uint32_t kId = 1;
  static constexpr std::string_view kName = "SYS_STATUS";
  std::uint32_t onboard_control_sensors_present = 0;
  std::uint32_t onboard_control_sensors_enabled = 0;
  std::uint32_t onboard_control_sensors_health = 0;
  std::uint16_t load = 0;
  std::uint16_t voltage_battery = 0;
  std::int16_t current_battery = 0;
  std::uint16_t drop_rate_comm = 0;
  std::uint16_t errors_comm = 0;
  std::uint16_t errors_count1 = 0;
  std::uint16_t errors_count2 = 0;
  std::uint16_t errors_count3 = 0;
  std::uint16_t errors_count4 = 0;
  std::int8_t battery_remaining = -1;
  std::uint32_t onboard_control_sensors_present_extended = 0;
  std::uint32_t onboard_control_sensors_enabled_extended = 0;
  std::uint32_t onboard_control_sensors_health_extended = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("onboard_control_sensors_present", self.onboard_control_sensors_present);
    visit("onboard_control_sensors_enabled", self.onboard_control_sensors_enabled);
    visit("onboard_control_sensors_health", self.onboard_control_sensors_health);
    visit("load", self.load);
    visit("voltage_battery", self.voltage_battery);
    visit("current_battery", self.current_battery);
    visit("drop_rate_comm", self.drop_rate_comm);
    visit("errors_comm", self.errors_comm);
    visit("errors_count1", self.errors_count1);
    visit("errors_count2", self.errors_count2);
    visit("errors_count3", self.errors_count3);
    visit("errors_count4", self.errors_count4);
    visit("battery_remaining", self.battery_remaining);
    visit.extensions();
    visit("onboard_control_sensors_present_extended", self.onboard_control_sensors_present_extended);
    visit("onboard_control_sensors_enabled_extended", self.onboard_control_sensors_enabled_extended);
    visit("onboard_control_sensors_health_extended", self.onboard_control_sensors_health_extended);
  }
};

/// Degrees times 1e7; millimetres above sea level and above home; cm/s north, east, down.
struct GlobalPositionInt {
  static constexpr std::uint32_t kId = 33;
  static constexpr std::string_view kName = "GLOBAL_POSITION_INT";
  std::uint32_t time_boot_ms = 0;
  std::int32_t lat = 0;
  std::int32_t lon = 0;
  std::int32_t alt = 0;
  std::int32_t relative_alt = 0;
  std::int16_t vx = 0;
  std::int16_t vy = 0;
  std::int16_t vz = 0;
  std::uint16_t hdg = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("time_boot_ms", self.time_boot_ms);
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit("alt", self.alt);
    visit("relative_alt", self.relative_alt);
    visit("vx", self.vx);
    visit("vy", self.vy);
    visit("vz", self.vz);
    visit("hdg", self.hdg);
  }
};

/// The older form of MISSION_REQUEST_INT.
struct MissionRequest {
  static constexpr std::uint32_t kId = 40;
  static constexpr std::string_view kName = "MISSION_REQUEST";
  std::uint16_t seq = 0;
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  std::uint8_t mission_type = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("seq", self.seq);
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
    visit.extensions();
    visit("mission_type", self.mission_type);
  }
};

struct MissionSetCurrent {
  static constexpr std::uint32_t kId = 41;
  static constexpr std::string_view kName = "MISSION_SET_CURRENT";
  std::uint16_t seq = 0;
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("seq", self.seq);
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
  }
};

struct MissionCurrent {
  static constexpr std::uint32_t kId = 42;
  static constexpr std::string_view kName = "MISSION_CURRENT";
  std::uint16_t seq = 0;
  std::uint16_t total = 0;
  std::uint8_t mission_state = 0;
  std::uint8_t mission_mode = 0;
  std::uint32_t mission_id = 0;
  std::uint32_t fence_id = 0;
  std::uint32_t rally_points_id = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("seq", self.seq);
    visit.extensions();
    visit("total", self.total);
    visit("mission_state", self.mission_state);
    visit("mission_mode", self.mission_mode);
    visit("mission_id", self.mission_id);
    visit("fence_id", self.fence_id);
    visit("rally_points_id", self.rally_points_id);
  }
};

struct MissionRequestList {
  static constexpr std::uint32_t kId = 43;
  static constexpr std::string_view kName = "MISSION_REQUEST_LIST";
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  std::uint8_t mission_type = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
    visit.extensions();
    visit("mission_type", self.mission_type);
  }
};

struct MissionCount {
  static constexpr std::uint32_t kId = 44;
  static constexpr std::string_view kName = "MISSION_COUNT";
  std::uint16_t count = 0;
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  std::uint8_t mission_type = 0;
  std::uint32_t opaque_id = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("count", self.count);
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
    visit.extensions();
    visit("mission_type", self.mission_type);
    visit("opaque_id", self.opaque_id);
  }
};

struct MissionItemReached {
  static constexpr std::uint32_t kId = 46;
  static constexpr std::string_view kName = "MISSION_ITEM_REACHED";
  std::uint16_t seq = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("seq", self.seq);
  }
};

struct MissionAck {
  static constexpr std::uint32_t kId = 47;
  static constexpr std::string_view kName = "MISSION_ACK";
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  std::uint8_t type = 0;
  std::uint8_t mission_type = 0;
  std::uint32_t opaque_id = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
    visit("type", self.type);
    visit.extensions();
    visit("mission_type", self.mission_type);
    visit("opaque_id", self.opaque_id);
  }
};

struct MissionRequestInt {
  static constexpr std::uint32_t kId = 51;
  static constexpr std::string_view kName = "MISSION_REQUEST_INT";
  std::uint16_t seq = 0;
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  std::uint8_t mission_type = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("seq", self.seq);
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
    visit.extensions();
    visit("mission_type", self.mission_type);
  }
};

/// x and y: latitude and longitude in degrees times 1e7; z: metres.
struct MissionItemInt {
  static constexpr std::uint32_t kId = 73;
  static constexpr std::string_view kName = "MISSION_ITEM_INT";
  float param1 = 0.0F;
  float param2 = 0.0F;
  float param3 = 0.0F;
  float param4 = 0.0F;
  std::int32_t x = 0;
  std::int32_t y = 0;
  float z = 0.0F;
  std::uint16_t seq = 0;
  std::uint16_t command = 0;
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  std::uint8_t frame = 0;
  std::uint8_t current = 0;
  std::uint8_t autocontinue = 0;
  std::uint8_t mission_type = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("param1", self.param1);
    visit("param2", self.param2);
    visit("param3", self.param3);
    visit("param4", self.param4);
    visit("x", self.x);
    visit("y", self.y);
    visit("z", self.z);
    visit("seq", self.seq);
    visit("command", self.command);
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
    visit("frame", self.frame);
    visit("current", self.current);
    visit("autocontinue", self.autocontinue);
    visit.extensions();
    visit("mission_type", self.mission_type);
  }
};

struct CommandLong {
  static constexpr std::uint32_t kId = 76;
  static constexpr std::string_view kName = "COMMAND_LONG";
  float param1 = 0.0F;
  float param2 = 0.0F;
  float param3 = 0.0F;
  float param4 = 0.0F;
  float param5 = 0.0F;
  float param6 = 0.0F;
  float param7 = 0.0F;
  std::uint16_t command = 0;
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  std::uint8_t confirmation = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("param1", self.param1);
    visit("param2", self.param2);
    visit("param3", self.param3);
    visit("param4", self.param4);
    visit("param5", self.param5);
    visit("param6", self.param6);
    visit("param7", self.param7);
    visit("command", self.command);
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
    visit("confirmation", self.confirmation);
  }
};

struct CommandAck {
  static constexpr std::uint32_t kId = 77;
  static constexpr std::string_view kName = "COMMAND_ACK";
  std::uint16_t command = 0;
  std::uint8_t result = 0;
  std::uint8_t progress = 0;
  std::int32_t result_param2 = 0;
  std::uint8_t target_system = 0;
  std::uint8_t target_component = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("command", self.command);
    visit("result", self.result);
    visit.extensions();
    visit("progress", self.progress);
    visit("result_param2", self.result_param2);
    visit("target_system", self.target_system);
    visit("target_component", self.target_component);
  }
};

/// energy_consumed: hectojoules, -1 unknown; battery_remaining: %, -1 unknown.
struct BatteryStatus {
  static constexpr std::uint32_t kId = 147;
  static constexpr std::string_view kName = "BATTERY_STATUS";
  std::int32_t current_consumed = 0;
  std::int32_t energy_consumed = 0;
  std::int16_t temperature = 0;
  std::array<std::uint16_t, 10> voltages{};
  std::int16_t current_battery = 0;
  std::uint8_t id = 0;
  std::uint8_t battery_function = 0;
  std::uint8_t type = 0;
  std::int8_t battery_remaining = -1;
  std::int32_t time_remaining = 0;
  std::uint8_t charge_state = 0;
  std::array<std::uint16_t, 4> voltages_ext{};
  std::uint8_t mode = 0;
  std::uint32_t fault_bitmask = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("current_consumed", self.current_consumed);
    visit("energy_consumed", self.energy_consumed);
    visit("temperature", self.temperature);
    visit("voltages", self.voltages);
    visit("current_battery", self.current_battery);
    visit("id", self.id);
    visit("battery_function", self.battery_function);
    visit("type", self.type);
    visit("battery_remaining", self.battery_remaining);
    visit.extensions();
    visit("time_remaining", self.time_remaining);
    visit("charge_state", self.charge_state);
    visit("voltages_ext", self.voltages_ext);
    visit("mode", self.mode);
    visit("fault_bitmask", self.fault_bitmask);
  }
};

struct HomePosition {
  static constexpr std::uint32_t kId = 242;
  static constexpr std::string_view kName = "HOME_POSITION";
  std::int32_t latitude = 0;
  std::int32_t longitude = 0;
  std::int32_t altitude = 0;
  float x = 0.0F;
  float y = 0.0F;
  float z = 0.0F;
  std::array<float, 4> q{};
  float approach_x = 0.0F;
  float approach_y = 0.0F;
  float approach_z = 0.0F;
  std::uint64_t time_usec = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("latitude", self.latitude);
    visit("longitude", self.longitude);
    visit("altitude", self.altitude);
    visit("x", self.x);
    visit("y", self.y);
    visit("z", self.z);
    visit("q", self.q);
    visit("approach_x", self.approach_x);
    visit("approach_y", self.approach_y);
    visit("approach_z", self.approach_z);
    visit.extensions();
    visit("time_usec", self.time_usec);
  }
};

struct ExtendedSysState {
  static constexpr std::uint32_t kId = 245;
  static constexpr std::string_view kName = "EXTENDED_SYS_STATE";
  std::uint8_t vtol_state = 0;
  std::uint8_t landed_state = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("vtol_state", self.vtol_state);
    visit("landed_state", self.landed_state);
  }
};

struct Statustext {
  static constexpr std::uint32_t kId = 253;
  static constexpr std::string_view kName = "STATUSTEXT";
  std::uint8_t severity = 0;
  std::array<char, 50> text{};
  std::uint16_t id = 0;
  std::uint8_t chunk_seq = 0;
  template <class Self, class Visitor>
  static constexpr void visit_fields(Self& self, Visitor& visit) {
    visit("severity", self.severity);
    visit("text", self.text);
    visit.extensions();
    visit("id", self.id);
    visit("chunk_seq", self.chunk_seq);
  }
};

using Message =
    std::variant<Heartbeat, SysStatus, GlobalPositionInt, MissionRequest, MissionSetCurrent, MissionCurrent,
                 MissionRequestList, MissionCount, MissionItemReached, MissionAck, MissionRequestInt, MissionItemInt,
                 CommandLong, CommandAck, BatteryStatus, HomePosition, ExtendedSysState, Statustext>;

}  // namespace swiftlet::mavlink
