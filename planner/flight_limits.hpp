#pragma once

#include "geo/local_frame.hpp"
#include "planner/flight_air.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// What a vehicle can do in the wind that a flight meets.
struct FlightLimits {
  VehicleProfile vehicle;
  FlightAir air;

  FlightLimits(VehicleProfile profile, FlightAir in) : vehicle(std::move(profile)), air(std::move(in)) {}
  /// In the same wind everywhere.
  FlightLimits(VehicleProfile profile, const geo::Wind& wind) : FlightLimits(std::move(profile), FlightAir(wind)) {}

  /// The greatest ground speed along a horizontal unit vector in the usual wind: the cruise speed, or less where head
  /// or cross wind would take the airspeed above its limit at any climb or sink rate in use. 0 or less: no progress
  /// that way.
  [[nodiscard]] double ground_speed_m_s(const geo::Enu2& direction_enu) const;
  /// The same along a straight segment, not a vertical one, in the wind that is met there between two times after
  /// departure.
  [[nodiscard]] double ground_speed_m_s(const geo::Enu3& a, const geo::Enu3& b, double from_s, double to_s) const;

  /// An upper bound of the speed at which any flight can be carried in that direction, at any climb rate and height.
  [[nodiscard]] double ground_speed_bound_m_s(const geo::Enu2& direction_enu) const;

  /// Whether the wind at the least height en route is within the vehicle's limit and its airspeed. Where it is not, no
  /// flight can be. True where the wind differs from place to place: then only a flight's own way tells.
  [[nodiscard]] bool wind_is_flyable() const;
  /// Whether the vehicle makes way against that wind while it climbs or descends at its full rate, as flights are
  /// planned to. One that climbed more slowly might do without. True where the wind differs from place to place.
  [[nodiscard]] bool holds_its_place() const;
  /// The wind at the least height en route.
  [[nodiscard]] double least_wind_m_s() const { return air.least_share() * air.usual_m_s().norm(); }

 private:
  [[nodiscard]] double speed_in(const geo::Enu2& direction_enu, const geo::Enu2& wind_m_s, double error_m_s) const;
};

}  // namespace swiftlet::planner
