#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/airspace_view.hpp"
#include "geo/error.hpp"

// OMPL's planners over Swiftlet's own airspace: a second opinion, and a peer in every benchmark. They see the same
// exact segment test as our own search, through a motion validator; nothing is ever validated by sampling.
namespace swiftlet::planner {

struct OmplOptions {
  std::string planner;  ///< one of ompl_planner_names(); case, hyphens and underscores do not matter, and * is "star"
  std::uint64_t seed = 1;
  std::chrono::milliseconds time{1000};  ///< RRT-Connect stops at its first path, the others use all of it
  /// Told of every better path as it is found, at what wall time; answers whether the search should go on. The time
  /// that it takes itself is not counted. May be empty.
  std::function<bool(double found_after_s, const std::vector<geo::Enu3>& path)> improved = {};
};

/// As they are spelt in messages: "rrtconnect", "rrtstar", "informed_rrtstar", "bitstar", "abitstar", "prmstar",
/// "lazyprmstar". AIT* is left out on purpose: in OMPL 1.5.2 it may ignore its deadline.
[[nodiscard]] const std::vector<std::string>& ompl_planner_names();
[[nodiscard]] bool is_ompl_planner(std::string_view name);

/// A polyline from start to goal, both included, every segment of which is_free. Not deterministic where the clock
/// stops it. Errors: usage for a planner that is not known; deadline_passed where none was found in time (which proves
/// nothing). Precondition: start and goal are free.
[[nodiscard]] Expected<std::vector<geo::Enu3>> ompl_path(const geo::AirspaceView& view, const geo::Enu3& start_enu,
                                                         const geo::Enu3& goal_enu, const OmplOptions& options);

}  // namespace swiftlet::planner
