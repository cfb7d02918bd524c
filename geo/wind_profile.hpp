#pragma once

#include <string_view>

namespace swiftlet::geo {

enum class WindProfileKind : unsigned char { constant, log, power };

[[nodiscard]] constexpr std::string_view name(WindProfileKind kind) {
  return kind == WindProfileKind::log ? "log" : kind == WindProfileKind::power ? "power" : "constant";
}

/// How the wind's speed grows with the height above the ground; its direction stays. With x = height − displacement_m,
/// log: speed ∝ ln(x / z0_m), power: speed ∝ x^exponent; nothing blows where that is not above zero. All are
/// monotone, and concave above calm_below_m().
struct WindProfile {
  WindProfileKind kind = WindProfileKind::constant;
  double at_height_m = 10.0;  ///< above the ground: where the wind was measured, factor() is 1 there
  double z0_m = 0.5;          ///< roughness length, of log
  double displacement_m = 0.0;
  double exponent = 0.25;  ///< in [0, 1], of power

  friend bool operator==(const WindProfile&, const WindProfile&) = default;

  /// Whether at_height_m lies in the wind at all: above calm_below_m().
  [[nodiscard]] bool sound() const;
  /// Up to this height above the ground nothing blows; −∞ for the constant profile.
  [[nodiscard]] double calm_below_m() const;
  /// Speed at a height above the ground over the speed at at_height_m.
  [[nodiscard]] double factor(double height_agl_m) const;
  /// Its derivative, and the absolute value of its second; both fall with height. Precondition: above calm_below_m().
  [[nodiscard]] double slope_per_m(double height_agl_m) const;
  [[nodiscard]] double curvature_per_m2(double height_agl_m) const;
};

}  // namespace swiftlet::geo
