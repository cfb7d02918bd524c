#pragma once

#include "planner/flight_limits.hpp"

namespace swiftlet::planner {

/// Electric power from momentum theory: induced power after Glauert, drag, climb, all over one efficiency, plus
/// avionics. Descending gives nothing back. With one efficiency and one drag area it meets the six steady flights of a
/// DJI M100 (hover to 10.2 m/s, 400 to 473 W; Rodrigues et al., Sci Data 8:155, 2021) within 5.5 %.
class PowerModel {
 public:
  /// Precondition: a checked profile; payload in [0, max].
  PowerModel(const VehicleProfile& vehicle, double payload_kg);

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
  double hover_induced_speed_m_s_;
  double drag_area_m2_;
  double efficiency_;
  double avionics_w_;
};

}  // namespace swiftlet::planner
