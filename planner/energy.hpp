#pragma once

#include "planner/flight_limits.hpp"

namespace swiftlet::planner {

/// Electric power from momentum theory (Glauert): with weight W, airspeed V, density rho,
///   W·v_i(V) / efficiency                induced: v_i·sqrt(V² + v_i²) = W / (2·rho·disc area)
/// + profile_drag · rho · V²              profile: how much more the blades' drag takes as they advance through the air
/// + ½ · rho · drag_area · V³ / efficiency   parasite
/// + climb_share · W · climb / efficiency     climbing; descending gives nothing back
/// + avionics.
/// In hover the profile's constant part is in the efficiency, from which one test cannot tell it.
/// Precision: with the M100's fitted profile the energy of a real flight is off by 2.0 % in the mean, 4.0 % in nine of
/// ten (leave one flight out; tools/energy_fit). Source of the flights: Rodrigues et al., Sci Data 8:155 (2021).
class PowerModel {
 public:
  /// Dry air at low altitude and 20 °C.
  static constexpr double kAirDensity_kg_m3 = 1.2;

  /// Precondition: a checked profile; payload in [0, max]; density above 0.
  PowerModel(const VehicleProfile& vehicle, double payload_kg, double air_density_kg_m3 = kAirDensity_kg_m3);

  [[nodiscard]] double power_w(double airspeed_m_s, double climb_rate_m_s) const;
  [[nodiscard]] double hover_w() const { return power_w(0.0, 0.0); }
  /// Less than the vehicle takes in any flight up to that airspeed.
  [[nodiscard]] double least_w(double max_airspeed_m_s) const;
  /// The energy that lifting the vehicle takes at the very least, on top of least_w over time.
  [[nodiscard]] double lift_wh(double height_m) const;

 private:
  [[nodiscard]] double induced_w(double airspeed_m_s) const;
  [[nodiscard]] double drag_w(double airspeed_m_s) const;

  double weight_n_;
  double air_density_kg_m3_;
  double hover_induced_speed_m_s_;
  double profile_drag_m3_s_;
  double drag_area_m2_;
  double efficiency_;
  double climb_share_;
  double avionics_w_;
};

}  // namespace swiftlet::planner
