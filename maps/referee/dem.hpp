#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/gis_source.hpp"
#include "maps/referee/plane.hpp"

namespace swiftlet::maps::referee {

/// The terrain along a stretch of a straight line in pixel coordinates that stays in one cell: quadratic in
/// sigma = (s - from) / (to - from), s being the fraction along the whole line.
struct TerrainSpan {
  double from = 0.0;
  double to = 1.0;
  double constant_m = 0.0;
  double linear_m = 0.0;
  double square_m = 0.0;
  bool known = true;  ///< false where the cell lacks data
};

/// The highest terrain on a footprint, and how the footprint lies to the terrain.
struct GroundUnder {
  double highest_m = 0.0;
  bool meets_hull = false;     ///< any of it inside the hull of the cell centres
  bool leaves_raster = false;  ///< any of it outside the raster's pixels
  bool lacks_data = false;
};

/// A terrain raster in its own pixel coordinates, bilinear between cell centres. Between the hull of the centres and
/// the raster's edge, half a pixel wide, the terrain is held constant outwards.
class Dem {
 public:
  /// heights: row by row, NaN where there is no data.
  Dem(int columns, int rows, std::vector<double> heights_m, std::array<double, 6> pixel_from_crs);

  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] Point2 pixel(Point2 crs) const;
  [[nodiscard]] Point2 crs(Point2 pixel) const;

  /// Whether the hull of the cell centres holds the pixel; `slack` in pixels.
  [[nodiscard]] bool in_hull(Point2 pixel, double slack) const;
  [[nodiscard]] std::optional<double> height_m(Point2 pixel) const;

  /// Cuts a-b where it crosses from cell to cell; no cell is missed.
  void walk(Point2 a_pixel, Point2 b_pixel, std::vector<TerrainSpan>& out) const;

  /// Exact: nodes inside, and the closed-form maximum along every edge. Parts in pixel coordinates.
  [[nodiscard]] GroundUnder ground_under(const std::vector<Part>& parts_pixel) const;

 private:
  [[nodiscard]] double node(int column, int row) const {
    return heights_m_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                      static_cast<std::size_t>(column)];
  }
  [[nodiscard]] TerrainSpan span(Point2 a_pixel, Point2 b_pixel, double from, double to) const;
  void include_edges(const Part& part, GroundUnder& ground, std::vector<TerrainSpan>& spans) const;
  void include_nodes(const Part& part, GroundUnder& ground) const;

  int columns_;
  int rows_;
  std::vector<double> heights_m_;
  std::array<double, 6> pixel_from_crs_;
  std::array<double, 6> crs_from_pixel_;
};

/// A terrain raster and the reference system of its pixels.
struct TerrainRaster {
  Dem dem;
  Crs crs;
};

/// Reads band 1. `nodata` holds where the file has no tag of its own. Errors: those of open_raster, crs_missing,
/// raster_empty, raster_value_invalid (a value that is not finite, or no height on earth), file_unreadable.
[[nodiscard]] Expected<TerrainRaster> read_terrain(const std::filesystem::path& file, std::optional<double> nodata);

}  // namespace swiftlet::maps::referee
