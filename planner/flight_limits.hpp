#pragma once

#include "geo/local_frame.hpp"
#include "geo/wind.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// What a vehicle can do in a constant wind. The wind's height and profile are not modelled yet: the speed given is met
/// at every altitude.
struct FlightLimits {
  VehicleProfile vehicle;
  geo::Enu2 wind_enu_m_s = geo::Enu2::Zero();  ///< velocity of the air over the ground

  FlightLimits(VehicleProfile profile, const geo::Wind& wind);

  /// The greatest ground speed along a horizontal unit vector: the cruise speed, or less where head or cross wind
  /// would take the airspeed above its limit at any climb or sink rate in use. 0 or less: no progress that way.
  [[nodiscard]] double ground_speed_m_s(const geo::Enu2& direction_enu) const;

  /// An upper bound of the speed at which any flight can be carried in that direction, at any climb rate.
  [[nodiscard]] double ground_speed_bound_m_s(const geo::Enu2& direction_enu) const;

  /// Whether the vehicle can hover and go every way: wind within its limit and well below its airspeed.
  [[nodiscard]] bool wind_is_flyable() const;
};

}  // namespace swiftlet::planner
