#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "geo/error.hpp"

class GDALDataset;
class OGRSpatialReference;

namespace swiftlet::maps::referee {

struct DatasetClose {
  void operator()(GDALDataset* dataset) const;
};
using Dataset = std::unique_ptr<GDALDataset, DatasetClose>;

/// Keeps GDAL from printing while it lives, and keeps what it said last.
class QuietGdal {
 public:
  QuietGdal();
  ~QuietGdal();
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;

  /// Whether GDAL reported a failure since this object was made.
  [[nodiscard]] bool failed() const;
  [[nodiscard]] std::string said() const;
};

/// Opens a source read-only by a fixed list of drivers, without virtual file systems or side files: GDAL opens by
/// content, so a file may pretend to be any format it likes. Errors: file_not_found, unsupported_format.
[[nodiscard]] Expected<Dataset> open_raster(const std::filesystem::path& file);
[[nodiscard]] Expected<Dataset> open_vector(const std::filesystem::path& file);
[[nodiscard]] Expected<Dataset> open_osm(const std::filesystem::path& file);

struct CrsRelease {
  void operator()(OGRSpatialReference* crs) const;
};
using Crs = std::unique_ptr<OGRSpatialReference, CrsRelease>;

/// The horizontal part of a source's reference system, x before y. Errors: crs_missing.
[[nodiscard]] Expected<Crs> horizontal_crs(const OGRSpatialReference* declared, const std::string& where);

}  // namespace swiftlet::maps::referee
