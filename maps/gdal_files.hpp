#pragma once

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "geo/error.hpp"

// Private to maps: GDAL's headers stand in no public header.
namespace swiftlet::maps {

/// Sets GDAL up once: the drivers, no side files, no chatter on standard error.
void start_gdal();

/// Opens a raster for reading. GDAL opens by content, so only GeoTIFF and a few plain grids are allowed, never VRT and
/// never anything behind /vsi or an address. Errors: file_not_found, unsupported_format, file_unreadable.
[[nodiscard]] Expected<GDALDatasetUniquePtr> open_raster(const std::filesystem::path& file);

/// Opens a vector file for reading: GeoPackage, GeoJSON, Shapefile, FlatGeobuf. Errors as open_raster.
[[nodiscard]] Expected<GDALDatasetUniquePtr> open_vector(const std::filesystem::path& file);

/// Opens an OpenStreetMap extract; `settings` is the text of the driver's configuration file. What the driver keeps
/// aside goes to memory, then to the system's temporary directory. Errors as open_raster.
[[nodiscard]] Expected<GDALDatasetUniquePtr> open_osm(const std::filesystem::path& file, const std::string& settings);

/// Keeps the first failure that GDAL reports in this thread while it lives: a warning after it would hide it.
class FailureWatch {
 public:
  FailureWatch();
  ~FailureWatch();
  FailureWatch(const FailureWatch&) = delete;
  FailureWatch& operator=(const FailureWatch&) = delete;
  [[nodiscard]] const std::optional<std::string>& first() const { return first_; }

 private:
  std::optional<std::string> first_;
};

/// Coordinates from one reference system to another, x east (or lon) before y north (or lat) on both sides.
class Reprojection {
 public:
  /// Errors: unsupported_format where PROJ knows no way.
  [[nodiscard]] static Expected<Reprojection> make(const OGRSpatialReference& from, const OGRSpatialReference& to);

  /// In place; false where the point cannot be transformed.
  [[nodiscard]] bool apply(double& x, double& y) const { return transformation_->Transform(1, &x, &y) != 0; }

 private:
  explicit Reprojection(std::unique_ptr<OGRCoordinateTransformation> t) : transformation_(std::move(t)) {}
  std::unique_ptr<OGRCoordinateTransformation> transformation_;
};

[[nodiscard]] OGRSpatialReference wgs84();

/// A copy of the reference system of a file with x before y; crs_missing where there is none.
[[nodiscard]] Expected<OGRSpatialReference> traditional_axes(const OGRSpatialReference* crs, const std::string& where);

}  // namespace swiftlet::maps
