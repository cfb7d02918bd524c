#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "geo/polygon.hpp"

namespace swiftlet::geo {

/// A map from the local frame to a raster's own pixel coordinates, sampled on a square lattice and bilinear in
/// between. With a spacing of 50 m it differs from the exact projection by under 1 mm on the ground.
/// Pixel coordinates: (column, row), integers at cell centres.
struct PixelLattice {
  Enu2 origin = Enu2::Zero();
  double spacing_m = 50.0;
  int nx = 0;
  int ny = 0;
  std::vector<Eigen::Vector2d> pixel;  ///< nx * ny, row by row from the south-west

  [[nodiscard]] Eigen::Vector2d to_pixel(const Enu2& p_enu) const;
};

/// The terrain exactly as its source states it: bilinear between the cell centres of the source raster.
class TerrainModel {
 public:
  TerrainModel() = default;
  TerrainModel(PixelLattice lattice, int columns, int rows, std::vector<float> heights_msl_m);

  /// Terrain height above the datum; nothing outside the hull of the cell centres.
  [[nodiscard]] std::optional<double> height_msl_m(const Enu2& p_enu) const;
  /// The highest terrain on the closed footprint (edges and inside, holes excluded); nothing where any of it is
  /// beyond the raster's outer edge. In the half cell between hull and outer edge the terrain goes on level, as the
  /// nearest place of the hull has it. Exact up to the lattice: on the cell borders and along polygon edges the
  /// bilinear surface is at most quadratic, so its maximum is found in closed form.
  [[nodiscard]] std::optional<double> highest_msl_m(const MultiPolygon& footprint) const;
  /// Whether footprint and raster (to its outer edge) have a point in common.
  [[nodiscard]] bool touches_raster(const MultiPolygon& footprint) const;

  /// An upper bound of |height − bilinear interpolation of the four corner heights| over a square cell of the local
  /// frame with the given centre and side. Precondition: the square lies inside the hull. Precision: neglects
  /// what the lattice is wrong by (under 1 mm).
  [[nodiscard]] double interpolation_error_m(const Enu2& centre_enu, double side_m) const;

  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] const std::vector<float>& heights_msl_m() const { return heights_msl_m_; }
  [[nodiscard]] const PixelLattice& lattice() const { return lattice_; }

 private:
  [[nodiscard]] bool inside(const Eigen::Vector2d& pixel) const;
  [[nodiscard]] bool on_raster(const Eigen::Vector2d& pixel) const;
  [[nodiscard]] double extended(const Eigen::Vector2d& pixel) const;
  [[nodiscard]] double bilinear(const Eigen::Vector2d& pixel) const;
  [[nodiscard]] double node(int column, int row) const {
    return heights_msl_m_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                          static_cast<std::size_t>(column)];
  }
  [[nodiscard]] MultiPolygon in_pixels(const MultiPolygon& footprint) const;
  [[nodiscard]] std::optional<double> highest_on_edge(const Enu2& a_enu, const Enu2& b_enu) const;

  PixelLattice lattice_;
  int columns_ = 0;
  int rows_ = 0;
  std::vector<float> heights_msl_m_;
};

}  // namespace swiftlet::geo
