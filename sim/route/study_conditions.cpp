#include "sim/route/study_conditions.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "geo/config_table.hpp"
#include "sim/motion/random_stream.hpp"

namespace swiftlet::sim {
namespace {

constexpr std::array kFields{
    ConditionField{"wind_error_m_s", &StudyConditions::wind_error_m_s, 0.0, 20.0},
    ConditionField{"gust_spread", &StudyConditions::gust_spread, 0.0, 2.0},
    ConditionField{"payload_kg", &StudyConditions::payload_kg, 0.0, 1000.0},
    ConditionField{"payload_error_kg", &StudyConditions::payload_error_kg, 0.0, 1000.0},
    ConditionField{"ageing_most", &StudyConditions::ageing_most, 0.0, 0.5},
    ConditionField{"temperature_deg_c", &StudyConditions::temperature_deg_c, -40.0, 60.0},
    ConditionField{"departure_window_s", &StudyConditions::departure_window_s, 0.0, 86400.0},
};

}  // namespace

std::span<const ConditionField> condition_fields() { return kFields; }

const ConditionField* find_condition(std::string_view key) {
  const auto found = std::find_if(kFields.begin(), kFields.end(), [&](const auto& field) { return field.key == key; });
  return found == kFields.end() ? nullptr : &*found;
}

Expected<void> set_condition(StudyConditions& conditions, std::string_view key, double value) {
  const ConditionField* field = find_condition(key);
  if (field == nullptr) {
    std::vector<std::string> known;
    for (const ConditionField& one : kFields) known.emplace_back(one.key);
    const std::string near = nearest_word(key, known);
    return fail(ErrorCode::unknown_field,
                fmt::format("no condition; known are {}{}", fmt::join(known, ", "),
                            near.empty() ? "" : fmt::format("; did you mean {}?", near)),
                std::string(key));
  }
  if (!std::isfinite(value) || value < field->min || value > field->max) {
    return fail(ErrorCode::value_invalid,
                fmt::format("{} = {} must be a finite number from {} to {}", key, value, field->min, field->max),
                std::string(key));
  }
  conditions.*field->member = value;
  return {};
}

StudyDraw draw_conditions(const StudyConditions& c, const planner::VehicleProfile& vehicle, std::uint64_t seed,
                          std::uint64_t run) {
  // Each input has its own place in the stream, so that one more input moves none of the others.
  RandomStream random(seed, run);
  const double delay_s = random.uniform(0.0, c.departure_window_s);
  const double age_s = c.forecast_age_s + delay_s;
  const double error_m_s = c.wind_error_m_s * std::sqrt(1.0 - std::exp(-2.0 * age_s / c.wind_memory_s));
  const double from_rad = c.forecast.from_deg * std::numbers::pi / 180.0;
  const double east = -c.forecast.speed_m_s * std::sin(from_rad) + error_m_s * random.normal();
  const double north = -c.forecast.speed_m_s * std::cos(from_rad) + error_m_s * random.normal();
  const double gusts = std::exp(c.gust_spread * random.normal());
  const double payload_kg =
      std::clamp(c.payload_kg + c.payload_error_kg * random.normal(), 0.0, std::max(vehicle.max_payload_kg, 0.0));
  const double ageing = random.uniform(0.0, c.ageing_most);
  const double temperature = c.temperature_deg_c + c.temperature_spread_deg * random.normal();
  return {east, north, gusts, payload_kg, ageing, temperature, delay_s};
}

}  // namespace swiftlet::sim
