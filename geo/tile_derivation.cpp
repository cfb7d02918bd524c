#include "geo/tile_derivation.hpp"

#include <algorithm>
#include <array>

#include "geo/airspace_view.hpp"
#include "geo/floating_obstacles.hpp"

namespace swiftlet::geo {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kMargin_m = AirspaceView::kProofMargin_m;

/// Cells of which obstacles leave a band of less than this are refined as well: on a slope neighbours may not meet in
/// what is left.
constexpr float kThinBand_m = 2.0F;

}  // namespace

TileDeriver::TileDeriver(const Airspace& airspace, const Policy& policy, const ObstacleIndex& index)
    : airspace_(airspace), policy_(policy), index_(index) {}

/// Places the tile and looks at its terrain.
TileDeriver::Draft TileDeriver::begin(int ti, int tj) {
  const TerrainBounds& bounds = airspace_.bounds;
  const GridFrame& grid = bounds.grid();
  Draft draft;
  draft.i0 = ti * TileGrid::kCells;
  draft.j0 = tj * TileGrid::kCells;
  draft.window = {.origin = grid.node(draft.i0, draft.j0),
                  .cell_m = grid.cell_m,
                  .nx = std::min(TileGrid::kCells, grid.nx - draft.i0),
                  .ny = std::min(TileGrid::kCells, grid.ny - draft.j0)};
  terrain_.assign(ViewTile::kCells,
                  {CellExtent::outside, HeightBand::closed(), HeightBand::closed(), FloorPatch::level(kInfinity)});
  for (int j = 0; j < draft.window.ny; ++j) {
    for (int i = 0; i < draft.window.nx; ++i) {
      CellTerrain& cell = terrain_[ViewTile::cell(i, j)];
      const int gi = draft.i0 + i;
      const int gj = draft.j0 + j;
      cell.extent = bounds.extent(gi, gj);
      if (cell.extent == CellExtent::partly) cell.optimistic = HeightBand::unlimited();
      if (cell.extent != CellExtent::inside) continue;
      const std::array hi{bounds.hi_msl_m(gi, gj), bounds.hi_msl_m(gi + 1, gj), bounds.hi_msl_m(gi, gj + 1),
                          bounds.hi_msl_m(gi + 1, gj + 1)};
      const std::array lo{bounds.lo_msl_m(gi, gj), bounds.lo_msl_m(gi + 1, gj), bounds.lo_msl_m(gi, gj + 1),
                          bounds.lo_msl_m(gi + 1, gj + 1)};
      const double highest = std::max(std::max(hi[0], hi[1]), std::max(hi[2], hi[3]));
      const double lowest = std::min(std::min(lo[0], lo[1]), std::min(lo[2], lo[3]));
      const auto over = [&](float terrain_msl_m) {
        return rounded_up(terrain_msl_m + policy_.min_height_agl_m + kMargin_m);
      };
      cell.floor = {over(hi[0]), over(hi[1]), over(hi[2]), over(hi[3])};
      cell.safe = {rounded_up(highest + policy_.min_height_agl_m + kMargin_m),
                   rounded_down(lowest + policy_.max_height_agl_m - kMargin_m)};
      cell.optimistic = {rounded_down(lowest + policy_.min_height_agl_m - kMargin_m),
                         rounded_up(highest + policy_.max_height_agl_m + kMargin_m)};
    }
  }
  return draft;
}

/// Finds the obstacles that may bind in the tile.
void TileDeriver::sort_obstacles(Draft& draft) const {
  float lowest_floor = kInfinity;
  float lowest_ceiling = kInfinity;
  for (const CellTerrain& cell : terrain_) {
    if (cell.extent == CellExtent::outside) continue;
    lowest_floor = std::min(lowest_floor, cell.optimistic.floor_msl_m);
    if (cell.extent == CellExtent::inside) lowest_ceiling = std::min(lowest_ceiling, cell.safe.ceiling_msl_m);
  }
  if (lowest_floor == kInfinity) return;  // nothing to fly in
  const CellWindow& w = draft.window;
  const Box2 box{w.origin, w.origin + w.cell_m * Enu2(w.nx, w.ny)};
  for (const std::size_t k :
       index_.meeting(airspace_.obstacles, box.grown(policy_.lateral_clearance_m + 2.0 * kMargin_m))) {
    if (floats(airspace_.obstacles[k], policy_)) {
      draft.floating.push_back(k);
      continue;
    }
    const float floor = rounded_up(airspace_.obstacles[k].top_msl_m + policy_.vertical_clearance_m + kMargin_m);
    if (floor <= lowest_floor) continue;
    (floor > lowest_ceiling - kThinBand_m ? draft.high : draft.low).push_back(k);
  }
}

/// Raises floors round obstacles.
void TileDeriver::raise(const CellWindow& window, const std::vector<std::size_t>& obstacles, ObstacleFloors& floors) {
  floors.reset(window.nx, window.ny);
  const auto lift = [&](std::vector<float>& values, float to) {
    mask_.for_each_run([&](int j, int i0, int i1) {
      float* row = values.data() + floors.index(0, j);
      for (int i = i0; i <= i1; ++i) row[i] = std::max(row[i], to);
    });
  };
  for (const std::size_t k : obstacles) {
    const Obstacle& obstacle = airspace_.obstacles[k];
    mask_.reset(window);
    mask_.add_near(obstacle.footprint, policy_.lateral_clearance_m + kMargin_m);
    lift(floors.safe_msl_m, rounded_up(obstacle.top_msl_m + policy_.vertical_clearance_m + kMargin_m));
    mask_.reset(window);
    mask_.add_within(obstacle.footprint, policy_.lateral_clearance_m - kMargin_m - obstacle.enclosure_m);
    lift(floors.optimistic_msl_m, rounded_down(obstacle.top_msl_m + policy_.vertical_clearance_m - kMargin_m));
  }
}

