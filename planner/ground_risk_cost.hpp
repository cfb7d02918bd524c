#pragma once

#include <span>

#include "geo/airspace.hpp"
#include "planner/route.hpp"
#include "planner/speed_profile.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// Expected fatalities for each second that the vehicle is over one person per km²: lethal area × failure rate.
[[nodiscard]] double fatalities_per_density_second(const VehicleProfile& vehicle);

/// Expected fatalities of a flight: of each segment its time, spread evenly over it, times the exact mean of the
/// density along it. Vertical segments count with the density at their place.
[[nodiscard]] double expected_fatalities(const geo::GroundRisk& risk, const VehicleProfile& vehicle,
                                         std::span<const TimedPoint> points);
/// The same of a route as it is published: anybody can work it out again from its waypoints and the densities.
[[nodiscard]] double expected_fatalities(const geo::Airspace& airspace, const VehicleProfile& vehicle,
                                         std::span<const Waypoint> waypoints);

}  // namespace swiftlet::planner
