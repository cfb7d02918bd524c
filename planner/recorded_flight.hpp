#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/energy.hpp"

namespace swiftlet::planner {

/// One sample of a recorded flight. Vertical speed is positive upwards.
struct FlightSample {
  double time_s = 0.0;
  double airspeed_m_s = 0.0;
  double vertical_speed_m_s = 0.0;
  double air_density_kg_m3 = 0.0;
  double payload_kg = 0.0;
};

struct RecordedFlight {
  std::string name;
  std::vector<FlightSample> samples;
};

/// Reads flights from CSV text with a head: the columns flight, time_s, airspeed_m_s, vertical_speed_m_s,
/// air_density_kg_m3 and payload_kg in any order; others are left. The rows of a flight stand together, in time.
/// `source` names it in errors. Errors: value_invalid with source:line and column.
[[nodiscard]] Expected<std::vector<RecordedFlight>> parse_recorded_flights(std::string_view text,
                                                                           const std::string& source);

/// The energy that the vehicle's model says such a flight takes: the trapezoid rule over its samples.
/// Errors: payload_too_heavy.
[[nodiscard]] Expected<double> energy_wh(const RecordedFlight& flight, const VehicleProfile& vehicle);

}  // namespace swiftlet::planner
