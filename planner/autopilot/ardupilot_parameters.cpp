#include "planner/autopilot/ardupilot_parameters.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <string_view>

namespace swiftlet::planner::autopilot {
namespace {

struct Entry {
  std::string_view name;
  double ArduPilotParameters::*member;
  double to_si;
  double least, most;  ///< in the autopilot's units; wider than its documentation where it does not enforce it
};

using P = ArduPilotParameters;
constexpr std::array kEntries{
    Entry{"WPNAV_SPEED", &P::wp_speed_m_s, 0.01, 10.0, 5000.0},
    Entry{"WPNAV_SPEED_UP", &P::wp_speed_up_m_s, 0.01, 10.0, 2000.0},
    Entry{"WPNAV_SPEED_DN", &P::wp_speed_down_m_s, 0.01, 10.0, 2000.0},
    Entry{"WPNAV_ACCEL", &P::wp_acceleration_m_s2, 0.01, 10.0, 2000.0},
    Entry{"WPNAV_ACCEL_Z", &P::wp_vertical_acceleration_m_s2, 0.01, 10.0, 1000.0},
    Entry{"WPNAV_ACCEL_C", &P::wp_corner_acceleration_m_s2, 0.01, 0.0, 2000.0},
    Entry{"WPNAV_JERK", &P::wp_jerk_m_s3, 1.0, 0.05, 100.0},
    Entry{"WPNAV_RADIUS", &P::wp_radius_m, 0.01, 5.0, 10000.0},
    Entry{"PSC_POSXY_P", &P::position_p_1_s, 1.0, 0.05, 10.0},
    Entry{"PSC_VELXY_P", &P::velocity_p_1_s, 1.0, 0.05, 20.0},
    Entry{"PSC_VELXY_I", &P::velocity_i_1_s2, 1.0, 0.0, 10.0},
    Entry{"PSC_VELXY_D", &P::velocity_d, 1.0, 0.0, 5.0},
    Entry{"PSC_VELXY_IMAX", &P::velocity_i_max_m_s2, 0.01, 0.0, 10000.0},
    Entry{"PSC_VELXY_FLTE", &P::velocity_filter_hz, 1.0, 0.1, 100.0},
    Entry{"PSC_VELXY_FLTD", &P::velocity_d_filter_hz, 1.0, 0.1, 100.0},
    Entry{"PSC_POSZ_P", &P::vertical_position_p_1_s, 1.0, 0.05, 10.0},
    Entry{"PSC_VELZ_P", &P::vertical_velocity_p_1_s, 1.0, 0.05, 20.0},
    Entry{"PSC_JERK_XY", &P::shaping_jerk_m_s3, 1.0, 0.1, 100.0},
    Entry{"PSC_JERK_Z", &P::shaping_vertical_jerk_m_s3, 1.0, 0.1, 100.0},
    Entry{"ATC_INPUT_TC", &P::attitude_input_s, 1.0, 0.0, 2.0},
    Entry{"LAND_SPEED", &P::land_speed_m_s, 0.01, 5.0, 1000.0},
    Entry{"LAND_SPEED_HIGH", &P::land_speed_high_m_s, 0.01, 0.0, 2000.0},
    Entry{"LAND_ALT_LOW", &P::land_low_height_m, 0.01, 100.0, 20000.0},
    Entry{"RTL_ALT", &P::rtl_height_m, 0.01, 0.0, 300000.0},
    Entry{"RTL_CLIMB_MIN", &P::rtl_climb_min_m, 0.01, 0.0, 30000.0},
    Entry{"RTL_CONE_SLOPE", &P::rtl_cone_slope, 1.0, 0.0, 100.0},
    Entry{"RTL_SPEED", &P::rtl_speed_m_s, 0.01, 0.0, 5000.0},
    Entry{"RTL_LOIT_TIME", &P::rtl_loiter_s, 0.001, 0.0, 600000.0},
    Entry{"SIM_WIND_T", &P::wind_profile_type, 1.0, 0.0, 2.0},
    Entry{"SIM_WIND_T_ALT", &P::wind_profile_height_m, 1.0, 0.1, 10000.0},
    Entry{"SIM_WIND_T_COEF", &P::wind_profile_coefficient, 1.0, 0.0, 10.0},
};
/// These become one value together.
constexpr std::array<std::string_view, 6> kJoined{"ANGLE_MAX",      "PSC_ANGLE_MAX",   "ATC_RATE_R_MAX",
                                                  "ATC_RATE_P_MAX", "ATC_ACCEL_R_MAX", "ATC_ACCEL_P_MAX"};

std::optional<Error> out_of_range(std::string_view name, double value, double least, double most) {
  if (std::isfinite(value) && value >= least && value <= most) return std::nullopt;
  return Error{.code = ErrorCode::value_invalid,
               .message = fmt::format("{} = {} must be from {} to {}", name, value, least, most),
               .where = std::string(name)};
}

/// The lesser of two limits of which 0 means none.
double lesser_limit(double a, double b) { return a <= 0.0 ? b : b <= 0.0 ? a : std::min(a, b); }

}  // namespace

Expected<ParameterValues> read_parameter_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return fail(ErrorCode::file_not_found, "cannot be opened", file.string());
  ParameterValues values;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    line.resize(std::min(line.find('#'), line.size()));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == ',' || c == '\t' || c == '\r' || c == '='; }, ' ');
    const auto name_begin = line.find_first_not_of(' ');
    if (name_begin == std::string::npos) continue;
    const auto name_end = line.find(' ', name_begin);
    const auto value_begin = line.find_first_not_of(' ', name_end);
    double value = 0.0;
    bool ok = name_end != std::string::npos && value_begin != std::string::npos;
    if (ok) {
      const auto last = line.find_last_not_of(' ') + 1;
      const auto [end, ec] = std::from_chars(line.data() + value_begin, line.data() + last, value);
      ok = ec == std::errc() && end == line.data() + last && std::isfinite(value);
    }
    if (!ok) {
      return fail(ErrorCode::value_invalid, "must be a parameter's name and a number",
                  fmt::format("{}:{}", file.string(), number));
    }
    values[line.substr(name_begin, name_end - name_begin)] = value;
  }
  if (stream.bad()) return fail(ErrorCode::file_unreadable, "cannot be read to its end", file.string());
  return values;
}

