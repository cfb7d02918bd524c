#pragma once

#include "geo/flat_array.hpp"
#include "geo/terrain.hpp"

namespace swiftlet::geo {

/// A grid of square cells in the local frame. Cell (i, j) is the closed square whose south-west corner is
/// node (i, j) = origin + cell_m * (i, j).
struct GridFrame {
  Enu2 origin = Enu2::Zero();
  double cell_m = 2.0;
  int nx = 0;  ///< cells eastwards
  int ny = 0;  ///< cells northwards

  [[nodiscard]] std::size_t index(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(i);
  }
  [[nodiscard]] std::size_t node_index(int i, int j) const {
    return static_cast<std::size_t>(j) * (static_cast<std::size_t>(nx) + 1) + static_cast<std::size_t>(i);
  }
  [[nodiscard]] Enu2 node(int i, int j) const { return origin + cell_m * Enu2(i, j); }
  [[nodiscard]] Enu2 centre(int i, int j) const { return origin + cell_m * Enu2(i + 0.5, j + 0.5); }
  [[nodiscard]] Box2 cell(int i, int j) const { return {node(i, j), node(i + 1, j + 1)}; }
  [[nodiscard]] Box2 extent() const { return {node(0, 0), node(nx, ny)}; }
  [[nodiscard]] std::size_t cell_count() const { return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny); }
};

/// How a cell lies to the hull of the terrain's cell centres. Only cells that lie inside are flyable.
enum class CellExtent : unsigned char { outside, partly, inside };

/// Two surfaces that enclose the terrain: each is bilinear over every cell between its node heights, and
/// lo(p) ≤ terrain(p) ≤ hi(p) holds at every point of every flyable cell, not only at the nodes. Nodes that touch no
/// flyable cell are NaN.
class TerrainBounds {
 public:
  TerrainBounds() = default;
  /// From vectors, or from foreign memory that the arrays' owner keeps alive.
  TerrainBounds(const GridFrame& grid, FlatArray<float> hi_msl_m, FlatArray<float> lo_msl_m,
                FlatArray<CellExtent> extent);

  /// Encloses `model` on a grid of cell_m.
  [[nodiscard]] static TerrainBounds enclose(const TerrainModel& model, double cell_m);

  [[nodiscard]] const GridFrame& grid() const { return grid_; }
  [[nodiscard]] float hi_msl_m(int node_i, int node_j) const { return hi_msl_m_[grid_.node_index(node_i, node_j)]; }
  [[nodiscard]] float lo_msl_m(int node_i, int node_j) const { return lo_msl_m_[grid_.node_index(node_i, node_j)]; }
  [[nodiscard]] CellExtent extent(int i, int j) const { return extent_[grid_.index(i, j)]; }
  [[nodiscard]] bool flyable(int i, int j) const { return extent(i, j) == CellExtent::inside; }
  [[nodiscard]] std::span<const float> hi_nodes_msl_m() const { return hi_msl_m_.span(); }
  [[nodiscard]] std::span<const float> lo_nodes_msl_m() const { return lo_msl_m_.span(); }
  [[nodiscard]] std::span<const CellExtent> extents() const { return extent_.span(); }

 private:
  GridFrame grid_;
  FlatArray<float> hi_msl_m_;
  FlatArray<float> lo_msl_m_;
  FlatArray<CellExtent> extent_;
};

}  // namespace swiftlet::geo
