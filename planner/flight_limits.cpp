#include "planner/flight_limits.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace swiftlet::planner {
namespace {

/// Below this the flight would take all day; such a leg counts as impossible.
constexpr double kSlowest_m_s = 0.5;

/// The wind triangle: ground speed along d for an airspeed, the cross wind held off by crabbing.
double along_track_m_s(const geo::Enu2& d, const geo::Enu2& wind, double airspeed_squared) {
  const double tail = wind.dot(d);
  const double cross = wind.x() * d.y() - wind.y() * d.x();
  const double forward_squared = airspeed_squared - cross * cross;
  return forward_squared <= 0.0 ? 0.0 : tail + std::sqrt(forward_squared);
}

}  // namespace

FlightLimits::FlightLimits(VehicleProfile profile, const geo::Wind& wind) : vehicle(std::move(profile)) {
  const double from = wind.from_deg * std::numbers::pi / 180.0;
  wind_enu_m_s = -wind.speed_m_s * geo::Enu2(std::sin(from), std::cos(from));
}

double FlightLimits::ground_speed_m_s(const geo::Enu2& direction_enu) const {
  const double vertical = std::max(vehicle.climb_speed_m_s, vehicle.descent_speed_m_s);
  const double airspeed_squared = vehicle.max_airspeed_m_s * vehicle.max_airspeed_m_s - vertical * vertical;
  const double speed =
      std::min(vehicle.cruise_speed_m_s, along_track_m_s(direction_enu, wind_enu_m_s, airspeed_squared));
  return speed < kSlowest_m_s ? 0.0 : speed;
}

double FlightLimits::ground_speed_bound_m_s(const geo::Enu2& direction_enu) const {
  const double airspeed_squared = vehicle.max_airspeed_m_s * vehicle.max_airspeed_m_s;
  return std::min(vehicle.cruise_speed_m_s, along_track_m_s(direction_enu, wind_enu_m_s, airspeed_squared));
}

bool FlightLimits::wind_is_flyable() const {
  const double speed = wind_enu_m_s.norm();
  if (speed > vehicle.max_wind_m_s) return false;
  return speed == 0.0 || ground_speed_m_s(-wind_enu_m_s / speed) > 0.0;
}

}  // namespace swiftlet::planner
