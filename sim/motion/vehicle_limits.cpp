#include "sim/motion/vehicle_limits.hpp"

#include <stdexcept>
#include <string>

#include "planner/gravity.hpp"

namespace swiftlet::sim {
namespace {

constexpr double kTangent30 = 0.5773502691896258;
constexpr double kTangent35 = 0.7002075382097097;
constexpr double kThrustOverWeight = 1.8;

void require_positive(double value, const char* field) {
  if (!(value > 0.0)) throw std::invalid_argument(std::string("vehicle profile: ") + field + " must be positive");
}

}  // namespace

VehicleLimits::VehicleLimits(const planner::VehicleProfile& profile) {
  require_positive(profile.empty_mass_kg, "empty_mass_kg");
  require_positive(profile.rotor_disc_area_m2, "rotor_disc_area_m2");
  require_positive(profile.hover_efficiency, "hover_efficiency");
  require_positive(profile.battery_wh, "battery_wh");
  require_positive(profile.max_airspeed_m_s, "max_airspeed_m_s");
  drag_per_s = planner::kGravity_m_s2 * kTangent30 / profile.max_airspeed_m_s;
  most_tilt_m_s2 = planner::kGravity_m_s2 * kTangent35;
  most_thrust_n = kThrustOverWeight * planner::kGravity_m_s2 * (profile.empty_mass_kg + profile.max_payload_kg);
}

}  // namespace swiftlet::sim
