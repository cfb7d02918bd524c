#include "planner/autopilot/airframe.hpp"

#include <fmt/core.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numbers>

#include "planner/gravity.hpp"

namespace swiftlet::planner::autopilot {
namespace {

constexpr std::array kKeys{
    FrameKey{"mass", &Airframe::mass_kg, 0.01, 1000.0},
    FrameKey{"refSpd", &Airframe::reference_speed_m_s, 0.5, 200.0},
    FrameKey{"refAngle", &Airframe::reference_lean_deg, 1.0, 85.0},
    FrameKey{"refVoltage", &Airframe::reference_voltage_v, 0.1, 2000.0},
    FrameKey{"refCurrent", &Airframe::reference_current_a, 0.01, 10000.0},
    FrameKey{"refAlt", &Airframe::reference_altitude_msl_m, -500.0, 9000.0},
    FrameKey{"refTempC", &Airframe::reference_temperature_c, -60.0, 60.0},
    FrameKey{"disc_area", &Airframe::disc_area_m2, 0.001, 1000.0},
    FrameKey{"num_motors", &Airframe::motors, 1.0, 64.0},
    FrameKey{"mdrag_coef", &Airframe::momentum_drag, 0.0, 10.0},
};

}  // namespace

std::span<const FrameKey> frame_keys() { return kKeys; }

Expected<Airframe> read_frame_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return fail(ErrorCode::file_not_found, "cannot be opened", file.string());
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::bad_json, "is not a JSON object", file.string());
  Airframe frame;
  for (const FrameKey& entry : kKeys) {
    const auto found = json.find(entry.name);
    if (found == json.end()) continue;
    const double value = found->is_number() ? found->get<double>() : std::nan("");
    if (!(value >= entry.least && value <= entry.most)) {
      return fail(
          ErrorCode::value_invalid,
          fmt::format("{} = {} must be a number from {} to {}", entry.name, found->dump(), entry.least, entry.most),
          file.string());
    }
    frame.*entry.member = value;
  }
  return frame;
}

double air_density_kg_m3(double alt_msl_m, double temperature_c) {
  constexpr double kSeaLevel_pa = 101325.0;
  constexpr double kGasConstant = 287.053;
  const double pressure_pa = kSeaLevel_pa * std::pow(1.0 - 2.25577e-5 * alt_msl_m, 5.25588);
  return pressure_pa / (kGasConstant * (temperature_c + 273.15));
}

Aerodynamics::Aerodynamics(const Airframe& frame, double density_kg_m3) : mass_kg_(frame.mass_kg) {
  const double lean = frame.reference_lean_deg * std::numbers::pi / 180.0;
  const double weight_n = frame.mass_kg * kGravity_m_s2;
  const double reference_density = air_density_kg_m3(frame.reference_altitude_msl_m, frame.reference_temperature_c);
  // In the reference test the drag balances the lean; what the rotors' stream does not explain is the body's.
  const double drag_n = weight_n * std::tan(lean);
  const double thrust_n = weight_n / std::cos(lean);
  double momentum = frame.momentum_drag;
  const double momentum_drag_n = momentum * std::pow(std::cos(lean), 2) * frame.reference_speed_m_s *
                                 std::sqrt(thrust_n * reference_density * frame.disc_area_m2);
  double area_m2 = 0.0;
  if (momentum_drag_n > drag_n) {
    momentum *= drag_n / momentum_drag_n;
  } else {
    area_m2 = (drag_n - momentum_drag_n) / (0.5 * reference_density * std::pow(frame.reference_speed_m_s, 2));
  }
  body_drag_ = 0.5 * density_kg_m3 * area_m2;
  momentum_drag_ = momentum * std::sqrt(density_kg_m3 * frame.disc_area_m2);
  power_per_thrust_w_n_ = frame.reference_voltage_v * frame.reference_current_a / weight_n;
}

Eigen::Vector3d Aerodynamics::drag_n(const Eigen::Vector3d& airspeed_m_s, const Eigen::Vector3d& up,
                                     const Eigen::Vector2d& heading, double thrust_n) const {
  Eigen::Vector3d forward(heading.x(), heading.y(), 0.0);
  forward = (forward - forward.dot(up) * up).normalized();
  const std::array<Eigen::Vector3d, 3> axes{forward, up.cross(forward), up};
  const double momentum = momentum_drag_ * std::sqrt(std::max(0.0, thrust_n));
  Eigen::Vector3d out = -momentum * airspeed_m_s;
  for (const Eigen::Vector3d& axis : axes) {
    const double along = airspeed_m_s.dot(axis);
    out -= body_drag_ * std::abs(along) * along * axis;
  }
  return out;
}

}  // namespace swiftlet::planner::autopilot
