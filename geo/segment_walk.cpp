#include "geo/segment_walk.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "geo/airspace_view.hpp"
#include "geo/terrain_patch.hpp"

namespace swiftlet::geo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double inverse(double value) { return value == 0.0 ? kInfinity : 1.0 / value; }

}  // namespace

SegmentWalk::SegmentWalk(const ComposedTiles& tiles, const Enu3& a, const Enu3& b)
    : tiles_(tiles),
      floor_agl_m_(tiles.policy().min_height_agl_m + AirspaceView::kProofMargin_m),
      ceiling_agl_m_(tiles.policy().max_height_agl_m - AirspaceView::kProofMargin_m),
      a_(a),
      step_(b - a),
      per_step_(inverse(step_.x()), inverse(step_.y())) {}

bool SegmentWalk::is_free() const {
  const GridFrame& grid = tiles_.grid();
  const int top = tiles_.top_level();
  const bool east = step_.x() > 0.0;
  const bool north = step_.y() > 0.0;
  const int last_i = grid.nx - 1;
  const int last_j = grid.ny - 1;
  int i = std::min(static_cast<int>(a_.x()), last_i);
  int j = std::min(static_cast<int>(a_.y()), last_j);
  // Blocks about as wide as the segment is long, to begin with.
  const auto cells = static_cast<unsigned>(std::max(std::abs(step_.x()), std::abs(step_.y())));
  int level = std::min(top, static_cast<int>(std::bit_width(cells)) - 2);
  level = std::max(0, level);
  double t0 = 0.0;
  double z0 = a_.z();
  while (true) {
    const int bi = i >> level;
    const int bj = j >> level;
    const int edge_x = (east ? bi + 1 : bi) << level;
    const int edge_y = (north ? bj + 1 : bj) << level;
    const double tx = step_.x() == 0.0 ? kInfinity : (edge_x - a_.x()) * per_step_.x();
    const double ty = step_.y() == 0.0 ? kInfinity : (edge_y - a_.y()) * per_step_.y();
    const double t1 = std::max(t0, std::min(std::min(tx, ty), 1.0));
    const double z1 = z_at(t1);
    const HeightBand& band = tiles_.band(level, bi, bj);
    if (!band.holds(std::min(z0, z1), std::max(z0, z1)) && !is_above_leaning(level, bi, bj, band, {t0, t1})) {
      if (level > 0) {
        --level;
        continue;
      }
      if (!cell_is_free(i, j, {t0, t1})) return false;
    }
    if (t1 >= 1.0) return true;
    // Into the neighbour. Along the other axis the walk stays in the block that it leaves, whatever rounding says. Both
    // axes are worked out and one is chosen: which of them comes first, no processor can foresee.
    const bool across_x = tx <= ty;
    const int next_i = east ? edge_x : edge_x - 1;
    const int next_j = north ? edge_y : edge_y - 1;
    const int same_i =
        std::clamp(static_cast<int>(a_.x() + t1 * step_.x()), bi << level, std::min(((bi + 1) << level) - 1, last_i));
    const int same_j =
        std::clamp(static_cast<int>(a_.y() + t1 * step_.y()), bj << level, std::min(((bj + 1) << level) - 1, last_j));
    i = across_x ? next_i : same_i;
    j = across_x ? same_j : next_j;
    const int edge = across_x ? edge_x : edge_y;
    if (i < 0 || j < 0 || i > last_i || j > last_j) return true;  // both ends are inside: this is the end, rounded
    // At the edge of a larger block, that one may hold the rest.
    level += level < top && (edge & ((2 << level) - 1)) == 0 ? 1 : 0;
    t0 = t1;
    z0 = z1;
  }
}

bool SegmentWalk::is_above_leaning(int level, int bi, int bj, const HeightBand& band, Part part) const {
  if (level > TileBands::kLastLeaning || level == 0 || !TileBands::leans(band)) return false;
  const double z0 = z_at(part.t0);
  const double z1 = z_at(part.t1);
  if (std::max(z0, z1) > band.ceiling_msl_m) return false;
  const LeaningFloor& floor = tiles_.leaning(level, bi, bj);
  const double u0 = a_.x() - (bi << level);
  const double v0 = a_.y() - (bj << level);
  return z0 >= floor.msl_m(u0 + part.t0 * step_.x(), v0 + part.t0 * step_.y()) &&
         z1 >= floor.msl_m(u0 + part.t1 * step_.x(), v0 + part.t1 * step_.y());
}

