#include "sim/route/study_conditions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/motion/random_stream.hpp"

namespace swiftlet::sim {

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
