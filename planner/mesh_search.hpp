#pragma once

#include <optional>
#include <vector>

#include "planner/column_mesh.hpp"
#include "planner/search_budget.hpp"

namespace swiftlet::planner {

/// The shortest way over the ground through a mesh.
struct MeshPath {
  double length_m = 0.0;
  std::vector<std::int32_t> corners;  ///< what it bends at, in order from the start
};

/// Finds it exactly, at any angle: A* over intervals of portals that are seen from a common root (Cui, Harabor and
/// Grastien, Compromise-free pathfinding on a navigation mesh, IJCAI 2017), on rectangles. Work arrays are kept per
/// thread; in steady state nothing is allocated but the result.
///
/// Nothing if start and goal are not connected or the budget ended. Both must lie in open rectangles of the mesh.
[[nodiscard]] std::optional<MeshPath> shortest_way(const ColumnMesh& mesh, const geo::Enu2& start_enu,
                                                   const geo::Enu2& goal_enu, SearchBudget& budget);

}  // namespace swiftlet::planner
