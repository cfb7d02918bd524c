#pragma once

#include <string>
#include <vector>

#include "planner/autopilot/ardupilot_parameters.hpp"

namespace swiftlet::planner::autopilot {

/// The parameters of PX4 (1.14 and later) that a mission's time depends on. PX4's own are SI already; its defaults.
struct Px4Parameters {
  double cruise_speed_m_s = 5.0;           ///< MPC_XY_CRUISE
  double acceleration_m_s2 = 3.0;          ///< MPC_ACC_HOR
  double jerk_m_s3 = 4.0;                  ///< MPC_JERK_AUTO
  double climb_speed_m_s = 3.0;            ///< MPC_Z_V_AUTO_UP
  double descent_speed_m_s = 1.5;          ///< MPC_Z_V_AUTO_DN
  double climb_acceleration_m_s2 = 4.0;    ///< MPC_ACC_UP_MAX
  double descent_acceleration_m_s2 = 3.0;  ///< MPC_ACC_DOWN_MAX
  double take_off_speed_m_s = 1.5;         ///< MPC_TKO_SPEED
  double take_off_ramp_s = 3.0;            ///< MPC_TKO_RAMP_T
  double land_speed_m_s = 0.7;             ///< MPC_LAND_SPEED
  double land_slow_from_m = 10.0;          ///< MPC_LAND_ALT1
  double land_slow_until_m = 5.0;          ///< MPC_LAND_ALT2
  double acceptance_radius_m = 10.0;       ///< NAV_ACC_RAD
  double acceptance_height_m = 0.8;        ///< NAV_MC_ALT_RAD
  double lean_max_deg = 45.0;              ///< MPC_TILTMAX_AIR
  double disarm_s = 2.0;                   ///< COM_DISARM_LAND
};

/// As ardupilot_parameters().
[[nodiscard]] Expected<Px4Parameters> px4_parameters(const ParameterValues& values);
[[nodiscard]] std::vector<std::string> px4_parameter_names();

}  // namespace swiftlet::planner::autopilot
