#pragma once

#include <array>
#include <optional>
#include <vector>

#include "geo/terrain_grid.hpp"

namespace swiftlet::geo {

/// The terrain under a footprint: the extremes over the closed footprint (edges and inside, holes excluded).
struct GroundUnder {
  double highest_msl_m = 0.0;  ///< −∞ where nothing of it has a ground
  double lowest_msl_m = 0.0;   ///< +∞ where nothing of it has a ground
  bool on_terrain = false;     ///< whether any of it lies on known terrain
  bool beyond = false;         ///< whether any of it has no ground
};

/// Heights at the corners of a square (south-west, south-east, north-west, north-east), bilinear in between, that
/// enclose the terrain all over it.
struct SquareBounds {
  std::array<double, 4> hi_msl_m;
  std::array<double, 4> lo_msl_m;
};

/// The terrain exactly as its sources state it. At a place the last source counts that knows it: whose four cell
/// centres around the place all hold data. Its height is bilinear between them. Where the known terrain of a source
/// ends inside another's, the terrain steps, and on the rim the heights on both sides count.
class TerrainModel {
 public:
  TerrainModel() = default;
  /// Later sources win.
  explicit TerrainModel(std::vector<TerrainGrid> sources);
  TerrainModel(PixelLattice lattice, int columns, int rows, FlatArray<float> heights_msl_m);

  /// Terrain height above the datum; nothing where no source knows it.
  [[nodiscard]] std::optional<double> height_msl_m(const Enu2& p_enu) const;
  /// The extremes of the terrain under a footprint. In the half cell between the hull of a raster's cell centres and
  /// its outer edge the ground goes on level, as the nearest place of the hull has it, where no source knows better.
  /// Exact up to the lattices: along polygon edges, borders of terrain cells and rims of sources the surface is at
  /// most quadratic, so its extremes are found in closed form.
  [[nodiscard]] GroundUnder ground_under(const MultiPolygon& footprint) const;

  /// Bounds of the terrain over a square of the local frame; nothing where no single source knows all of it, alone
  /// or under those that win over it. Precision: neglects what the lattices are wrong by (under 1 mm).
  [[nodiscard]] std::optional<SquareBounds> bounds_over(const Box2& square) const;
  /// Whether any of the square is known terrain, or may be.
  [[nodiscard]] bool may_touch(const Box2& square) const;

  [[nodiscard]] const std::vector<TerrainGrid>& sources() const { return sources_; }
  /// The lowest and the highest height that any source holds; +∞, −∞ where there is none.
  [[nodiscard]] double lowest_msl_m() const { return lowest_msl_m_; }
  [[nodiscard]] double highest_msl_m() const { return highest_msl_m_; }

 private:
  std::vector<TerrainGrid> sources_;
  double lowest_msl_m_ = std::numeric_limits<double>::infinity();
  double highest_msl_m_ = -std::numeric_limits<double>::infinity();
};

}  // namespace swiftlet::geo
