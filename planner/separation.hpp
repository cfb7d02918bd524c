#pragma once

#include <optional>

#include "planner/search_space.hpp"

namespace swiftlet::planner {

/// What keeps a start from a goal, found at the edge of the smaller of their two islands.
struct Separation {
  GeoPoint where;
  ErrorCause cause;  ///< geozone or obstacle by kind and id; "terrain" where neither explains it
};

/// The possible columns hold every point that could be free in the exact geometry, so that if start and goal stand on
/// different islands of them there is no route, whatever the resolution: a proof. Nothing if they stand on one, or not
/// on any, which proves nothing.
[[nodiscard]] std::optional<Separation> find_separation(const SearchSpace& space, const geo::Enu2& start_enu,
                                                        const geo::Enu2& goal_enu);

}  // namespace swiftlet::planner
