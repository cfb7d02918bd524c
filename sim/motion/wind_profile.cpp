#include "sim/motion/wind_profile.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::sim {
namespace {

/// The laws hold above the roughness; a drone on the ground is sheltered.
constexpr double kLeastAboveRoughness = 2.0;

double logarithmic(const WindProfileOptions& options, double height_m) {
  const double least = kLeastAboveRoughness * options.z0_m;
  const double above = std::max(height_m - options.displacement_m, least);
  const double reference = std::max(options.at_height_m - options.displacement_m, least);
  const double shelter = std::clamp(height_m / (options.displacement_m + least), 0.0, 1.0);
  return shelter * std::log(above / options.z0_m) / std::log(reference / options.z0_m);
}

}  // namespace

Expected<WindProfileOptions> wind_profile_options(std::string_view name, const geo::WindProfile& of_region) {
  using Law = WindProfileOptions::Law;
  WindProfileOptions options;
  const bool as_region = name == "region";
  if (as_region) {
    options.z0_m = of_region.z0_m;
    options.displacement_m = of_region.displacement_m;
    options.exponent = of_region.exponent;
  }
  const std::string_view law = as_region ? geo::name(of_region.kind) : name;
  if (law == "log") {
    options.law = Law::logarithmic;
  } else if (law == "power") {
    options.law = Law::power;
  } else if (law != "constant") {
    return fail(ErrorCode::value_invalid, "\"" + std::string(name) + "\" must be region, constant, log or power");
  }
  return options;
}

WindProfile::WindProfile(const WindProfileOptions& options) {
  for (int i = 0; i <= kTop; ++i) {
    const auto h = static_cast<double>(i);
    double factor = 1.0;
    if (options.law == WindProfileOptions::Law::logarithmic) factor = logarithmic(options, h);
    if (options.law == WindProfileOptions::Law::power) factor = std::pow(h / options.at_height_m, options.exponent);
    factors_[static_cast<std::size_t>(i)] = factor;
  }
}

}  // namespace swiftlet::sim
