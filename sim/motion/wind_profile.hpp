#pragma once

#include <array>
#include <string_view>

#include "geo/error.hpp"
#include "geo/wind_profile.hpp"

namespace swiftlet::sim {

/// "region": the profile that planners reckon with over the region; else "constant", "log" or "power" with the usual
/// numbers. Errors: value_invalid.
[[nodiscard]] Expected<geo::WindProfile> wind_profile_named(std::string_view name, const geo::WindProfile& of_region);

/// How the mean wind grows with the height above the ground, as a factor of the wind at the law's at_height_m: a table
/// of one metre steps up to 400 m, linear in between, so that no step takes a logarithm.
/// Precision: within 2 % of the law above 2 m over the displacement; below that the wind falls off to nothing.
class WindProfile {
 public:
  explicit WindProfile(const geo::WindProfile& law = {});

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