bool SegmentWalk::cell_is_free(int i, int j, Part part) const {
  const ComposedTiles::Tile& tile = tiles_.at_cell(i, j);
  const int mask = TileGrid::kCells - 1;
  const std::size_t n = ViewTile::cell(i & mask, j & mask);
  const double z0 = z_at(part.t0);
  const double z1 = z_at(part.t1);
  const double lowest = std::min(z0, z1);
  const double highest = std::max(z0, z1);
  if (tile.zones != nullptr && !tile.zones->limits[n].holds(lowest, highest)) return false;
  const RefinableFloor floor = tile.layers->safe_floor[n];
  if (floor.is_refined()) {
    if (!quarters_are_free(tile, floor, Enu2(i, j), 1.0, part)) return false;
  } else if (lowest < floor.msl_m()) {
    return false;
  }
  const TerrainBounds& terrain = tiles_.airspace().bounds;
  const Enu3 p = a_ + part.t0 * step_;
  const Enu3 q = a_ + part.t1 * step_;
  const double du_dv = (q.x() - p.x()) * (q.y() - p.y());
  const HeightBand& band = tile.bands.cell(n);
  if (lowest < band.floor_msl_m) {
    const TerrainPatch hi{terrain.hi_msl_m(i, j), terrain.hi_msl_m(i + 1, j), terrain.hi_msl_m(i, j + 1),
                          terrain.hi_msl_m(i + 1, j + 1)};
    const double above0 = p.z() - hi.at(p.x() - i, p.y() - j);
    const double above1 = q.z() - hi.at(q.x() - i, q.y() - j);
    if (!(parabola_min(above0, above1, -hi.twist() * du_dv) >= floor_agl_m_)) return false;
  }
  if (highest > band.ceiling_msl_m) {
    const TerrainPatch lo{terrain.lo_msl_m(i, j), terrain.lo_msl_m(i + 1, j), terrain.lo_msl_m(i, j + 1),
                          terrain.lo_msl_m(i + 1, j + 1)};
    const double below0 = lo.at(p.x() - i, p.y() - j) - p.z();
    const double below1 = lo.at(q.x() - i, q.y() - j) - q.z();
    if (!(parabola_min(below0, below1, lo.twist() * du_dv) >= -ceiling_agl_m_)) return false;
  }
  return tile.floating.empty() || clears_floating(tile, p, q);
}

/// Whether the part p-q of the segment, in cells, keeps clear of what floats about its tile.
bool SegmentWalk::clears_floating(const ComposedTiles::Tile& tile, const Enu3& p, const Enu3& q) const {
  const GridFrame& grid = tiles_.grid();
  const auto to_enu = [&](const Enu3& g) {
    return Enu3(grid.origin.x() + g.x() * grid.cell_m, grid.origin.y() + g.y() * grid.cell_m, g.z());
  };
  return std::all_of(tile.floating.begin(), tile.floating.end(), [&](std::uint32_t k) {
    return clears(tiles_.airspace().obstacles[k], tiles_.policy(), to_enu(p), to_enu(q));
  });
}

/// The part of the segment lies in the square of that corner and side: it is cut where it passes from quarter to
/// quarter.
bool SegmentWalk::quarters_are_free(const ComposedTiles::Tile& tile, RefinableFloor floor, const Enu2& corner,
                                    double side, Part part) const {
  if (!floor.is_refined()) return std::min(z_at(part.t0), z_at(part.t1)) >= floor.msl_m();
  if (floor.quad() >= tile.quads.size()) return false;
  const FloorQuad& quad = tile.quads[floor.quad()];
  const double half = 0.5 * side;
  const Enu2 middle = corner + Enu2(half, half);
  double cut[4] = {part.t0, part.t1, part.t1, part.t1};
  int cuts = 1;
  for (int axis = 0; axis < 2; ++axis) {
    if (step_[axis] == 0.0) continue;
    const double t = (middle[axis] - a_[axis]) * per_step_[axis];
    if (t > part.t0 && t < part.t1) cut[cuts++] = t;
  }
  if (cuts == 3 && cut[1] > cut[2]) std::swap(cut[1], cut[2]);
  cut[cuts] = part.t1;
  for (int k = 0; k < cuts; ++k) {
    const double tm = 0.5 * (cut[k] + cut[k + 1]);
    const int to_east = a_.x() + tm * step_.x() >= middle.x() ? 1 : 0;
    const int to_north = a_.y() + tm * step_.y() >= middle.y() ? 1 : 0;
    const RefinableFloor quarter =
        quad.safe[static_cast<std::size_t>(to_east) + 2 * static_cast<std::size_t>(to_north)];
    if (quarter.is_refined() && quarter.quad() <= floor.quad()) return false;  // quads are numbered downwards
    if (!quarters_are_free(tile, quarter, corner + half * Enu2(to_east, to_north), half, {cut[k], cut[k + 1]})) {
      return false;
    }
  }
  return true;
}

}  // namespace swiftlet::geo
