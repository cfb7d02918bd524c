#pragma once

#include <span>
#include <vector>

#include "planner/band_profile.hpp"

namespace swiftlet::planner {

/// A point of a rounded profile. Straight to the next one.
struct BendPoint {
  double s_m;
  double z_msl_m;
  double curvature_1_m = 0.0;  ///< |d²z/ds²| of the parabola that it samples
  bool goes_on = false;        ///< the parabola goes on to the next point
  bool stop = false;           ///< a bend that leaves no room for a parabola
};

/// Rounds the bends of a profile by parabolas that can be flown at cruise speed where there is room. A taut profile
/// touches floors and ceilings with its bends, so they are first moved away by what the parabola cuts off. The result
/// stays inside the corridor. Precondition: so does the profile.
[[nodiscard]] std::vector<BendPoint> rounded_bends(std::span<const GroundLeg* const> legs,
                                                   const std::vector<ProfilePoint>& profile,
                                                   const VehicleProfile& vehicle);

}  // namespace swiftlet::planner
