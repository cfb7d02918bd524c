#include "maps/airspace_strips.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "geo/tile_derivation.hpp"

namespace swiftlet::maps {
namespace {

using geo::GridFrame;
using geo::TerrainBounds;
using geo::TileGrid;

/// Some rows of cells of a grid as a grid of their own.
GridFrame rows_of(const GridFrame& grid, int j0, int j1) {
  return {.origin = grid.node(0, j0), .cell_m = grid.cell_m, .nx = grid.nx, .ny = j1 - j0};
}

/// The bounds over some rows. They are enclosed with a row more on either side, whose cells the outermost nodes touch.
TerrainBounds bounds_over(const geo::TerrainModel& terrain, const GridFrame& grid, int j0, int j1) {
  const int from = std::max(0, j0 - 1);
  const TerrainBounds wide = TerrainBounds::enclose(terrain, rows_of(grid, from, std::min(grid.ny, j1 + 1)));
  const auto cut = [](auto values, std::size_t first, std::size_t count) {
    const auto part = values.subspan(first, count);
    return std::vector(part.begin(), part.end());
  };
  const auto below = static_cast<std::size_t>(j0 - from);
  const auto rows = static_cast<std::size_t>(j1 - j0);
  const auto cells = static_cast<std::size_t>(grid.nx);
  return {rows_of(grid, j0, j1), cut(wide.hi_nodes_msl_m(), below * (cells + 1), (rows + 1) * (cells + 1)),
          cut(wide.lo_nodes_msl_m(), below * (cells + 1), (rows + 1) * (cells + 1)),
          cut(wide.extents(), below * cells, rows * cells)};
}

AirspaceStrip compile_strip(const geo::Airspace& airspace, const geo::ObstacleIndex& index, int tile_row) {
  const GridFrame& grid = airspace.bounds.grid();
  const int j0 = tile_row * TileGrid::kCells;
  AirspaceStrip strip{.tile_row = tile_row,
                      .bounds = bounds_over(airspace.terrain, grid, j0, std::min(grid.ny, j0 + TileGrid::kCells)),
                      .tiles = {},
                      .upper = {},
                      .quads = {}};
  geo::Airspace part;  // what a deriver asks of an airspace
  part.obstacles = airspace.obstacles;
  part.bounds = strip.bounds;
  const TileGrid tiles(strip.bounds.grid());
  strip.tiles.resize(tiles.count());
  strip.upper.resize(tiles.count());
  strip.quads.resize(tiles.count());
  geo::TileDeriver deriver(part, airspace.policy, index);
  for (std::size_t n = 0; n < tiles.count(); ++n) {
    deriver.derive(static_cast<int>(n), 0, strip.tiles[n], strip.upper[n], strip.quads[n]);
  }
  return strip;
}

}  // namespace

const geo::HeightBand& AirspaceStrip::band(int i, int j) const {
  const auto n = static_cast<std::size_t>(i >> TileGrid::kLevels);
  return geo::TileBands(upper[n], tiles[n].safe).at(0, i & (TileGrid::kCells - 1), j);
}

Expected<void> for_each_strip(const geo::Airspace& airspace, const geo::ObstacleIndex& index, unsigned threads,
                              const std::function<Expected<void>(const AirspaceStrip&)>& take) {
  const int count = TileGrid(airspace.bounds.grid()).ny;
  std::mutex mutex;
  std::condition_variable turn;
  int next_to_compile = 0;
  int next_to_take = 0;
  Expected<void> done;
  std::exception_ptr failed;
  const auto work = [&] {
    std::unique_lock lock(mutex);
    try {
      while (done && !failed && next_to_compile < count) {
        const int row = next_to_compile++;
        lock.unlock();
        const AirspaceStrip strip = compile_strip(airspace, index, row);
        lock.lock();
        turn.wait(lock, [&] { return next_to_take == row || !done || failed; });
        if (!done || failed) return;
        lock.unlock();  // nobody else's turn comes before this one has been taken
        auto taken = take(strip);
        lock.lock();
        if (!taken) done = std::move(taken);
        ++next_to_take;
        turn.notify_all();
      }
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      failed = std::current_exception();
      turn.notify_all();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned k = 1; k < threads && static_cast<int>(k) < count; ++k) helpers.emplace_back(work);
    work();
  }
  if (failed) std::rethrow_exception(failed);
  return done;
}

}  // namespace swiftlet::maps
