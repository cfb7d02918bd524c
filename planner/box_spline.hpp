#pragma once

#include <vector>

#include "planner/band_profile.hpp"

namespace swiftlet::planner {

/// Heights through gates, one a gate, of least summed squared curvature: a quadratic programme with a band matrix and
/// bounds, solved by a primal-dual interior-point method in about a dozen sweeps. Every height lies strictly inside its
/// gate, or at most 0.1 mm outside one that has no inside. The first and last gates are points. `curvature_scale_1_m`
/// is what counts as one. `precision`: what the cost may be above the least by, a gate and side. Precondition: at least
/// two gates, s growing.
[[nodiscard]] std::vector<double> least_curvature(const std::vector<Gate>& gates, double curvature_scale_1_m,
                                                  double precision = 1e-3);

}  // namespace swiftlet::planner
