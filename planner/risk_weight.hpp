#pragma once

#include "geo/ground_risk.hpp"

namespace swiftlet::planner {

/// Seconds count as many times as there are people per km² below, and some more: without, ways over empty ground would
/// not end. For tracks that avoid people; what a flight costs in the end is expected_fatalities.
struct RiskWeight {
  const geo::GroundRisk* risk = nullptr;
  double base_per_km2 = 0.0;
  [[nodiscard]] double at(const geo::Enu2& p_enu) const { return base_per_km2 + risk->density_per_km2(p_enu); }
  [[nodiscard]] double along(const geo::Enu2& a_enu, const geo::Enu2& b_enu) const {
    return base_per_km2 + risk->mean_along_per_km2(a_enu, b_enu);
  }
};

}  // namespace swiftlet::planner
