#pragma once

#include <filesystem>
#include <optional>

#include "geo/config_table.hpp"
#include "geo/wind.hpp"
#include "planner/autopilot/airframe.hpp"
#include "planner/autopilot/ardupilot_parameters.hpp"
#include "planner/autopilot/flight_prediction.hpp"
#include "planner/autopilot/px4_parameters.hpp"
#include "planner/mission/mission.hpp"

namespace swiftlet::planner::autopilot {

enum class Kind { ardupilot_copter, px4 };

/// The autopilot that flies a vehicle, with its parameters and the frame it sits on.
struct AutopilotProfile {
  Kind kind = Kind::ardupilot_copter;
  ArduPilotParameters ardupilot;
  Px4Parameters px4;
  Airframe frame;
};

/// Reads [autopilot] of a vehicle's profile, if there is one: `kind` ("ardupilot-copter" or "px4"), the tables
/// `parameters` and `frame`, and `parameter_file` and `frame_file` (beside `folder`), which the tables override.
/// What is wrong is noted in `root`, or is the error.
[[nodiscard]] Expected<std::optional<AutopilotProfile>> read_autopilot(const ConfigTable& root,
                                                                       const std::filesystem::path& folder);

/// How that autopilot flies a mission. Errors: those of fly_ardupilot() and fly_px4().
[[nodiscard]] Expected<FlightPrediction> predict_flight(const mission::Mission& mission,
                                                        const AutopilotProfile& autopilot, const geo::Wind& wind);

}  // namespace swiftlet::planner::autopilot
