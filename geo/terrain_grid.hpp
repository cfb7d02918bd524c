#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "geo/flat_array.hpp"
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
  /// The inverse, to a nanometre. Precondition: the pixel is one that the lattice reaches.
  [[nodiscard]] Enu2 to_local(const Eigen::Vector2d& pixel) const;
};

/// How a place lies to the known terrain of a raster: to the closed union of those squares between four cell centres
/// whose corners all hold data.
enum class Coverage : unsigned char { none, edge, interior };

/// What a scan over all heights of a raster finds.
struct HeightRange {
  double lowest_msl_m;   ///< +∞ where there is no data
  double highest_msl_m;  ///< −∞ where there is no data
  bool complete;         ///< whether every cell holds data
};

/// One terrain raster in its own pixel coordinates: bilinear between cell centres, NaN where it holds no data.
class TerrainGrid {
 public:
  /// Precondition (throws std::invalid_argument): at least 2 x 2 cells, as many heights as cells.
  TerrainGrid(PixelLattice lattice, int columns, int rows, FlatArray<float> heights_msl_m);
  /// The same for heights that need not be scanned again.
  TerrainGrid(PixelLattice lattice, int columns, int rows, FlatArray<float> heights_msl_m, const HeightRange& range);

  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] const PixelLattice& lattice() const { return lattice_; }
  /// Every height, row by row from the file's first; touched, so that they may be read. Throws AirspaceDamaged.
  [[nodiscard]] std::span<const float> heights_msl_m() const {
    heights_msl_m_.touch_all();
    return heights_msl_m_.span();
  }
  [[nodiscard]] const HeightRange& range() const { return range_; }

  [[nodiscard]] double node(int column, int row) const {
    const std::size_t n =
        static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
    heights_msl_m_.touch(n);
    return heights_msl_m_[n];
  }
  /// Whether the square whose first corner is node (column, row) is known. Precondition: it is one of the raster's.
  [[nodiscard]] bool known(int column, int row) const {
    return range_.complete ||
           std::isfinite(node(column, row) + node(column + 1, row) + node(column, row + 1) + node(column + 1, row + 1));
  }
  /// Places within a millionth of a cell of the known terrain's rim count as on it.
  [[nodiscard]] Coverage coverage(const Eigen::Vector2d& pixel) const;
  /// Between the hull of the cell centres and the raster's outer edge, half a cell: whether the nearest place of the
  /// hull is known.
  [[nodiscard]] bool extends_to(const Eigen::Vector2d& pixel) const;

  /// The height in a known square at or next to the pixel; the nearest place of the hull stands for one outside it.
  /// Precondition: coverage is not none, or extends_to holds.
  [[nodiscard]] double height_msl_m(const Eigen::Vector2d& pixel) const;

  /// The squares that a box in pixel coordinates touches, cut to the raster.
  struct Squares {
    int c0, c1, r0, r1;
    [[nodiscard]] bool empty() const { return c0 > c1 || r0 > r1; }
  };
  [[nodiscard]] Squares squares_touching(const Box2& pixels) const;
  [[nodiscard]] Box2 hull() const { return {Enu2::Zero(), Enu2(columns_ - 1, rows_ - 1)}; }

  /// An upper bound of |height − bilinear interpolation of the four corner heights| over a square of the local frame
  /// with the given pixel bounds. Precondition: everything in the bounds is known.
  [[nodiscard]] double interpolation_error_m(const Box2& pixels) const;

 private:
  /// Throws std::invalid_argument.
  void check_size() const;

  PixelLattice lattice_;
  int columns_;
  int rows_;
  FlatArray<float> heights_msl_m_;  ///< copies of a grid share them
  HeightRange range_;
};

}  // namespace swiftlet::geo
