#include "planner/energy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "planner/gravity.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kJoulesPerWattHour = 3600.0;

}  // namespace

PowerModel::PowerModel(const VehicleProfile& vehicle, double payload_kg, double air_density_kg_m3)
    : weight_n_((vehicle.empty_mass_kg + payload_kg) * kGravity_m_s2),
      air_density_kg_m3_(air_density_kg_m3),
      hover_induced_speed_m_s_(std::sqrt(weight_n_ / (2.0 * air_density_kg_m3 * vehicle.rotor_disc_area_m2))),
      profile_drag_m3_s_(vehicle.profile_drag_m3_s),
      drag_area_m2_(vehicle.drag_area_m2),
      efficiency_(vehicle.hover_efficiency),
      climb_share_(vehicle.climb_share),
      avionics_w_(vehicle.avionics_power_w) {}

double PowerModel::induced_w(double airspeed_m_s) const {
  // Glauert, edgewise flow: v_i · sqrt(V² + v_i²) = v_h².
  const double v2 = airspeed_m_s * airspeed_m_s;
  const double h2 = hover_induced_speed_m_s_ * hover_induced_speed_m_s_;
  // 2 h⁴ / (V² + sqrt(…)) instead of the difference, which cancels at high speed.
  const double vi2 = 2.0 * h2 * h2 / (v2 + std::sqrt(v2 * v2 + 4.0 * h2 * h2));
  return weight_n_ * std::sqrt(vi2) / efficiency_;
}

double PowerModel::drag_w(double airspeed_m_s) const {
  const double pressure_pa = 0.5 * air_density_kg_m3_ * airspeed_m_s * airspeed_m_s;
  return pressure_pa * (2.0 * profile_drag_m3_s_ + drag_area_m2_ * airspeed_m_s / efficiency_);
}

double PowerModel::power_w(double airspeed_m_s, double climb_rate_m_s) const {
  const double climb_w = climb_share_ * weight_n_ * std::max(0.0, climb_rate_m_s) / efficiency_;
  return induced_w(airspeed_m_s) + drag_w(airspeed_m_s) + climb_w + avionics_w_;
}

double PowerModel::least_w(double max_airspeed_m_s) const {
  // Induced power falls with speed and drag rises, so over a step of speed neither is less than at its better end.
  constexpr int kSteps = 64;
  double least = std::numeric_limits<double>::infinity();
  for (int k = 0; k < kSteps; ++k) {
    const double slow = max_airspeed_m_s * k / kSteps;
    const double fast = max_airspeed_m_s * (k + 1) / kSteps;
    least = std::min(least, induced_w(fast) + drag_w(slow));
  }
  return least + avionics_w_;
}

double PowerModel::lift_wh(double height_m) const {
  return climb_share_ * weight_n_ * std::max(0.0, height_m) / efficiency_ / kJoulesPerWattHour;
}

}  // namespace swiftlet::planner
