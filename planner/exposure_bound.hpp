#pragma once

#include "geo/ground_risk.hpp"

namespace swiftlet::planner {

/// A lower bound of the line integral of the density, in metres × people per km², over any way on the ground between
/// two places that stays in the box; the ends may be moved by up to `moved_m`.
///
/// It is the rise, from end to end, of a function whose slope is nowhere above the density. The function is the sum of
/// two: on a coarse grid and on one turned by 45°, the least cost of walking to a node along the grid's lines, each
/// edge priced with the lesser density beside it, bilinear in between. Either slopes no more along both axes of its
/// grid than the density; together, scaled, they slope no more than it in any direction. Where the density is even the
/// bound lies 0 to 8 % below the straight line.
[[nodiscard]] double least_exposure(const geo::GroundRisk& risk, const geo::Box2& box, const geo::Enu2& from_enu,
                                    const geo::Enu2& to_enu, double moved_m);

}  // namespace swiftlet::planner
