#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "tests/maps/written_region.hpp"

namespace swiftlet::test {

/// A raster to write: any reference system that GDAL understands by name or WKT, any affine georeference.
struct RasterToWrite {
  std::string crs = "EPSG:32650";
  std::array<double, 6> geotransform;
  int columns = 10;
  int rows = 10;
  std::function<float(int column, int row)> value;
  std::optional<double> nodata = {};
  std::string unit = {};
};
void write_raster(const std::filesystem::path& file, const RasterToWrite& raster);

/// Between WGS84 and a reference system, x before y.
[[nodiscard]] std::array<double, 2> in_crs(const std::string& crs, double lon_deg, double lat_deg);
[[nodiscard]] Position from_crs(const std::string& crs, double x, double y);

/// Draws small regions around x 500000, y 2490000 of EPSG:32650, about 600 m wide, one of every kind of source.
class RandomWorld {
 public:
  RandomWorld(const std::filesystem::path& dir, std::uint64_t seed) : dir_(dir), rng_(seed) {}

  // Each returns the entries for region.toml.
  std::string base_terrain();        ///< 600 m of 20 m cells
  std::string patched_terrain();     ///< the same, and on it a turned patch in another system, with voids
  std::string surface_alone();       ///< a surface model, with voids and sea
  std::string surfaces_on_ground();  ///< a terrain model and two surface models that overlap
  std::string heights_raster();      ///< a raster of heights above the ground, in degrees
  std::string features();            ///< polygons, points and lines with every way to state heights
  std::string osm();                 ///< an OpenStreetMap extract

  [[nodiscard]] std::mt19937_64& rng() { return rng_; }
  double between(double lo, double hi) { return std::uniform_real_distribution<double>(lo, hi)(rng_); }
  int whole(int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(rng_); }

 private:
  std::filesystem::path dir_;
  std::mt19937_64 rng_;
};

}  // namespace swiftlet::test
