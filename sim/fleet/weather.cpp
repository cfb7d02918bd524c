#include "sim/fleet/weather.hpp"

#include <cmath>
#include <numbers>

namespace swiftlet::sim {
namespace {

constexpr double kMemory_s = 1800.0;
constexpr std::uint64_t kKey = 77;

}  // namespace

Weather::Weather(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario),
      random_(seed, kKey),
      forecast_(scenario.wind),
      error_east_m_s_(scenario.forecast_error_m_s * random_.normal()),
      error_north_m_s_(scenario.forecast_error_m_s * random_.normal()) {}

void Weather::advance(double now_s) {
  forecast_ = scenario_.wind;
  double latest = -1e9;
  for (const Scenario::WeatherChange& change : scenario_.weather) {
    const double at_s = scenario_.second_of(change.at_h);
    if (at_s > now_s || at_s < latest) continue;
    latest = at_s;
    forecast_.speed_m_s = change.speed_m_s;
    forecast_.from_deg = change.from_deg;
  }
  const double kick = scenario_.forecast_error_m_s * std::sqrt(2.0 / kMemory_s);
  error_east_m_s_ += -error_east_m_s_ / kMemory_s + kick * random_.rough_normal();
  error_north_m_s_ += -error_north_m_s_ / kMemory_s + kick * random_.rough_normal();
  const double from = forecast_.from_deg * std::numbers::pi / 180.0;
  east_m_s_ = -forecast_.speed_m_s * std::sin(from) + error_east_m_s_;
  north_m_s_ = -forecast_.speed_m_s * std::cos(from) + error_north_m_s_;
}

}  // namespace swiftlet::sim
