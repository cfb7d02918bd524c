#include "geo/wind_profile.hpp"

#include <cmath>
#include <limits>

namespace swiftlet::geo {

bool WindProfile::sound() const { return at_height_m > calm_below_m(); }

double WindProfile::calm_below_m() const {
  switch (kind) {
    case WindProfileKind::log:
      return displacement_m + z0_m;
    case WindProfileKind::power:
      return displacement_m;
    case WindProfileKind::constant:
      break;
  }
  return -std::numeric_limits<double>::infinity();
}

double WindProfile::factor(double height_agl_m) const {
  if (kind == WindProfileKind::constant) return 1.0;
  if (!(height_agl_m > calm_below_m())) return 0.0;
  const double x = height_agl_m - displacement_m;
  const double reference = at_height_m - displacement_m;
  return kind == WindProfileKind::log ? std::log(x / z0_m) / std::log(reference / z0_m)
                                      : std::pow(x / reference, exponent);
}

double WindProfile::slope_per_m(double height_agl_m) const {
  if (kind == WindProfileKind::constant) return 0.0;
  const double x = height_agl_m - displacement_m;
  if (kind == WindProfileKind::power) return exponent * factor(height_agl_m) / x;
  return 1.0 / (x * std::log((at_height_m - displacement_m) / z0_m));
}

double WindProfile::curvature_per_m2(double height_agl_m) const {
  if (kind == WindProfileKind::constant) return 0.0;
  const double x = height_agl_m - displacement_m;
  const double share = kind == WindProfileKind::power ? 1.0 - exponent : 1.0;
  return share * slope_per_m(height_agl_m) / x;
}

}  // namespace swiftlet::geo
