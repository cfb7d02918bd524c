#include "geo/terrain_bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "geo/huge_pages.hpp"

namespace swiftlet::geo {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// What the lattice and double arithmetic may be wrong by.
constexpr double kModelError_m = 0.001;

float rounded_up(double value) { return std::nextafter(static_cast<float>(value), kInfinity); }
float rounded_down(double value) { return std::nextafter(static_cast<float>(value), -kInfinity); }

/// What the lattice of a source maps into its hull, and a lattice cell more.
void include_hull(const TerrainGrid& source, Box2& cover) {
  const PixelLattice& lattice = source.lattice();
  for (int j = 0; j + 1 < lattice.ny; ++j) {
    for (int i = 0; i + 1 < lattice.nx; ++i) {
      Box2 pixels;
      for (const auto& [a, b] : {std::pair{i, j}, {i + 1, j}, {i, j + 1}, {i + 1, j + 1}}) {
        pixels.include(lattice.to_pixel(lattice.origin + lattice.spacing_m * Enu2(a, b)));
      }
      if (!pixels.intersects(source.hull())) continue;
      cover.include(lattice.origin + lattice.spacing_m * Enu2(i, j));
      cover.include(lattice.origin + lattice.spacing_m * Enu2(i + 1, j + 1));
    }
  }
}

}  // namespace

TerrainBounds::TerrainBounds(const GridFrame& grid, FlatArray<float> hi_msl_m, FlatArray<float> lo_msl_m,
                             FlatArray<CellExtent> extent)
    : grid_(grid), hi_msl_m_(std::move(hi_msl_m)), lo_msl_m_(std::move(lo_msl_m)), extent_(std::move(extent)) {
  const std::size_t nodes = (static_cast<std::size_t>(grid_.nx) + 1) * (static_cast<std::size_t>(grid_.ny) + 1);
  if (hi_msl_m_.size() != nodes || lo_msl_m_.size() != nodes || extent_.size() != grid_.cell_count()) {
    throw std::invalid_argument("TerrainBounds: surfaces do not fit the grid");
  }
}

void TerrainBounds::touch(int i0, int i1, int j0, int j1) const {
  if (!sealed() || i0 >= i1 || j0 >= j1) return;
  const std::size_t cells = static_cast<std::size_t>(i1 - i0);
  for (int j = j0; j < j1; ++j) extent_.touch(grid_.index(i0, j), cells);
  for (int j = j0; j <= j1; ++j) {
    hi_msl_m_.touch(grid_.node_index(i0, j), cells + 1);
    lo_msl_m_.touch(grid_.node_index(i0, j), cells + 1);
  }
}

// The cells of side cell_m, on multiples of it, that cover every source.
GridFrame TerrainBounds::covering(const TerrainModel& model, double cell_m) {
  Box2 cover;
  for (const TerrainGrid& source : model.sources()) include_hull(source, cover);
  GridFrame grid;
  grid.cell_m = cell_m;
  grid.origin = (cover.min / cell_m).array().floor().matrix() * cell_m;
  const Enu2 size = ((cover.max - grid.origin) / cell_m).array().ceil().matrix();
  grid.nx = static_cast<int>(size.x());
  grid.ny = static_cast<int>(size.y());
  return grid;
}

TerrainBounds TerrainBounds::enclose(const TerrainModel& model, const GridFrame& grid) {
  const std::size_t nodes = (static_cast<std::size_t>(grid.nx) + 1) * (static_cast<std::size_t>(grid.ny) + 1);
  HugePageVector<float> hi(nodes, kNan);
  HugePageVector<float> lo(nodes, kNan);
  std::vector<CellExtent> extent(grid.cell_count(), CellExtent::outside);
  for (int j = 0; j < grid.ny; ++j) {
    for (int i = 0; i < grid.nx; ++i) {
      const auto bounds = model.bounds_over(grid.cell(i, j));
      if (!bounds) {
        if (model.may_touch(grid.cell(i, j))) extent[grid.index(i, j)] = CellExtent::partly;
        continue;
      }
      extent[grid.index(i, j)] = CellExtent::inside;
      // Raising a corner raises the surface of every cell round it, so each node takes what the worst of them asks.
      const std::array corners{grid.node_index(i, j), grid.node_index(i + 1, j), grid.node_index(i, j + 1),
                               grid.node_index(i + 1, j + 1)};
      for (std::size_t k = 0; k < corners.size(); ++k) {
        const float up = rounded_up(bounds->hi_msl_m[k] + kModelError_m);
        const float down = rounded_down(bounds->lo_msl_m[k] - kModelError_m);
        hi[corners[k]] = std::fmax(hi[corners[k]], up);
        lo[corners[k]] = std::fmin(lo[corners[k]], down);
      }
    }
  }
  return {grid, std::move(hi), std::move(lo), std::move(extent)};
}

}  // namespace swiftlet::geo
