#include "planner/flight_limits.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::planner {
namespace {

/// Below this the flight would take all day; such a leg counts as impossible.
constexpr double kSlowest_m_s = 0.5;

double cross_wind(const geo::Enu2& d, const geo::Enu2& wind) { return wind.x() * d.y() - wind.y() * d.x(); }

/// The wind triangle: ground speed along d for an airspeed, the cross wind held off by crabbing.
double along_track_m_s(const geo::Enu2& d, const geo::Enu2& wind, double airspeed_squared) {
  const double cross = cross_wind(d, wind);
  const double forward_squared = airspeed_squared - cross * cross;
  return forward_squared <= 0.0 ? 0.0 : wind.dot(d) + std::sqrt(forward_squared);
}

}  // namespace

double FlightLimits::speed_in(const geo::Enu2& direction_enu, const geo::Enu2& wind_m_s, double error_m_s) const {
  const double vertical = std::max(vehicle.climb_speed_m_s, vehicle.descent_speed_m_s);
  const double airspeed = std::max(0.0, vehicle.max_airspeed_m_s - error_m_s);
  const double airspeed_squared = airspeed * airspeed - vertical * vertical;
  const double speed = std::min(vehicle.cruise_speed_m_s, along_track_m_s(direction_enu, wind_m_s, airspeed_squared));
  return speed < kSlowest_m_s ? 0.0 : speed;
}

double FlightLimits::ground_speed_m_s(const geo::Enu2& direction_enu) const {
  return speed_in(direction_enu, air.usual_m_s(), 0.0);
}

double FlightLimits::ground_speed_m_s(const geo::Enu3& a, const geo::Enu3& b, double from_s, double to_s) const {
  const geo::Enu2 direction = (b - a).head<2>().normalized();
  if (air.even()) return ground_speed_m_s(direction);
  if (air.grows_with_height_only()) {
    // The speed is concave in the wind's share: where calm and the strongest wind both leave the cruise speed, so does
    // every height between.
    const geo::Enu2 strongest = air.greatest_share() * air.usual_m_s();
    const double least = std::min(speed_in(direction, geo::Enu2::Zero(), 0.0), speed_in(direction, strongest, 0.0));
    if (least == vehicle.cruise_speed_m_s) return least;
  }
  // What the fastest wind from ahead and from the side at once leaves: mostly the cruise speed, and the way need not be
  // asked.
  const double fastest = air.fastest_m_s();
  if (speed_in({1.0, 0.0}, {-fastest, fastest}, 0.0) == vehicle.cruise_speed_m_s) return vehicle.cruise_speed_m_s;
  const geo::MeanWind mean = air.along(a, b, from_s, to_s);
  const double speed = speed_in(direction, mean.velocity_m_s, std::min(mean.error_m_s, fastest));
  // On a climb it blows harder at one end than in the mean.
  return std::min(
      {speed, speed_in(direction, air.at_m_s(a, from_s), 0.0), speed_in(direction, air.at_m_s(b, to_s), 0.0)});
}

double FlightLimits::ground_speed_bound_m_s(const geo::Enu2& direction_enu) const {
  const double airspeed = vehicle.max_airspeed_m_s;
  if (!air.grows_with_height_only()) return std::min(vehicle.cruise_speed_m_s, airspeed + air.fastest_m_s());
  // The best height: the speed is concave in the wind's share, so that it is best at an end or where it is level.
  const double tail = air.usual_m_s().dot(direction_enu);
  const double cross = std::abs(cross_wind(direction_enu, air.usual_m_s()));
  const double level = cross > 0.0 ? tail * airspeed / (cross * std::hypot(cross, tail)) : tail > 0.0 ? 1e9 : 0.0;
  const double share = std::clamp(level, air.least_share(), air.greatest_share());
  return std::min(vehicle.cruise_speed_m_s,
                  along_track_m_s(direction_enu, share * air.usual_m_s(), airspeed * airspeed));
}

bool FlightLimits::wind_is_flyable() const {
  return !air.grows_with_height_only() || least_wind_m_s() <= std::min(vehicle.max_wind_m_s, vehicle.max_airspeed_m_s);
}

bool FlightLimits::holds_its_place() const {
  const double speed = least_wind_m_s();
  return !air.grows_with_height_only() || speed == 0.0 || speed_in({1.0, 0.0}, {-speed, 0.0}, 0.0) > 0.0;
}

}  // namespace swiftlet::planner
