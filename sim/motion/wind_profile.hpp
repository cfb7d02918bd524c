#pragma once

#include <array>
#include <string_view>

#include "geo/error.hpp"
#include "geo/wind_profile.hpp"

namespace swiftlet::sim {

/// How the mean wind grows with the height above the ground, as a factor of the wind at at_height_m.
struct WindProfileOptions {
  enum class Law { constant, logarithmic, power };
  Law law = Law::constant;
  double at_height_m = 10.0;
  double z0_m = 0.5;            ///< roughness length, logarithmic law: 0.5–2 m in cities
  double displacement_m = 0.0;  ///< height at which the city's roofs lift the logarithmic law
  double exponent = 0.25;       ///< power law: 0.14 over open land, 0.25–0.40 over a city
};

/// "region": the profile that planners reckon with over the region; else "constant", "log" or "power" with the usual
/// numbers. Errors: value_invalid.
[[nodiscard]] Expected<WindProfileOptions> wind_profile_options(std::string_view name,
                                                                const geo::WindProfile& of_region);

/// The profile as a table of one metre steps up to 400 m, linear in between: no logarithm a step.
/// Precision: within 2 % of the law above 2 m over the displacement; below that the wind falls off to nothing.
class WindProfile {
 public:
  explicit WindProfile(const WindProfileOptions& options = {});

  [[nodiscard]] double factor(double height_agl_m) const {
    const double h = height_agl_m <= 0.0 ? 0.0 : height_agl_m >= kTop ? kTop - 1e-9 : height_agl_m;
    const auto i = static_cast<std::size_t>(h);
    return factors_[i] + (h - static_cast<double>(i)) * (factors_[i + 1] - factors_[i]);
  }

 private:
  static constexpr int kTop = 400;
  std::array<double, kTop + 1> factors_{};
};

}  // namespace swiftlet::sim
