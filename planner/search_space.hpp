#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "planner/column_islands.hpp"
#include "planner/column_mesh.hpp"
#include "planner/column_search.hpp"
#include "planner/prepared.hpp"

namespace swiftlet::planner {

/// A view and what searches need of it, made when it is first asked for and shared by all requests: the meshes of its
/// columns. Safe to use from any number of threads. Each is asked for with a deadline and null where it is not ready by
/// then.
class SearchSpace {
 public:
  using StopAt = std::optional<std::chrono::steady_clock::time_point>;

  explicit SearchSpace(std::shared_ptr<const geo::AirspaceView> of);
  SearchSpace(const SearchSpace&) = delete;
  SearchSpace& operator=(const SearchSpace&) = delete;
  ~SearchSpace();

  const std::shared_ptr<const geo::AirspaceView> view;

  struct Meshes {
    /// Columns that are free as a whole: cells, and quarters where only they connect what belongs together.
    ColumnMesh proven;
    /// Cells that may be free: no way is shorter than through these.
    ColumnMesh possible;
  };
  /// Who needs these will ask for the roomy ones next: they are made ahead, one after the other, beside them.
  [[nodiscard]] const Meshes* meshes(const StopAt& stop_at = {}) const;

  /// Shares of the height between the policy's limits that a column's band must leave, a mesh each. In this order they
  /// are asked: what most flights gain by first.
  static constexpr std::array kRoomyShares{0.15, 0.8, 0.5, 0.93};
  /// Of the proven columns only those that leave the n-th share: a flight is longer there but need not rise and fall
  /// with every roof, or climb over what it can go round.
  [[nodiscard]] const ColumnMesh* roomy(std::size_t n, const StopAt& stop_at = {}) const {
    return roomy_[n].get_by(stop_at);
  }

  /// All quarters that may be free: what does not connect here cannot be flown.
  [[nodiscard]] const ColumnIslands* possible_islands(const StopAt& stop_at = {}) const {
    return islands_.get_by(stop_at);
  }
  /// What the search over blocks can reach.
  [[nodiscard]] const BlockIslands* blocks(const StopAt& stop_at = {}) const { return blocks_.get_by(stop_at); }
  /// All quarters that are free as a whole: large, and asked where a place is in none of the cells of the others.
  [[nodiscard]] const ColumnMesh* finest(const StopAt& stop_at = {}) const { return finest_.get_by(stop_at); }

 private:
  void make_roomy(const std::stop_token& stop) const;

  Prepared<Meshes> meshes_;
  std::array<Prepared<ColumnMesh>, kRoomyShares.size()> roomy_;
  Prepared<ColumnIslands> islands_;
  Prepared<BlockIslands> blocks_;
  Prepared<ColumnMesh> finest_;
  mutable std::once_flag began_ahead_;
  mutable std::jthread ahead_;  ///< last: it makes the roomy ones
};

}  // namespace swiftlet::planner
