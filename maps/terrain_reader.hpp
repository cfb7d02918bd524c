#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "geo/error.hpp"
#include "geo/local_frame.hpp"
#include "geo/terrain.hpp"

namespace swiftlet::maps {

/// A terrain raster as read: its heights, and enough of its georeference to place and to store them.
struct TerrainRaster {
  int columns = 0;
  int rows = 0;
  std::vector<float> heights_msl_m;      ///< row by row from the file's first
  std::array<double, 6> geotransform{};  ///< GDAL's: of pixel corners
  std::string crs_wkt;
};

/// Reads a terrain raster whole. Errors: those of opening; crs_missing; raster_empty (fewer than 2 x 2 cells);
/// raster_value_invalid with column and row (NaN, infinite, the nodata value, or beyond −500 … 9 000 m);
/// unsupported_format (no georeference, more than one band's worth of meaning).
[[nodiscard]] Expected<TerrainRaster> read_terrain(const std::filesystem::path& file, std::optional<double> nodata);

/// The centre of the raster: where a region's local frame is centred. Errors: unsupported_format.
[[nodiscard]] Expected<LonLat> centre_of(const TerrainRaster& raster);

/// Places the raster in a local frame. Errors: unsupported_format where it cannot be projected.
[[nodiscard]] Expected<geo::TerrainModel> to_model(const TerrainRaster& raster, const geo::LocalFrame& frame);

}  // namespace swiftlet::maps
