#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::geo {

/// Altitudes from floor to ceiling, above the datum, kept in floats that have been rounded inwards.
struct HeightBand {
  float floor_msl_m;
  float ceiling_msl_m;

  [[nodiscard]] static constexpr HeightBand closed() {
    return {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
  }
  [[nodiscard]] static constexpr HeightBand unlimited() {
    return {-std::numeric_limits<float>::infinity(), std::numeric_limits<float>::infinity()};
  }
  [[nodiscard]] bool open() const { return floor_msl_m <= ceiling_msl_m; }
  [[nodiscard]] bool holds(double lo_msl_m, double hi_msl_m) const {
    return lo_msl_m >= floor_msl_m && hi_msl_m <= ceiling_msl_m;
  }
  /// What lies in both.
  void cut_to(const HeightBand& other) {
    floor_msl_m = std::max(floor_msl_m, other.floor_msl_m);
    ceiling_msl_m = std::min(ceiling_msl_m, other.ceiling_msl_m);
  }
};

[[nodiscard]] inline float rounded_up(double value) {
  return std::nextafter(static_cast<float>(value), std::numeric_limits<float>::infinity());
}
[[nodiscard]] inline float rounded_down(double value) {
  return std::nextafter(static_cast<float>(value), -std::numeric_limits<float>::infinity());
}

}  // namespace swiftlet::geo
