#include "maps/referee/gis_source.hpp"

#include <cpl_error.h>
#include <fmt/core.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <mutex>
#include <string_view>

#include "maps/intake/linked_crs.hpp"
#include "maps/intake/source_file.hpp"

namespace swiftlet::maps::referee {
namespace {

constexpr const char* kRasterDrivers[] = {"GTiff", "AAIGrid", "SRTMHGT", nullptr};
constexpr const char* kVectorDrivers[] = {"GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf", nullptr};
constexpr const char* kOsmDrivers[] = {"OSM", nullptr};

void register_drivers() {
  static std::once_flag once;
  std::call_once(once, [] {
    CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");  // no plug-ins
    // What the driver of OpenStreetMap puts aside would else land where the program was started.
    std::error_code none;
    CPLSetConfigOption("CPL_TMPDIR", std::filesystem::temp_directory_path(none).c_str());
    GDALAllRegister();
  });
}

Expected<Dataset> open(const std::filesystem::path& file, unsigned flags, const char* const* drivers,
                       const char* readable) {
  if (const auto begun = begin_source(file); !begun) return tl::make_unexpected(begun.error());
  if (!file.is_absolute() || file.native().starts_with("/vsi")) {
    return fail(ErrorCode::file_not_found, "there is no such file; expected the absolute path of a regular file",
                file.string());
  }
  register_drivers();
  const QuietGdal quiet;
  Dataset dataset(GDALDataset::Open(file.c_str(), flags | GDAL_OF_READONLY, drivers, nullptr, nullptr));
  if (!dataset) {
    const std::string said = quiet.said();
    return fail(ErrorCode::unsupported_format,
                fmt::format("not readable as {}{}{}", readable, said.empty() ? "" : ": ", said), file.string());
  }
  return dataset;
}

}  // namespace

void DatasetClose::operator()(GDALDataset* dataset) const { GDALClose(dataset); }
void CrsRelease::operator()(OGRSpatialReference* crs) const { crs->Release(); }

QuietGdal::QuietGdal() {
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
}
QuietGdal::~QuietGdal() { CPLPopErrorHandler(); }
bool QuietGdal::failed() const { return CPLGetLastErrorType() >= CE_Failure; }
std::string QuietGdal::said() const { return CPLGetLastErrorMsg(); }

Expected<Dataset> open_raster(const std::filesystem::path& file) {
  return open(file, GDAL_OF_RASTER, kRasterDrivers, "GeoTIFF, ASCII grid or HGT");
}

Expected<Dataset> open_vector(const std::filesystem::path& file) {
  auto dataset = open(file, GDAL_OF_VECTOR, kVectorDrivers, "GeoPackage, GeoJSON, Shapefile or FlatGeobuf");
  if (!dataset || (*dataset)->GetDriverName() != std::string_view("GeoJSON")) return dataset;
  if (const auto placed = refuse_linked_crs(file); !placed) return tl::make_unexpected(placed.error());
  return dataset;
}

Expected<Dataset> open_osm(const std::filesystem::path& file) {
  return open(file, GDAL_OF_VECTOR, kOsmDrivers, "an OpenStreetMap extract");
}

Expected<Crs> horizontal_crs(const OGRSpatialReference* declared, const std::string& where) {
  // A GeoPackage that knows of none calls it "Undefined geographic SRS" or "Undefined Cartesian SRS".
  const char* name = declared == nullptr ? nullptr : declared->GetName();
  if (declared == nullptr || declared->IsEmpty() ||
      (name != nullptr && std::string_view(name).starts_with("Undefined"))) {
    return fail(ErrorCode::crs_missing, "has no coordinate reference system; write one into the file", where);
  }
  Crs crs(declared->Clone());
  if (crs->IsCompound()) crs->StripVertical();
  if (!crs->IsGeographic() && !crs->IsProjected()) {
    return fail(ErrorCode::crs_missing, "its coordinate reference system is neither geographic nor projected", where);
  }
  crs->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

}  // namespace swiftlet::maps::referee
