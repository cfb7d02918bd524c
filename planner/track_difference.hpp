#pragma once

#include <optional>
#include <span>
#include <vector>

#include "geo/airspace_view.hpp"
#include "planner/route.hpp"

namespace swiftlet::planner {

/// How far the farthest point of one ground track lies from the other.
[[nodiscard]] double apart_m(std::span<const geo::Enu2> track, std::span<const geo::Enu2> from);

/// Whether two ground tracks between the same ends pass something on different sides: a cell that no point of any
/// altitude is free in lies in what they enclose, and they are far enough apart that it is no wiggle. Then what lies
/// there, farthest from both, and on which side of it `track` passes, seen in its direction of flight.
[[nodiscard]] std::optional<Difference> passes_another_side(const geo::AirspaceView& view,
                                                            std::span<const geo::Enu2> track,
                                                            std::span<const geo::Enu2> from);

}  // namespace swiftlet::planner
