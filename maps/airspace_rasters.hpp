#pragma once

#include <filesystem>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "maps/terrain_reader.hpp"

// Private to maps: the surfaces of a compiled airspace as GeoTIFF.
namespace swiftlet::maps {

/// The file of the k-th source of the ground: terrain.tif, terrain_1.tif, …
[[nodiscard]] std::string terrain_file(std::size_t k);

/// Writes the terrain files (each source's ground as it stands, the last one winning), terrain_hi.tif and
/// terrain_lo.tif (the enclosing node surfaces), extent.tif (which cells are flyable) and obstacle_top.tif (highest
/// obstacle that touches each cell, for people; the exact footprints stand in airspace.gpkg). Errors: output_refused.
[[nodiscard]] Expected<void> write_rasters(const geo::Airspace& airspace, const std::vector<TerrainRaster>& terrain,
                                           const std::filesystem::path& dir);

/// Reads the enclosing surfaces back. Errors: airspace_damaged.
[[nodiscard]] Expected<geo::TerrainBounds> read_bounds(const std::filesystem::path& dir, const geo::GridFrame& grid);

/// The reference system of a region's local frame, for everything that is written in it.
[[nodiscard]] std::string local_crs_wkt(LonLat centre);

}  // namespace swiftlet::maps
