#pragma once

#include "planner/vehicle.hpp"

namespace swiftlet::sim {

/// What an aircraft of a type can do about its motion, per kilogram: drag, and the bounds of its attitude and thrust.
/// From the profile: linear drag that holds its top airspeed at 30° of tilt. For all types alike, as small multirotors
/// are: 35° of tilt at most, thrust 1.8 times the weight at the largest take-off mass, attitude within 0.2 s, thrust
/// within 0.1 s, jerk 8 m/s³ across and 6 m/s³ up and down.
struct VehicleLimits {
  double drag_per_s = 0.0;
  double most_tilt_m_s2 = 0.0;
  double most_thrust_n = 0.0;

  VehicleLimits() = default;
  /// Throws std::invalid_argument where masses, disc area, efficiency, battery or top airspeed are not positive.
  explicit VehicleLimits(const planner::VehicleProfile& profile);

  static constexpr double kAttitudeLag_s = 0.2;
  static constexpr double kThrustLag_s = 0.1;
  static constexpr double kJerkAcross_m_s3 = 8.0;
  static constexpr double kJerkUpward_m_s3 = 6.0;
};

}  // namespace swiftlet::sim