/// Whether it matters that safe and optimistic floor differ: the cell is as good as closed, and may be open.
bool TileDeriver::is_contested(const CellTerrain& cell, float safe_msl_m, float optimistic_msl_m) const {
  return cell.extent == CellExtent::inside && safe_msl_m > cell.safe.ceiling_msl_m - kThinBand_m &&
         safe_msl_m > cell.safe.floor_msl_m && optimistic_msl_m < safe_msl_m &&
         std::max(optimistic_msl_m, cell.optimistic.floor_msl_m) <= cell.optimistic.ceiling_msl_m;
}

/// Puts everything together, and refines where it matters.
void TileDeriver::settle(const Draft& draft, ViewTile& tile, std::vector<FloorQuad>& quads) {
  const int quarters = 1 << refinement_depth(draft.window.cell_m);
  const auto floors_of = [&](int i, int j) {
    const std::size_t k = low_.index(i, j);
    return std::pair{std::max(low_.safe_msl_m[k], high_.safe_msl_m[k]),
                     std::max(low_.optimistic_msl_m[k], high_.optimistic_msl_m[k])};
  };
  // The fine floors are those of the box round all contested cells.
  int ci0 = TileGrid::kCells, cj0 = TileGrid::kCells, ci1 = -1, cj1 = -1;
  std::uint64_t contested[TileGrid::kCells] = {};
  for (int j = 0; j < draft.window.ny; ++j) {
    for (int i = 0; i < draft.window.nx; ++i) {
      const auto [safe, optimistic] = floors_of(i, j);
      if (!is_contested(terrain_[ViewTile::cell(i, j)], safe, optimistic)) continue;
      contested[j] |= std::uint64_t{1} << static_cast<unsigned>(i);
      ci0 = std::min(ci0, i);
      ci1 = std::max(ci1, i);
      cj0 = std::min(cj0, j);
      cj1 = std::max(cj1, j);
    }
  }
  if (ci1 >= 0 && quarters > 1) {
    raise({.origin = draft.window.origin + draft.window.cell_m * Enu2(ci0, cj0),
           .cell_m = draft.window.cell_m / quarters,
           .nx = (ci1 - ci0 + 1) * quarters,
           .ny = (cj1 - cj0 + 1) * quarters},
          draft.high, fine_);
  }
  for (int j = 0; j < draft.window.ny; ++j) {
    for (int i = 0; i < draft.window.nx; ++i) {
      const std::size_t n = ViewTile::cell(i, j);
      const CellTerrain& cell = terrain_[n];
      if (cell.extent == CellExtent::outside) continue;
      auto [safe, optimistic] = floors_of(i, j);
      tile.safe_floor[n] = RefinableFloor(safe);
      if (cell.extent != CellExtent::inside) tile.safe_floor[n] = RefinableFloor(kInfinity);
      if (quarters > 1 && ((contested[j] >> static_cast<unsigned>(i)) & 1U) != 0) {
        const HeightBand matters{cell.optimistic.floor_msl_m, cell.optimistic.ceiling_msl_m};
        const RefinedCell refined =
            refine_cell(fine_, (i - ci0) * quarters, (j - cj0) * quarters, quarters, low_.safe_msl_m[low_.index(i, j)],
                        low_.optimistic_msl_m[low_.index(i, j)], matters, quads);
        tile.safe_floor[n] = refined.safe;
        safe = std::min(safe, refined.highest_safe_msl_m);
        optimistic = std::max(optimistic, refined.lowest_optimistic_msl_m);
      }
      tile.optimistic_floor_msl_m[n] = optimistic;
      if (cell.extent != CellExtent::inside) continue;
      tile.safe.cells[n] = {std::max(safe, cell.safe.floor_msl_m), cell.safe.ceiling_msl_m};
      const FloorPatch& ground = cell.floor;
      floors_[n] = {std::max(safe, ground.sw), std::max(safe, ground.se), std::max(safe, ground.nw),
                    std::max(safe, ground.ne)};
    }
  }
}

/// A band is one range of altitudes: floating obstacles leave it what is below them or what is above. What lies beyond
/// that is found free by the exact test alone.
void TileDeriver::cut_by_floating(const Draft& draft, ViewTile& tile) {
  for (const std::size_t k : draft.floating) {
    const Obstacle& obstacle = airspace_.obstacles[k];
    const TakenAltitudes taken(obstacle, policy_);
    mask_.reset(draft.window);
    mask_.add_near(obstacle.footprint, policy_.lateral_clearance_m + kMargin_m);
    mask_.for_each_run([&](int j, int i0, int i1) {
      for (int i = i0; i <= i1; ++i) {
        HeightBand& band = tile.safe.cells[ViewTile::cell(i, j)];
        taken.cut(band);
        floors_[ViewTile::cell(i, j)] = FloorPatch::of(band);
      }
    });
  }
}

void TileDeriver::derive(int ti, int tj, ViewTile& tile, TileBands::Upper& upper, std::vector<FloorQuad>& quads) {
  tile.safe.cells.fill(HeightBand::closed());
  tile.safe_floor.fill(RefinableFloor(kInfinity));
  floors_.assign(ViewTile::kCells, FloorPatch::level(kInfinity));
  tile.optimistic_floor_msl_m.fill(kInfinity);
  Draft draft = begin(ti, tj);
  sort_obstacles(draft);
  raise(draft.window, draft.low, low_);
  raise(draft.window, draft.high, high_);
  settle(draft, tile, quads);
  cut_by_floating(draft, tile);
  TileBands::build_levels(tile.safe, upper);
  TileBands::lean(tile.safe, upper, floors_);
}

}  // namespace swiftlet::geo
