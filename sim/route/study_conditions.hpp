#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "geo/error.hpp"
#include "geo/wind.hpp"
#include "planner/vehicle.hpp"
#include "sim/motion/wind_profile.hpp"

namespace swiftlet::sim {

/// What differs from run to run, and by how much. The planner saw the forecast; the truth is drawn about it.
struct StudyConditions {
  geo::Wind forecast = {};             ///< at 10 m above the ground
  geo::WindProfile profile = {};       ///< of the truth
  double wind_error_m_s = 1.5;         ///< of the forecast, each axis, when it is old
  double wind_memory_s = 5400.0;       ///< the error grows as 1 − exp(−2 age / memory) of its square
  double forecast_age_s = 3600.0;      ///< at the planned departure
  double departure_window_s = 1800.0;  ///< departures lie evenly in it
  double gust_spread = 0.3;            ///< of the natural logarithm of the gusts' strength over MIL-F-8785C's
  double payload_kg = 0.0;             ///< planned
  double payload_error_kg = 0.1;
  double ageing_most = 0.2;  ///< packs are evenly aged up to this loss of capacity
  double temperature_deg_c = 20.0;
  double temperature_spread_deg = 5.0;
};

/// A condition by name and range, for whoever reads it from outside.
struct ConditionField {
  std::string_view key;
  double StudyConditions::*member;
  double min;
  double max;
};
[[nodiscard]] std::span<const ConditionField> condition_fields();
/// Null where there is none of that name.
[[nodiscard]] const ConditionField* find_condition(std::string_view key);
/// Sets one. Errors: unknown_field with the nearest key, value_invalid with the range.
[[nodiscard]] Expected<void> set_condition(StudyConditions& conditions, std::string_view key, double value);

/// One run's draw, in the order of kStudyInputs.
enum class StudyInput { wind_east, wind_north, gust_strength, payload, ageing, temperature, departure };
inline constexpr std::array<std::string_view, 7> kStudyInputs{"wind_east_m_s",    "wind_north_m_s", "gust_strength",
                                                              "payload_kg",       "battery_ageing", "temperature_deg_c",
                                                              "departure_delay_s"};
using StudyDraw = std::array<double, kStudyInputs.size()>;

[[nodiscard]] inline double value(const StudyDraw& draw, StudyInput input) {
  return draw[static_cast<std::size_t>(input)];
}

/// The draw of run number `run`: the same numbers for every route and vehicle with that seed (common random numbers).
[[nodiscard]] StudyDraw draw_conditions(const StudyConditions& conditions, const planner::VehicleProfile& vehicle,
                                        std::uint64_t seed, std::uint64_t run);

}  // namespace swiftlet::sim
