#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geo/airspace_view.hpp"
#include "geo/error.hpp"

// OMPL's planners over Swiftlet's own airspace: a second opinion, and a peer in every benchmark. They see the same
// exact segment test as our own search, through a motion validator; nothing is ever validated by sampling.
namespace swiftlet::planner {

struct OmplOptions {
  std::string planner;  ///< rrtconnect or informed_rrtstar; case, hyphens and underscores do not matter
  std::uint64_t seed = 1;
  std::chrono::milliseconds time{1000};  ///< RRT-Connect stops at its first path, Informed RRT* uses all of it
};

[[nodiscard]] bool is_ompl_planner(std::string_view name);

/// A polyline from start to goal, both included, every segment of which is_free. Not deterministic where the clock
/// stops it. Errors: usage for a planner that is not known; deadline_passed where none was found in time (which proves
/// nothing). Precondition: start and goal are free.
[[nodiscard]] Expected<std::vector<geo::Enu3>> ompl_path(const geo::AirspaceView& view, const geo::Enu3& start_enu,
                                                         const geo::Enu3& goal_enu, const OmplOptions& options);

}  // namespace swiftlet::planner
