#pragma once

#include <optional>
#include <string>

#include "dispatch/mavlink/messages.hpp"
#include "geo/error.hpp"

namespace swiftlet::mavlink {

/// Who tells what happens to the parcel and the battery on a pad. What is nothing here is told by the vehicle's own
/// system, a load cell, a payload controller or a button behind it, with MAV_CMD_USER_1 (PadSignal); that is always
/// heard.
struct Handling {
  std::optional<double> loaded_after_s;    ///< so long after the drone stands and the parcel is ready
  std::optional<CommandLong> release;      ///< lets go of the parcel; released when the vehicle has accepted it
  std::optional<double> released_after_s;  ///< so long after the drone stands: whoever is there takes it
  double ready_battery_share = 0.9;        ///< swapped, or charged, when the battery has at least this
};

/// The command that "gripper", "winch" or "servo:CHANNEL:PWM" stand for. Errors: usage.
[[nodiscard]] Expected<CommandLong> release_command(const std::string& text);

enum class PadSignal { loaded = 1, released = 2, swapped = 3 };

/// MAV_CMD_USER_1: parameter 1 is the signal, parameter 2 the mass aboard afterwards in kg, 0 where it was not weighed.
struct PadReport {
  PadSignal signal = PadSignal::loaded;
  double mass_kg = 0.0;
};
[[nodiscard]] std::optional<PadReport> pad_report(const CommandLong& command);

}  // namespace swiftlet::mavlink
