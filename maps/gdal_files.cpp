#include "maps/gdal_files.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <fmt/core.h>

#include <mutex>

#include "maps/intake/linked_crs.hpp"
#include "maps/intake/source_file.hpp"

namespace swiftlet::maps {
namespace {

constexpr const char* kRasterDrivers[] = {"GTiff", "AAIGrid", "SRTMHGT", nullptr};
constexpr const char* kVectorDrivers[] = {"GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf", nullptr};

Expected<GDALDatasetUniquePtr> open(const std::filesystem::path& file, unsigned flags, const char* const* drivers,
                                    const char* wanted, const char* const* options = nullptr) {
  start_gdal();
  const std::string name = std::filesystem::absolute(file).string();
  if (const auto begun = begin_source(name); !begun) return Unexpected(begun.error());
  CPLErrorReset();
  GDALDatasetUniquePtr dataset(
      GDALDataset::Open(name.c_str(), flags | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers, options, nullptr));
  if (!dataset) {
    const std::string reason = CPLGetLastErrorMsg();
    return fail(ErrorCode::unsupported_format, std::string("is not ") + wanted + (reason.empty() ? "" : ": " + reason),
                name);
  }
  if (CPLGetLastErrorType() >= CE_Failure) {
    return fail(ErrorCode::file_unreadable, std::string("is damaged: ") + CPLGetLastErrorMsg(), name);
  }
  return dataset;
}

}  // namespace

void start_gdal() {
  static std::once_flag once;
  std::call_once(once, [] {
    CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    CPLSetConfigOption("OGR_SQLITE_JOURNAL", "MEMORY");
    CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");  // no plug-ins
    std::error_code ec;
    const std::filesystem::path temporary = std::filesystem::temp_directory_path(ec);
    if (!ec) CPLSetConfigOption("CPL_TMPDIR", temporary.c_str());  // else side files land where the command was run
    CPLSetErrorHandler(CPLQuietErrorHandler);
    GDALAllRegister();
  });
}

Expected<GDALDatasetUniquePtr> open_raster(const std::filesystem::path& file) {
  auto dataset = open(file, GDAL_OF_RASTER, kRasterDrivers, "a raster that can be read (GeoTIFF, ASCII grid, HGT)");
  if (!dataset || (*dataset)->GetRasterCount() < 1) return dataset;
  if (GDALDataTypeIsComplex((*dataset)->GetRasterBand(1)->GetRasterDataType()) != 0) {
    return fail(ErrorCode::unsupported_format, "holds complex numbers; its cells must be real ones", file.string());
  }
  return dataset;
}

Expected<GDALDatasetUniquePtr> open_vector(const std::filesystem::path& file) {
  auto dataset = open(file, GDAL_OF_VECTOR, kVectorDrivers,
                      "a vector file that can be read (GeoPackage, GeoJSON, Shapefile, FlatGeobuf)");
  if (dataset && (*dataset)->GetDriverName() == std::string_view("GeoJSON")) {
    if (const auto placed = refuse_linked_crs(file); !placed) return Unexpected(placed.error());
  }
  return dataset;
}

Expected<GDALDatasetUniquePtr> open_osm(const std::filesystem::path& file, const std::string& settings) {
  start_gdal();
  // The driver takes its settings from a file; this one lives in memory while the extract is opened.
  std::string text = settings;
  const std::string name = fmt::format("/vsimem/swiftlet-osm-{}.ini", static_cast<const void*>(text.data()));
  VSIFCloseL(VSIFileFromMemBuffer(name.c_str(), reinterpret_cast<GByte*>(text.data()), text.size(), FALSE));
  const std::string config = "CONFIG_FILE=" + name;
  const char* const options[] = {config.c_str(), "MAX_TMPFILE_SIZE=500", nullptr};
  constexpr const char* kOsmDrivers[] = {"OSM", nullptr};
  auto dataset = open(file, GDAL_OF_VECTOR, kOsmDrivers, "an OpenStreetMap extract (PBF or XML)", options);
  VSIUnlink(name.c_str());
  return dataset;
}

FailureWatch::FailureWatch() {
  CPLPushErrorHandlerEx(
      [](CPLErr kind, CPLErrorNum, const char* message) {
        auto& first = static_cast<FailureWatch*>(CPLGetErrorHandlerUserData())->first_;
        if (kind >= CE_Failure && !first) first = message;
      },
      this);
}
FailureWatch::~FailureWatch() { CPLPopErrorHandler(); }

Expected<Reprojection> Reprojection::make(const OGRSpatialReference& from, const OGRSpatialReference& to) {
  std::unique_ptr<OGRCoordinateTransformation> t(OGRCreateCoordinateTransformation(&from, &to));
  if (!t) return fail(ErrorCode::unsupported_format, "its coordinate reference system cannot be related to WGS84");
  return Reprojection(std::move(t));
}

OGRSpatialReference wgs84() {
  OGRSpatialReference crs;
  crs.SetWellKnownGeogCS("WGS84");
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

Expected<OGRSpatialReference> traditional_axes(const OGRSpatialReference* crs, const std::string& where) {
  // A GeoPackage says "Undefined geographic SRS" where it knows of none.
  const char* name = crs == nullptr ? nullptr : crs->GetName();
  if (crs == nullptr || crs->IsEmpty() || (name != nullptr && std::string_view(name).starts_with("Undefined"))) {
    return fail(ErrorCode::crs_missing,
                "has no coordinate reference system; set it with gdal_edit.py -a_srs or ogr2ogr", where);
  }
  if (crs->IsGeographic() == 0 && crs->IsProjected() == 0) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("has the coordinate reference system \"{}\", which is neither geographic nor projected",
                            name == nullptr ? "" : name),
                where);
  }
  OGRSpatialReference copy(*crs);
  copy.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return copy;
}

}  // namespace swiftlet::maps
