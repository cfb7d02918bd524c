#include "sim/motion/wind_profile.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::sim {
namespace {

constexpr double kReference_m = 10.0;
/// The laws hold above the roughness; a drone on the ground is sheltered.
constexpr double kLeastAboveRoughness = 2.0;

double logarithmic(const WindProfileOptions& options, double height_m) {
  const double least = kLeastAboveRoughness * options.z0_m;
  const double above = std::max(height_m - options.displacement_m, least);
  const double reference = std::max(kReference_m - options.displacement_m, least);
  const double shelter = std::clamp(height_m / (options.displacement_m + least), 0.0, 1.0);
  return shelter * std::log(above / options.z0_m) / std::log(reference / options.z0_m);
}

}  // namespace

Expected<WindProfileOptions::Law> wind_law(std::string_view name) {
  using Law = WindProfileOptions::Law;
  if (name == "constant") return Law::constant;
  if (name == "log") return Law::logarithmic;
  if (name == "power") return Law::power;
  return fail(ErrorCode::value_invalid, "\"" + std::string(name) + "\" must be constant, log or power");
}

WindProfile::WindProfile(const WindProfileOptions& options) {
  for (int i = 0; i <= kTop; ++i) {
    const auto h = static_cast<double>(i);
    double factor = 1.0;
    if (options.law == WindProfileOptions::Law::logarithmic) factor = logarithmic(options, h);
    if (options.law == WindProfileOptions::Law::power) factor = std::pow(h / kReference_m, options.exponent);
    factors_[static_cast<std::size_t>(i)] = factor;
  }
}

}  // namespace swiftlet::sim
