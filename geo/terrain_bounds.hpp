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
/// flyable cell are NaN. Where they lie in a mapped file, they are to be touched before they are read.
class TerrainBounds {
 public:
  TerrainBounds() = default;
  /// From vectors, or from foreign memory that the arrays' owner keeps alive.
  TerrainBounds(const GridFrame& grid, FlatArray<float> hi_msl_m, FlatArray<float> lo_msl_m,
                FlatArray<CellExtent> extent);

  /// The grid of cell_m that covers everything the model knows.
  [[nodiscard]] static GridFrame covering(const TerrainModel& model, double cell_m);
  /// Encloses `model` on the grid that covers it.
  [[nodiscard]] static TerrainBounds enclose(const TerrainModel& model, double cell_m) {
    return enclose(model, covering(model, cell_m));
  }
  /// Encloses what of `model` lies on a grid. A node takes what every cell round it asks: at the rim of a grid that is
  /// part of a larger one it lacks the cells beyond.
  [[nodiscard]] static TerrainBounds enclose(const TerrainModel& model, const GridFrame& grid);
  /// The grid alone, for those who only ask where it lies. Its surfaces must not be read.
  [[nodiscard]] static TerrainBounds frame_only(const GridFrame& grid) {
    TerrainBounds bounds;
    bounds.grid_ = grid;
    return bounds;
  }

  [[nodiscard]] const GridFrame& grid() const { return grid_; }
  [[nodiscard]] float hi_msl_m(int node_i, int node_j) const { return hi_msl_m_[grid_.node_index(node_i, node_j)]; }
  [[nodiscard]] float lo_msl_m(int node_i, int node_j) const { return lo_msl_m_[grid_.node_index(node_i, node_j)]; }
  [[nodiscard]] CellExtent extent(int i, int j) const { return extent_[grid_.index(i, j)]; }
  [[nodiscard]] bool flyable(int i, int j) const { return extent(i, j) == CellExtent::inside; }
  [[nodiscard]] std::span<const float> hi_nodes_msl_m() const { return hi_msl_m_.span(); }
  [[nodiscard]] std::span<const float> lo_nodes_msl_m() const { return lo_msl_m_.span(); }
  [[nodiscard]] std::span<const CellExtent> extents() const { return extent_.span(); }

  [[nodiscard]] bool sealed() const { return hi_msl_m_.sealed() || lo_msl_m_.sealed() || extent_.sealed(); }
  /// Makes sure that everything over the cells [i0, i1) × [j0, j1) is sound, their nodes included. Throws
  /// AirspaceDamaged.
  void touch(int i0, int i1, int j0, int j1) const;
  void touch_all() const { touch(0, grid_.nx, 0, grid_.ny); }

 private:
  GridFrame grid_;
  FlatArray<float> hi_msl_m_;
  FlatArray<float> lo_msl_m_;
  FlatArray<CellExtent> extent_;
};

}  // namespace swiftlet::geo
