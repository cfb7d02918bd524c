#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::planner::autopilot {

/// Parameters of an autopilot by name, in its own units, as in its .parm files.
using ParameterValues = std::map<std::string, double>;

/// Reads a .parm file: a name and a number a line, parted by blanks or a comma; '#' begins a comment.
/// Errors: file_not_found, file_unreadable, value_invalid with file:line.
[[nodiscard]] Expected<ParameterValues> read_parameter_file(const std::filesystem::path& file);

/// The parameters of ArduPilot Copter 4.6 that a mission's time depends on, in SI. The defaults are ArduPilot's own.
struct ArduPilotParameters {
  double wp_speed_m_s = 10.0;                        ///< WPNAV_SPEED, cm/s
  double wp_speed_up_m_s = 2.5;                      ///< WPNAV_SPEED_UP, cm/s
  double wp_speed_down_m_s = 1.5;                    ///< WPNAV_SPEED_DN, cm/s
  double wp_acceleration_m_s2 = 2.5;                 ///< WPNAV_ACCEL, cm/s²
  double wp_vertical_acceleration_m_s2 = 1.0;        ///< WPNAV_ACCEL_Z, cm/s²
  double wp_corner_acceleration_m_s2 = 0.0;          ///< WPNAV_ACCEL_C, cm/s²; 0: twice WPNAV_ACCEL
  double wp_jerk_m_s3 = 1.0;                         ///< WPNAV_JERK, m/s³
  double wp_radius_m = 2.0;                          ///< WPNAV_RADIUS, cm
  double position_p_1_s = 1.0;                       ///< PSC_POSXY_P
  double velocity_p_1_s = 2.0;                       ///< PSC_VELXY_P
  double velocity_i_1_s2 = 1.0;                      ///< PSC_VELXY_I
  double velocity_d = 0.25;                          ///< PSC_VELXY_D
  double velocity_i_max_m_s2 = 10.0;                 ///< PSC_VELXY_IMAX, cm/s²
  double velocity_filter_hz = 5.0;                   ///< PSC_VELXY_FLTE
  double velocity_d_filter_hz = 5.0;                 ///< PSC_VELXY_FLTD
  double vertical_position_p_1_s = 1.0;              ///< PSC_POSZ_P
  double vertical_velocity_p_1_s = 5.0;              ///< PSC_VELZ_P
  double shaping_jerk_m_s3 = 5.0;                    ///< PSC_JERK_XY, m/s³
  double shaping_vertical_jerk_m_s3 = 5.0;           ///< PSC_JERK_Z, m/s³
  double lean_angle_max_deg = 30.0;                  ///< PSC_ANGLE_MAX, degrees, where above 0, else ANGLE_MAX, cdeg
  double attitude_input_s = 0.15;                    ///< ATC_INPUT_TC
  double attitude_rate_max_deg_s = 0.0;              ///< lesser of ATC_RATE_R_MAX, ATC_RATE_P_MAX; 0: none
  double attitude_acceleration_max_deg_s2 = 1100.0;  ///< lesser of ATC_ACCEL_R_MAX, ATC_ACCEL_P_MAX, cdeg/s²
  double land_speed_m_s = 0.5;                       ///< LAND_SPEED, cm/s
  double land_speed_high_m_s = 0.0;                  ///< LAND_SPEED_HIGH, cm/s; 0: WPNAV_SPEED_DN
  double land_low_height_m = 10.0;                   ///< LAND_ALT_LOW, cm
  double rtl_height_m = 15.0;                        ///< RTL_ALT, cm; 0: the present height
  double rtl_climb_min_m = 0.0;                      ///< RTL_CLIMB_MIN, cm
  double rtl_cone_slope = 3.0;                       ///< RTL_CONE_SLOPE
  double rtl_speed_m_s = 0.0;                        ///< RTL_SPEED, cm/s; 0: WPNAV_SPEED
  double rtl_loiter_s = 5.0;                         ///< RTL_LOIT_TIME, ms
  double wind_profile_type = -1.0;         ///< SIM_WIND_T: 0 square root, 1 none, 2 linear; −1 (not given): none
  double wind_profile_height_m = 60.0;     ///< SIM_WIND_T_ALT
  double wind_profile_coefficient = 0.01;  ///< SIM_WIND_T_COEF, (m/s)/m

  [[nodiscard]] double corner_acceleration_m_s2() const {
    return wp_corner_acceleration_m_s2 > 0.0 ? wp_corner_acceleration_m_s2 : 2.0 * wp_acceleration_m_s2;
  }
};

/// Takes what concerns a mission's time from `values`; other parameters (motors, tuning of the inner loops) are left.
/// Errors: value_invalid with the parameter's name and range.
[[nodiscard]] Expected<ArduPilotParameters> ardupilot_parameters(const ParameterValues& values);

/// The names that ardupilot_parameters() takes.
[[nodiscard]] std::vector<std::string> ardupilot_parameter_names();

}  // namespace swiftlet::planner::autopilot
