#include "planner/trajectory_energy.hpp"

#include <cmath>

namespace swiftlet::planner {

double energy_wh(const Trajectory& trajectory, const FlightLimits& limits, const PowerModel& power) {
  double joules = 0.0;
  for (std::size_t k = 0; k + 1 < trajectory.points.size(); ++k) {
    const TimedPoint& a = trajectory.points[k];
    const TimedPoint& b = trajectory.points[k + 1];
    const geo::Enu3 d = b.p_enu - a.p_enu;
    const double run = d.head<2>().norm();
    const double length = run > 1e-9 ? run : std::abs(d.z());
    if (length <= 0.0) continue;
    const auto power_at = [&](double speed) {
      const geo::Enu3 velocity = speed / length * d;
      return power.power_w((velocity.head<2>() - limits.wind_enu_m_s).norm(), velocity.z());
    };
    const double mean =
        power_at(a.speed_m_s) + 4.0 * power_at(0.5 * (a.speed_m_s + b.speed_m_s)) + power_at(b.speed_m_s);
    joules += (b.t_s - a.t_s) * mean / 6.0;
  }
  return joules / 3600.0;
}

}  // namespace swiftlet::planner
