#pragma once

#include <filesystem>
#include <memory>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "maps/airspace_strips.hpp"
#include "maps/terrain_reader.hpp"

// Private to maps: the surfaces of a compiled airspace as cloud-optimised GeoTIFF, uncompressed, for people and for
// other programs. Swiftlet itself maps airspace.bin.
namespace swiftlet::maps {

/// The file of the k-th source of the ground: terrain.tif, terrain_1.tif, …
[[nodiscard]] std::string terrain_file(std::size_t k);

/// Writes a source's ground as it stands. Errors: output_refused.
[[nodiscard]] Expected<void> write_terrain(const TerrainRaster& terrain, const std::filesystem::path& file);

/// Writes floor.tif and ceiling.tif: what terrain and obstacles leave of the band of the region's own policy, as bounds
/// that hold all over each cell; no data where a cell is closed.
class BandRasters {
 public:
  /// Errors: output_refused.
  [[nodiscard]] static Expected<BandRasters> create(const geo::Airspace& airspace, const std::filesystem::path& dir);
  BandRasters(BandRasters&&) noexcept;
  ~BandRasters();
  /// In any order. Errors: output_refused.
  [[nodiscard]] Expected<void> write(const AirspaceStrip& strip);
  /// Closes both and brings them into the order of cloud-optimised files. Errors: output_refused.
  [[nodiscard]] Expected<void> finish();

 private:
  struct Impl;
  explicit BandRasters(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The reference system of a region's local frame, for everything that is written in it.
[[nodiscard]] std::string local_crs_wkt(LonLat centre);

}  // namespace swiftlet::maps
