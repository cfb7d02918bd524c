#include "maps/region_terrain.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "maps/surface_model.hpp"
#include "maps/terrain_voids.hpp"

namespace swiftlet::maps {
namespace {

Error in_file(Error error, const TerrainSource& source) {
  if (error.where.empty()) error.where = source.path.string();
  return error;
}

void warn_of_voids(const VoidReport& report, const TerrainSource& source, std::vector<std::string>& warnings) {
  const std::string file = source.path.filename().string();
  if (report.filled > 0) {
    warnings.push_back(
        fmt::format("{}: {} cells without data in voids of up to {} cells, filled with the mean of the "
                    "cells around each void",
                    file, report.filled, source.max_void_cells));
  }
  if (report.sea > 0) {
    warnings.push_back(
        fmt::format("{}: {} cells without data, taken as open water at {} m", file, report.sea, *source.sea_level_m));
  }
  if (report.left > 0) {
    warnings.push_back(fmt::format(
        "{}: {} cells without data in larger voids; without another terrain nothing flies there", file, report.left));
  }
}

/// The radius of the ground filter in columns and rows, from the size of the cell in the middle of the raster.
std::pair<int, int> radius_in_cells(const geo::TerrainGrid& grid, double radius_m) {
  const Eigen::Vector2d middle(0.5 * (grid.columns() - 1), 0.5 * (grid.rows() - 1));
  const geo::Enu2 here = grid.lattice().to_local(middle);
  const auto cells = [&](const Eigen::Vector2d& step) {
    const double side_m = (grid.lattice().to_local(middle + step) - here).norm();
    return std::max(1, static_cast<int>(std::lround(radius_m / side_m)));
  };
  return {cells({1.0, 0.0}), cells({0.0, 1.0})};
}

/// An airspace of so many cells takes some 140 GB on the disk.
constexpr double kMostCells = 4e9;

Expected<void> check_cell_count(const geo::Box2& extent, const RegionManifest& manifest) {
  const geo::Enu2 size = extent.max - extent.min;
  const double cell_m = manifest.policy.cell_m;
  const double cells = std::ceil(size.x() / cell_m) * std::ceil(size.y() / cell_m);
  if (cells <= kMostCells) return {};
  const double fitting_m = std::ceil(std::sqrt(size.x() * size.y() / kMostCells) * 10.0) / 10.0;
  return fail(
      ErrorCode::value_invalid,
      fmt::format("cell_m = {} makes {:.2g} cells of {:.1f} x {:.1f} km of terrain; at most {:.2g} are compiled: "
                  "cell_m = {} would fit, or cut the terrain",
                  cell_m, cells, size.x() / 1000.0, size.y() / 1000.0, kMostCells, fitting_m),
      manifest.file.string());
}

}  // namespace

Expected<RegionTerrain> read_region_terrain(const RegionManifest& manifest) {
  RegionTerrain out;
  geo::Box2 extent;
  const bool has_dtm = std::any_of(manifest.terrain.begin(), manifest.terrain.end(),
                                   [](const TerrainSource& source) { return source.kind == "dtm"; });
  for (const TerrainSource& source : manifest.terrain) {
    auto raster = read_terrain(source.path, source.nodata);
    if (!raster) return Unexpected(raster.error());
    warn_of_voids(treat_voids(*raster, source), source, out.warnings);
    if (&source == &manifest.terrain.front()) {
      const auto centre = centre_of(*raster);
      if (!centre) return Unexpected(in_file(centre.error(), source));
      out.centre = *centre;
    }
    const geo::LocalFrame frame(out.centre);
    const auto box = local_extent(*raster, frame);
    if (!box) return Unexpected(in_file(box.error(), source));
    extent.include(box->min);
    extent.include(box->max);
    if (const auto fits = check_cell_count(extent, manifest); !fits) return Unexpected(fits.error());
    auto grid = to_grid(*raster, frame);
    if (!grid) return Unexpected(in_file(grid.error(), source));
    if (source.kind == "dsm") {
      out.surfaces.push_back({*grid, source.min_height_m});
      if (has_dtm) continue;
      const auto [kc, kr] = radius_in_cells(*grid, source.ground_radius_m);
      filter_ground(*raster, kc, kr);
      grid = geo::TerrainGrid(grid->lattice(), raster->columns, raster->rows, raster->heights_msl_m);
      out.warnings.push_back(
          fmt::format("{}: a surface model without a terrain model; its ground is a guess, the least height within "
                      "{} m ({} columns, {} rows), and all heights above ground count from there",
                      source.path.filename().string(), source.ground_radius_m, kc, kr));
    }
    out.ground.push_back(std::move(*raster));
    out.grids.push_back(std::move(*grid));
  }
  return out;
}

}  // namespace swiftlet::maps
