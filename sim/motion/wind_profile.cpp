#include "sim/motion/wind_profile.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::sim {
namespace {

/// The laws hold above the roughness; a drone on the ground is sheltered.
constexpr double kLeastAboveRoughness = 2.0;

double logarithmic(const geo::WindProfile& law, double height_m) {
  const double least = kLeastAboveRoughness * law.z0_m;
  const double above = std::max(height_m - law.displacement_m, least);
  const double reference = std::max(law.at_height_m - law.displacement_m, least);
  const double shelter = std::clamp(height_m / (law.displacement_m + least), 0.0, 1.0);
  return shelter * std::log(above / law.z0_m) / std::log(reference / law.z0_m);
}

}  // namespace

Expected<geo::WindProfile> wind_profile_named(std::string_view name, const geo::WindProfile& of_region) {
  if (name == "region") return of_region;
  using enum geo::WindProfileKind;
  for (const auto kind : {constant, log, power}) {
    if (name == geo::name(kind)) return geo::WindProfile{.kind = kind};
  }
  return fail(ErrorCode::value_invalid, "\"" + std::string(name) + "\" must be region, constant, log or power");
}

WindProfile::WindProfile(const geo::WindProfile& law) {
  for (int i = 0; i <= kTop; ++i) {
    const auto h = static_cast<double>(i);
    double factor = 1.0;
    if (law.kind == geo::WindProfileKind::log) factor = logarithmic(law, h);
    if (law.kind == geo::WindProfileKind::power) factor = std::pow(h / law.at_height_m, law.exponent);
    factors_[static_cast<std::size_t>(i)] = factor;
  }
}

}  // namespace swiftlet::sim
