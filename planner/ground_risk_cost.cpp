#include "planner/ground_risk_cost.hpp"

namespace swiftlet::planner {

double fatalities_per_density_second(const VehicleProfile& vehicle) {
  constexpr double kSquareMetres = 1e6;  // of a km²
  constexpr double kSeconds = 3600.0;
  return vehicle.lethal_area_m2 / kSquareMetres * vehicle.failure_rate_per_h / kSeconds;
}

double expected_fatalities(const geo::GroundRisk& risk, const VehicleProfile& vehicle,
                           std::span<const TimedPoint> points) {
  double density_s = 0.0;
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    const double seconds = points[k + 1].t_s - points[k].t_s;
    density_s += seconds * risk.mean_along_per_km2(points[k].p_enu.head<2>(), points[k + 1].p_enu.head<2>());
  }
  return fatalities_per_density_second(vehicle) * density_s;
}

double expected_fatalities(const geo::Airspace& airspace, const VehicleProfile& vehicle,
                           std::span<const Waypoint> waypoints) {
  std::vector<TimedPoint> points;
  points.reserve(waypoints.size());
  for (const Waypoint& w : waypoints) points.push_back({.p_enu = airspace.frame.to_local(w.position), .t_s = w.t_s});
  return expected_fatalities(airspace.ground_risk, vehicle, points);
}

}  // namespace swiftlet::planner
