#include "planner/autopilot/px4_parameters.hpp"

#include <fmt/core.h>

#include <array>
#include <string_view>

namespace swiftlet::planner::autopilot {
namespace {

struct Entry {
  std::string_view name;
  double Px4Parameters::*member;
  double least, most;
};

using P = Px4Parameters;
constexpr std::array kEntries{
    Entry{"MPC_XY_CRUISE", &P::cruise_speed_m_s, 0.1, 50.0},
    Entry{"MPC_ACC_HOR", &P::acceleration_m_s2, 0.1, 30.0},
    Entry{"MPC_JERK_AUTO", &P::jerk_m_s3, 0.1, 500.0},
    Entry{"MPC_Z_V_AUTO_UP", &P::climb_speed_m_s, 0.1, 20.0},
    Entry{"MPC_Z_V_AUTO_DN", &P::descent_speed_m_s, 0.1, 20.0},
    Entry{"MPC_ACC_UP_MAX", &P::climb_acceleration_m_s2, 0.1, 30.0},
    Entry{"MPC_ACC_DOWN_MAX", &P::descent_acceleration_m_s2, 0.1, 30.0},
    Entry{"MPC_TKO_SPEED", &P::take_off_speed_m_s, 0.1, 20.0},
    Entry{"MPC_TKO_RAMP_T", &P::take_off_ramp_s, 0.0, 10.0},
    Entry{"MPC_LAND_SPEED", &P::land_speed_m_s, 0.1, 10.0},
    Entry{"MPC_LAND_ALT1", &P::land_slow_from_m, 0.0, 200.0},
    Entry{"MPC_LAND_ALT2", &P::land_slow_until_m, 0.0, 200.0},
    Entry{"NAV_ACC_RAD", &P::acceptance_radius_m, 0.05, 200.0},
    Entry{"NAV_MC_ALT_RAD", &P::acceptance_height_m, 0.05, 200.0},
    Entry{"MPC_TILTMAX_AIR", &P::lean_max_deg, 5.0, 89.0},
    Entry{"COM_DISARM_LAND", &P::disarm_s, 0.0, 60.0},
};

}  // namespace

Expected<Px4Parameters> px4_parameters(const ParameterValues& values) {
  Px4Parameters out;
  for (const Entry& entry : kEntries) {
    const auto found = values.find(std::string(entry.name));
    if (found == values.end()) continue;
    if (!(found->second >= entry.least && found->second <= entry.most)) {
      return fail(ErrorCode::value_invalid,
                  fmt::format("{} = {} must be from {} to {}", entry.name, found->second, entry.least, entry.most),
                  std::string(entry.name));
    }
    out.*entry.member = found->second;
  }
  return out;
}

std::vector<std::string> px4_parameter_names() {
  std::vector<std::string> names;
  names.reserve(std::size(kEntries));
  for (const Entry& entry : kEntries) names.emplace_back(entry.name);
  return names;
}

}  // namespace swiftlet::planner::autopilot
