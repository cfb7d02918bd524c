#pragma once

#include <algorithm>
#include <cmath>

#include "geo/polygon.hpp"
#include "planner/traffic/operational_intent.hpp"

namespace swiftlet::planner::test {

/// Whether a volume holds the flight, at p at that instant, with half the separation all round. No allowance.
inline bool is_held(const OperationalIntent& intent, const TrafficRules& rules, const geo::Enu3& p, double at_s) {
  return std::any_of(intent.volumes.begin(), intent.volumes.end(), [&](const IntentVolume& v) {
    return v.begins_s <= at_s && at_s <= v.ends_s &&
           geo::point_segment_distance_m(p.head<2>(), v.from_enu, v.to_enu) + rules.across_m / 2.0 <= v.reach_m &&
           v.low_msl_m + rules.up_m / 2.0 <= p.z() && p.z() <= v.high_msl_m - rules.up_m / 2.0;
  });
}

}  // namespace swiftlet::planner::test
