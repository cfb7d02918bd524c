#pragma once

#include <memory>
#include <vector>

#include "planner/column_mesh.hpp"

namespace swiftlet::planner {

/// A view and what searches need of it, made once and shared by all requests: the meshes of its columns.
/// Immutable after construction; safe to read from any number of threads.
struct SearchSpace {
  explicit SearchSpace(std::shared_ptr<const geo::AirspaceView> of);

  std::shared_ptr<const geo::AirspaceView> view;
  /// Columns that are free as a whole, the widest choice first; then only those whose bands leave some of the policy's
  /// height, where a flight is longer but need not rise and fall with every roof.
  std::vector<ColumnMesh> proven;
  ColumnMesh possible;
};

}  // namespace swiftlet::planner
