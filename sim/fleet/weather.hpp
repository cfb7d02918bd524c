#pragma once

#include "sim/fleet/scenario.hpp"
#include "sim/motion/random_stream.hpp"

namespace swiftlet::sim {

/// The day's wind: what the forecast says (the scenario's, with its changes) and what it really is. The difference
/// wanders: an Ornstein-Uhlenbeck process of each axis with a memory of half an hour.
class Weather {
 public:
  Weather(const Scenario& scenario, std::uint64_t seed);

  /// To be called once for every second, in order.
  void advance(double now_s);
  [[nodiscard]] const geo::Wind& forecast() const { return forecast_; }
  /// Where the air really goes, 10 m above the ground.
  [[nodiscard]] double east_m_s() const { return east_m_s_; }
  [[nodiscard]] double north_m_s() const { return north_m_s_; }

 private:
  const Scenario& scenario_;
  RandomStream random_;
  geo::Wind forecast_;
  double error_east_m_s_;
  double error_north_m_s_;
  double east_m_s_ = 0.0;
  double north_m_s_ = 0.0;
};

}  // namespace swiftlet::sim
