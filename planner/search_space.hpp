#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "planner/column_islands.hpp"
#include "planner/column_mesh.hpp"

namespace swiftlet::planner {

/// A view and what searches need of it, made once and shared by all requests: the meshes of its columns.
/// Immutable after construction, but for what is made when it is first asked for; safe to use from any number of
/// threads.
class SearchSpace {
 public:
  explicit SearchSpace(std::shared_ptr<const geo::AirspaceView> of);

  std::shared_ptr<const geo::AirspaceView> view;
  /// Columns that are free as a whole, the widest choice first: cells, and quarters where only they connect what
  /// belongs together. Then only those whose bands leave some of the policy's height, where a flight is longer but need
  /// not rise and fall with every roof.
  std::vector<ColumnMesh> proven;
  /// Cells that may be free: no way is shorter than through these.
  ColumnMesh possible;

  /// All quarters that may be free: what does not connect here cannot be flown.
  [[nodiscard]] const ColumnIslands& possible_islands() const;
  /// All quarters that are free as a whole: large, and asked where a place is in none of the cells of the others.
  [[nodiscard]] const ColumnMesh& finest() const;

 private:
  mutable std::once_flag islands_made_;
  mutable std::optional<ColumnIslands> islands_;
  mutable std::once_flag finest_made_;
  mutable std::optional<ColumnMesh> finest_;
};

}  // namespace swiftlet::planner
