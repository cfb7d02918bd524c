#pragma once

#include <optional>

#include "planner/search_space.hpp"

namespace swiftlet::planner {

/// What keeps a start from a goal, found at the edge of the smaller of their two islands.
struct Separation {
  GeoPoint where;
  ErrorCause cause;  ///< geozone or obstacle by kind and id; "terrain" where neither explains it
};

/// Whether no island of possible columns holds both places. A place stands on every island that a leaning vertical over
/// it can reach; on none at all, nothing is said of it.
[[nodiscard]] bool are_apart(const ColumnIslands& possible, const geo::Enu2& start_enu, const geo::Enu2& goal_enu);

/// What closes a place to flight at the middle of the height band, as far as one thing does.
[[nodiscard]] ErrorCause cause_at(const geo::AirspaceView& view, const geo::Enu2& p_enu);

/// The possible columns hold every point that could be free in the exact geometry, so that if start and goal stand on
/// different islands of them there is no route, whatever the resolution: a proof. Nothing if they are not apart, or the
/// islands are not made in time.
[[nodiscard]] std::optional<Separation> find_separation(const SearchSpace& space, const geo::Enu2& start_enu,
                                                        const geo::Enu2& goal_enu,
                                                        const SearchSpace::StopAt& stop_at = {});

}  // namespace swiftlet::planner
