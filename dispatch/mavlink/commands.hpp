#pragma once

#include <cstdint>
#include <string>

#include "dispatch/mavlink/messages.hpp"

namespace swiftlet::mavlink {

/// The commands (MAV_CMD) that are given to a vehicle beside its mission, or by it.
enum class CommandId : std::uint16_t {
  do_set_mode = 176,
  do_set_servo = 183,
  do_gripper = 211,
  mission_start = 300,
  component_arm_disarm = 400,
  set_message_interval = 511,
  request_message = 512,
  user_1 = 31010,
  do_winch = 42600,
};

[[nodiscard]] inline CommandLong command_of(CommandId id, float param1 = 0.0F, float param2 = 0.0F) {
  CommandLong command;
  command.param1 = param1;
  command.param2 = param2;
  command.command = static_cast<std::uint16_t>(id);
  return command;
}

/// MAV_RESULT: what a vehicle answers to a command.
enum class CommandResult : std::uint8_t {
  accepted,
  temporarily_rejected,
  denied,
  unsupported,
  failed,
  in_progress,
  cancelled,
};

/// In words, for whoever gave the command.
[[nodiscard]] std::string words_of_command_result(std::uint8_t result);
/// The same for MAV_MISSION_RESULT, what a vehicle answers to a mission.
[[nodiscard]] std::string words_of_mission_result(std::uint8_t result);

}  // namespace swiftlet::mavlink
