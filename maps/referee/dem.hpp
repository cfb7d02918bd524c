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

/// A terrain raster in its own pixel coordinates, bilinear between cell centres. Between the hull of the centres and
/// the raster's edge, half a pixel wide, the terrain is held constant outwards.
class Dem {
 public:
  /// heights: row by row, NaN where there is no data.
  Dem(int columns, int rows, std::vector<double> heights_m, std::array<double, 6> pixel_from_crs);

  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int rows() const { return rows_; }
  /// Whether every cell holds data.
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] Point2 pixel(Point2 crs) const;
  [[nodiscard]] Point2 crs(Point2 pixel) const;

  /// Whether the hull of the cell centres holds the pixel; `slack` in pixels.
  [[nodiscard]] bool in_hull(Point2 pixel, double slack) const;
  [[nodiscard]] double node(int column, int row) const {
    return heights_m_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                      static_cast<std::size_t>(column)];
  }
  /// Whether the four corners of the square between cell centres that begins at the node all hold data; false for
  /// squares that the raster does not have.
  [[nodiscard]] bool square_known(int column, int row) const;
  /// Whether a place lies in the closed union of the known squares; `slack` in pixels.
  [[nodiscard]] bool knows(Point2 pixel, double slack) const;
  /// Whether everything within slack of the place lies in known squares.
  [[nodiscard]] bool knows_all_around(Point2 pixel, double slack) const;
  /// The height at a place that is known with this slack.
  [[nodiscard]] double height_m(Point2 pixel, double slack) const;

  /// Cuts a-b where it crosses from cell to cell; no cell is missed. Stretches outside the hull are told as what lies
  /// nearest to them in it.
  void walk(Point2 a_pixel, Point2 b_pixel, std::vector<TerrainSpan>& out) const;
  /// A stretch of a-b that stays in one cell.
  [[nodiscard]] TerrainSpan span(Point2 a_pixel, Point2 b_pixel, double from, double to) const;

 private:
  template <class Test>
  void each_square_near(Point2 pixel, double slack, Test&& test) const;

  int columns_;
  int rows_;
  std::vector<double> heights_m_;
  bool complete_;
  std::array<double, 6> pixel_from_crs_;
  std::array<double, 6> crs_from_pixel_;
};

/// The extremes over a stretch.
[[nodiscard]] double highest_m(const TerrainSpan& span);
[[nodiscard]] double lowest_m(const TerrainSpan& span);

/// A raster as read, with the reference system of its pixels.
struct RasterReading {
  int columns = 0;
  int rows = 0;
  std::vector<double> values;  ///< row by row, NaN where there is no data
  std::array<double, 6> pixel_from_crs;
  Crs crs;
};

/// Reads band 1. `nodata` marks missing data beside the file's own tag. Errors: those of open_raster, crs_missing,
/// raster_empty, raster_value_invalid (a value that is not finite, or no height on earth), file_unreadable.
[[nodiscard]] Expected<RasterReading> read_raster(const std::filesystem::path& file, std::optional<double> nodata);

}  // namespace swiftlet::maps::referee
