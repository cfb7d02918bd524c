#pragma once

#include <cstdint>
#include <random>

#include "geo/local_frame.hpp"

namespace swiftlet::sim {

/// Turbulence about the mean wind: one first-order Gauss-Markov process an axis, with the intensities and length
/// scales of MIL-F-8785C for low altitude (below 1 000 ft). Its spectrum is Dryden's longitudinal one on every axis.
///
/// Deterministic: the same seed and the same calls give the same numbers.
class DrydenGusts {
 public:
  explicit DrydenGusts(std::uint64_t seed) : random_(seed) {}

  struct Intensity {
    double horizontal_m_s;  ///< σ_u = σ_v
    double vertical_m_s;    ///< σ_w
    double horizontal_scale_m;
    double vertical_scale_m;
  };

  /// `wind_m_s` is the mean wind at 20 ft; the height is held within the model's 10–1 000 ft.
  [[nodiscard]] static Intensity intensity(double wind_m_s, double height_agl_m);

  /// The gust after dt_s more at this height, airspeed and mean wind; east, north, up.
  geo::Enu3 advance(double dt_s, double wind_m_s, double height_agl_m, double airspeed_m_s);

 private:
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_{0.0, 1.0};
  geo::Enu3 gust_enu_ = geo::Enu3::Zero();
};

}  // namespace swiftlet::sim
