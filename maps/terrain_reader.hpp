#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/local_frame.hpp"
#include "geo/terrain.hpp"

namespace swiftlet::maps {

/// A terrain raster as read: its heights, and enough of its georeference to place and to store them.
struct TerrainRaster {
  int columns = 0;
  int rows = 0;
  std::vector<float> heights_msl_m;      ///< row by row from the file's first; NaN where the file holds no data
  std::array<double, 6> geotransform{};  ///< GDAL's: of pixel corners
  std::string crs_wkt;
};

/// What the cells of a raster may hold.
struct CellRange {
  float least = -500.0F;
  float most = 9000.0F;
  const char* wanted = "a height between -500 and 9000 m";
  bool heights = true;  ///< their unit must be metres
};

/// Reads a raster of heights (or of what `range` says) whole; `nodata` marks missing data beside the file's own tag.
/// Errors: those of opening; crs_missing; raster_empty (fewer than 2 x 2 cells, or no data at all);
/// raster_value_invalid with column and row (a value that is neither data nor missing: not finite, or beyond −500 … 9
/// 000 m); unsupported_format (no georeference, scaled values, heights in another unit than metres).
[[nodiscard]] Expected<TerrainRaster> read_terrain(const std::filesystem::path& file, std::optional<double> nodata,
                                                   const CellRange& range = {});

/// The centre of the raster: where a region's local frame is centred. Errors: unsupported_format.
[[nodiscard]] Expected<LonLat> centre_of(const TerrainRaster& raster);

/// The box of the hull of its cell centres in a local frame. Errors: unsupported_format where it cannot be projected,
/// or is wider than a region may be.
[[nodiscard]] Expected<geo::Box2> local_extent(const TerrainRaster& raster, const geo::LocalFrame& frame);

/// Places the raster in a local frame. Errors: unsupported_format where it cannot be projected.
[[nodiscard]] Expected<geo::TerrainGrid> to_grid(const TerrainRaster& raster, const geo::LocalFrame& frame);

}  // namespace swiftlet::maps
