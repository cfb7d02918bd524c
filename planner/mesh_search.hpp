#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "planner/column_mesh.hpp"
#include "planner/search_budget.hpp"

namespace swiftlet::planner {

/// A way over the ground through a mesh.
struct MeshPath {
  double length_m = 0.0;
  std::vector<std::int32_t> corners;  ///< what it bends at, in order from the start
  /// A point before and one behind every portal that it passes, off the portal's ends: straights from each to the next
  /// stay inside the rectangles, so that they are open where the mesh is proven. A little longer than the way itself.
  std::vector<geo::Enu2> through;
};

/// What a search through a mesh found.
struct MeshAnswer {
  std::optional<MeshPath> path;  ///< nothing where start and goal are not connected or the search was cut
  double bound_m = 0.0;          ///< no way is shorter; 0 where nothing is known, infinite where there is none
};

struct MeshSearchOptions {
  /// The estimate of what lies ahead is stretched by this; the way found is at most so many times longer.
  double eagerness = 1.0;
  /// Expansions after which the search is cut.
  std::int64_t most_expansions = std::numeric_limits<std::int64_t>::max();
  /// Ways that are longer are not looked for.
  double longest_m = std::numeric_limits<double>::infinity();
};

/// Finds the shortest way over the ground, at any angle: A* over intervals of portals that are seen from a
/// common root (Cui, Harabor and Grastien, Compromise-free pathfinding on a navigation mesh, IJCAI 2017), on
/// rectangles. Exact to a micrometre, with an eagerness of 1. Work arrays are kept per thread; in steady state
/// nothing is allocated but the result.
[[nodiscard]] MeshAnswer shortest_way(const ColumnMesh& mesh, const geo::Enu2& start_enu, const geo::Enu2& goal_enu,
                                      const MeshSearchOptions& options, SearchBudget& budget);

}  // namespace swiftlet::planner