Expected<ArduPilotParameters> ardupilot_parameters(const ParameterValues& values) {
  ArduPilotParameters out;
  for (const Entry& entry : kEntries) {
    const auto found = values.find(std::string(entry.name));
    if (found == values.end()) continue;
    if (auto wrong = out_of_range(entry.name, found->second, entry.least, entry.most)) {
      return Unexpected(std::move(*wrong));
    }
    out.*entry.member = found->second * entry.to_si;
  }
  const auto value_or = [&](std::string_view name, double fallback) {
    const auto found = values.find(std::string(name));
    return found == values.end() ? fallback : found->second;
  };
  const double angle_cdeg = value_or("ANGLE_MAX", 3000.0);
  const double navigation_deg = value_or("PSC_ANGLE_MAX", 0.0);
  if (auto wrong = out_of_range("ANGLE_MAX", angle_cdeg, 500.0, 8000.0)) return Unexpected(std::move(*wrong));
  if (auto wrong = out_of_range("PSC_ANGLE_MAX", navigation_deg, 0.0, 80.0)) return Unexpected(std::move(*wrong));
  out.lean_angle_max_deg = navigation_deg > 0.0 ? std::min(navigation_deg, 0.01 * angle_cdeg) : 0.01 * angle_cdeg;
  out.attitude_rate_max_deg_s = lesser_limit(value_or("ATC_RATE_R_MAX", 0.0), value_or("ATC_RATE_P_MAX", 0.0));
  out.attitude_acceleration_max_deg_s2 =
      0.01 * lesser_limit(value_or("ATC_ACCEL_R_MAX", 110000.0), value_or("ATC_ACCEL_P_MAX", 110000.0));
  return out;
}

std::vector<std::string> ardupilot_parameter_names() {
  std::vector<std::string> names(kJoined.begin(), kJoined.end());
  for (const Entry& entry : kEntries) names.emplace_back(entry.name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace swiftlet::planner::autopilot
