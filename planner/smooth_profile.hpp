#pragma once

#include <optional>
#include <span>
#include <vector>

#include "planner/band_profile.hpp"

namespace swiftlet::planner {

/// A point of a smooth profile. Straight to the next one.
struct BendPoint {
  double s_m;
  double z_msl_m;
  double curvature_1_m = 0.0;  ///< |d²z/ds²| of the curve that it samples
  bool goes_on = false;        ///< the curve goes on to the next point
  bool stop = false;           ///< a bend that leaves no room for a curve
};

/// The profile of least curvature (squared, over the length) that the corridor of the legs allows, sampled so that
/// straight pieces keep within 5 cm of it. A taut string is shorter by centimetres, but bends sharply at every edge of
/// a roof, and a multirotor slows down for every bend. Nothing where the corridor is closed. The result stays inside
/// the corridor.
[[nodiscard]] std::optional<std::vector<BendPoint>> smooth_profile(std::span<const GroundLeg* const> legs,
                                                                   double z_start_msl_m, double z_goal_msl_m,
                                                                   const VehicleProfile& vehicle);

}  // namespace swiftlet::planner
