#include "geo/terrain_bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace swiftlet::geo {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// What the lattice and double arithmetic may be wrong by.
constexpr double kModelError_m = 0.001;

float rounded_up(double value) { return std::nextafter(static_cast<float>(value), kInfinity); }
float rounded_down(double value) { return std::nextafter(static_cast<float>(value), -kInfinity); }

/// The cells of side cell_m, on multiples of it, that cover everything the lattice maps into the hull.
GridFrame covering_grid(const TerrainModel& model, double cell_m) {
  const PixelLattice& lattice = model.lattice();
  const Box2 hull{Enu2::Zero(), Enu2(model.columns() - 1, model.rows() - 1)};
  Box2 cover;
  for (int j = 0; j + 1 < lattice.ny; ++j) {
    for (int i = 0; i + 1 < lattice.nx; ++i) {
      Box2 pixels;
      for (const auto& [a, b] : {std::pair{i, j}, {i + 1, j}, {i, j + 1}, {i + 1, j + 1}}) {
        pixels.include(lattice.to_pixel(lattice.origin + lattice.spacing_m * Enu2(a, b)));
      }
      if (!pixels.intersects(hull)) continue;
      cover.include(lattice.origin + lattice.spacing_m * Enu2(i, j));
      cover.include(lattice.origin + lattice.spacing_m * Enu2(i + 1, j + 1));
    }
  }
  GridFrame grid;
  grid.cell_m = cell_m;
  grid.origin = (cover.min / cell_m).array().floor().matrix() * cell_m;
  const Enu2 size = ((cover.max - grid.origin) / cell_m).array().ceil().matrix();
  grid.nx = static_cast<int>(size.x());
  grid.ny = static_cast<int>(size.y());
  return grid;
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

TerrainBounds TerrainBounds::enclose(const TerrainModel& model, double cell_m) {
  const GridFrame grid = covering_grid(model, cell_m);
  const std::size_t nodes = (static_cast<std::size_t>(grid.nx) + 1) * (static_cast<std::size_t>(grid.ny) + 1);
  std::vector<double> height(nodes, std::numeric_limits<double>::quiet_NaN());
  for (int j = 0; j <= grid.ny; ++j) {
    for (int i = 0; i <= grid.nx; ++i) {
      if (const auto h = model.height_msl_m(grid.node(i, j))) height[grid.node_index(i, j)] = *h;
    }
  }

  const Box2 hull{Enu2::Zero(), Enu2(model.columns() - 1, model.rows() - 1)};
  std::vector<CellExtent> extent(grid.cell_count(), CellExtent::outside);
  std::vector<double> error(nodes, -1.0);  // of the worst flyable cell round the node; −1 where there is none
  for (int j = 0; j < grid.ny; ++j) {
    for (int i = 0; i < grid.nx; ++i) {
      const std::array corners{grid.node_index(i, j), grid.node_index(i + 1, j), grid.node_index(i, j + 1),
                               grid.node_index(i + 1, j + 1)};
      const bool whole = std::all_of(corners.begin(), corners.end(), [&](auto n) { return std::isfinite(height[n]); });
      if (!whole) {
        Box2 pixels;
        for (const auto& [a, b] : {std::pair{i, j}, {i + 1, j}, {i, j + 1}, {i + 1, j + 1}}) {
          pixels.include(model.lattice().to_pixel(grid.node(a, b)));
        }
        if (pixels.intersects(hull)) extent[grid.index(i, j)] = CellExtent::partly;
        continue;
      }
      extent[grid.index(i, j)] = CellExtent::inside;
      const double e = model.interpolation_error_m(grid.centre(i, j), grid.cell_m) + kModelError_m;
      for (const auto n : corners) error[n] = std::max(error[n], e);
    }
  }

  std::vector<float> hi(nodes, kNan);
  std::vector<float> lo(nodes, kNan);
  for (std::size_t n = 0; n < nodes; ++n) {
    if (error[n] < 0.0) continue;
    hi[n] = rounded_up(height[n] + error[n]);
    lo[n] = rounded_down(height[n] - error[n]);
  }
  return {grid, std::move(hi), std::move(lo), std::move(extent)};
}

}  // namespace swiftlet::geo
