#include "dispatch/mavlink/handling.hpp"

#include <fmt/core.h>

#include <cmath>
#include <cstdio>

#include "dispatch/mavlink/commands.hpp"

namespace swiftlet::mavlink {
namespace {

constexpr float kFirst = 1.0F;  ///< gripper or winch of the vehicle
constexpr float kGripperRelease = 0.0F;
constexpr float kWinchDeliver = 4.0F;
constexpr float kMostParcel_kg = 1000.0F;

}  // namespace

Expected<CommandLong> release_command(const std::string& text) {
  if (text == "gripper") return command_of(CommandId::do_gripper, kFirst, kGripperRelease);
  if (text == "winch") return command_of(CommandId::do_winch, kFirst, kWinchDeliver);
  int channel = 0, pwm = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "servo:%d:%d%c", &channel, &pwm, &rest) == 2 && channel >= 1 && channel <= 32 &&
      pwm >= 500 && pwm <= 2500) {
    return command_of(CommandId::do_set_servo, static_cast<float>(channel), static_cast<float>(pwm));
  }
  return fail(ErrorCode::usage,
              fmt::format("\"{}\" should be gripper, winch or servo:CHANNEL:PWM, as in servo:9:1900", text),
              "--release");
}

std::optional<PadReport> pad_report(const CommandLong& command) {
  if (command.command != static_cast<std::uint16_t>(CommandId::user_1)) return std::nullopt;
  const bool mass_known = std::isfinite(command.param2) && command.param2 > 0.0F && command.param2 <= kMostParcel_kg;
  for (const PadSignal signal : {PadSignal::loaded, PadSignal::released, PadSignal::swapped}) {
    if (command.param1 != static_cast<float>(signal)) continue;
    return PadReport{.signal = signal, .mass_kg = mass_known ? double{command.param2} : 0.0};
  }
  return std::nullopt;
}

}  // namespace swiftlet::mavlink
