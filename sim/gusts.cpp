#include "sim/gusts.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::sim {
namespace {

constexpr double kFoot_m = 0.3048;
/// Turbulence is carried past a hovering vehicle by the wind; below this speed the frozen-field idea breaks down.
constexpr double kLeastAirspeed_m_s = 2.0;

}  // namespace

DrydenGusts::Intensity DrydenGusts::intensity(double wind_m_s, double height_agl_m) {
  const double h_ft = std::clamp(height_agl_m / kFoot_m, 10.0, 1000.0);
  const double shape = 0.177 + 0.000823 * h_ft;
  const double sigma_w = 0.1 * wind_m_s;
  return {.horizontal_m_s = sigma_w / std::pow(shape, 0.4),
          .vertical_m_s = sigma_w,
          .horizontal_scale_m = h_ft / std::pow(shape, 1.2) * kFoot_m,
          .vertical_scale_m = h_ft * kFoot_m};
}

geo::Enu3 DrydenGusts::advance(double dt_s, double wind_m_s, double height_agl_m, double airspeed_m_s) {
  const Intensity now = intensity(wind_m_s, height_agl_m);
  const double speed_m_s = std::max(airspeed_m_s, kLeastAirspeed_m_s);
  const auto step = [&](double value, double sigma_m_s, double scale_m) {
    const double keep = std::exp(-dt_s * speed_m_s / scale_m);
    return keep * value + sigma_m_s * std::sqrt(1.0 - keep * keep) * normal_(random_);
  };
  gust_enu_.x() = step(gust_enu_.x(), now.horizontal_m_s, now.horizontal_scale_m);
  gust_enu_.y() = step(gust_enu_.y(), now.horizontal_m_s, now.horizontal_scale_m);
  gust_enu_.z() = step(gust_enu_.z(), now.vertical_m_s, now.vertical_scale_m);
  return gust_enu_;
}

}  // namespace swiftlet::sim
