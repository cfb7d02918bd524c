#include "planner/trajectory_energy.hpp"

#include <cmath>

namespace swiftlet::planner {

namespace {

/// By Simpson's rule over pieces: the wind grows gently with height, and the ground below is rough by metres only.
geo::Enu2 mean_wind(const FlightAir& air, const TimedPoint& a, const TimedPoint& b) {
  if (air.even()) return air.usual_m_s();
  constexpr double kPiece_m = 100.0;
  const int pieces = 1 + static_cast<int>((b.p_enu - a.p_enu).norm() / kPiece_m);
  const auto at = [&](double share) {
    return air.at_m_s(a.p_enu + share * (b.p_enu - a.p_enu), a.t_s + share * (b.t_s - a.t_s));
  };
  geo::Enu2 sum = at(0.0) + at(1.0);
  for (int k = 1; k < 2 * pieces; ++k) sum += (k % 2 == 1 ? 4.0 : 2.0) * at(0.5 * k / pieces);
  return sum / (6.0 * pieces);
}

}  // namespace

double energy_wh(const Trajectory& trajectory, const FlightLimits& limits, const PowerModel& power) {
  double joules = 0.0;
  for (std::size_t k = 0; k + 1 < trajectory.points.size(); ++k) {
    const TimedPoint& a = trajectory.points[k];
    const TimedPoint& b = trajectory.points[k + 1];
    const geo::Enu3 d = b.p_enu - a.p_enu;
    const double run = d.head<2>().norm();
    const double length = run > 1e-9 ? run : std::abs(d.z());
    if (length <= 0.0) continue;
    const geo::Enu2 wind = mean_wind(limits.air, a, b);
    const auto power_at = [&](double speed) {
      const geo::Enu3 velocity = speed / length * d;
      return power.power_w((velocity.head<2>() - wind).norm(), velocity.z());
    };
    const double mean =
        power_at(a.speed_m_s) + 4.0 * power_at(0.5 * (a.speed_m_s + b.speed_m_s)) + power_at(b.speed_m_s);
    joules += (b.t_s - a.t_s) * mean / 6.0;
  }
  return joules / 3600.0;
}

}  // namespace swiftlet::planner
