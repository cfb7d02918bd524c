#pragma once

#include "geo/composed_tiles.hpp"

namespace swiftlet::geo {

/// The exact test of one segment against a view's tiles: it walks along the segment from block to block, in the
/// largest blocks whose band holds it, and down to cells, quarters of cells and the terrain's patches where none does.
class SegmentWalk {
 public:
  /// a, b: x and y in cells from the grid's corner, z above the datum. Precondition: both lie inside the grid, closed.
  SegmentWalk(const ComposedTiles& tiles, const Enu3& a, const Enu3& b);

  [[nodiscard]] bool is_free() const;

 private:
  /// A part of the segment, from t0 to t1.
  struct Part {
    double t0, t1;
  };
  [[nodiscard]] double z_at(double t) const { return a_.z() + t * step_.z(); }
  /// Whether a block's leaning floor, and its level ceiling, prove the part free that its band does not.
  [[nodiscard]] bool is_above_leaning(int level, int bi, int bj, const HeightBand& band, Part part) const;
  [[nodiscard]] bool cell_is_free(int i, int j, Part part) const;
  [[nodiscard]] bool clears_floating(const ComposedTiles::Tile& tile, const Enu3& p, const Enu3& q) const;
  [[nodiscard]] bool quarters_are_free(const ComposedTiles::Tile& tile, RefinableFloor floor, const Enu2& corner,
                                       double side, Part part) const;

  const ComposedTiles& tiles_;
  const double floor_agl_m_;
  const double ceiling_agl_m_;
  Enu3 a_;
  Enu3 step_;
  Enu2 per_step_;  ///< 1 / step_; infinite where it is 0
};

}  // namespace swiftlet::geo
