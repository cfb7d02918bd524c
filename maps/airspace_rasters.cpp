#include "maps/airspace_rasters.hpp"

#include <fmt/core.h>

#include <limits>
#include <vector>

#include "maps/gdal_files.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

struct RasterLayout {
  int columns;
  int rows;
  std::array<double, 6> geotransform;
  std::string crs_wkt;
};

Expected<void> refused(const fs::path& file) {
  return fail(ErrorCode::output_refused, fmt::format("cannot be written: {}", CPLGetLastErrorMsg()), file.string());
}

/// Creates a tiled GeoTIFF with one band of floats, NaN where there is no data.
Expected<GDALDatasetUniquePtr> create(const fs::path& file, const RasterLayout& layout) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  const char* const options[] = {"TILED=YES", "COMPRESS=NONE", "BIGTIFF=IF_SAFER", nullptr};
  GDALDatasetUniquePtr dataset(driver == nullptr ? nullptr
                                                 : driver->Create(file.c_str(), layout.columns, layout.rows, 1,
                                                                  GDT_Float32, const_cast<char**>(options)));
  OGRSpatialReference crs;
  if (!dataset || crs.importFromWkt(layout.crs_wkt.c_str()) != OGRERR_NONE) return Unexpected(refused(file).error());
  std::array<double, 6> geotransform = layout.geotransform;
  dataset->SetSpatialRef(&crs);
  dataset->SetGeoTransform(geotransform.data());
  dataset->GetRasterBand(1)->SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
  return dataset;
}

/// A plain tiled GeoTIFF in the making, beside its final name.
struct PlainRaster {
  fs::path file;  ///< the final name
  int columns = 0;
  GDALDatasetUniquePtr dataset;

  static Expected<PlainRaster> begin(const fs::path& file, const RasterLayout& layout) {
    fs::path plain = file;
    plain += ".part";
    auto dataset = create(plain, layout);
    if (!dataset) return Unexpected(dataset.error());
    return PlainRaster{file, layout.columns, std::move(*dataset)};
  }

  /// Rows from `first` on, counted from the north.
  Expected<void> write(int first, int count, const float* values) {
    CPLErrorReset();
    const CPLErr done = dataset->GetRasterBand(1)->RasterIO(
        GF_Write, 0, first, columns, count, const_cast<float*>(values), columns, count, GDT_Float32, 0, 0, nullptr);
    if (done != CE_None || CPLGetLastErrorType() >= CE_Failure) return refused(file);
    return {};
  }

  /// Closes it and copies it into the order that a cloud-optimised one has, overviews first.
  Expected<void> finish() {
    fs::path plain = file;
    plain += ".part";
    CPLErrorReset();
    dataset.reset();  // the file is complete only once it is closed
    if (CPLGetLastErrorType() >= CE_Failure) return refused(file);
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("COG");
    const auto source = open_raster(plain);
    if (!source) return Unexpected(source.error());
    const char* const options[] = {"COMPRESS=NONE", "BLOCKSIZE=256", "RESAMPLING=NEAREST", "BIGTIFF=IF_SAFER", nullptr};
    CPLErrorReset();
    GDALDatasetUniquePtr copy(driver == nullptr ? nullptr
                                                : driver->CreateCopy(file.c_str(), source->get(), 0,
                                                                     const_cast<char**>(options), nullptr, nullptr));
    const bool done = copy != nullptr;
    copy.reset();
    if (!done || CPLGetLastErrorType() >= CE_Failure) return refused(file);
    std::error_code ec;
    fs::remove(plain, ec);
    return {};
  }
};

RasterLayout layout_of_cells(const geo::GridFrame& grid, std::string crs_wkt) {
  const geo::Enu2 north_west = grid.node(0, grid.ny);
  return {grid.nx, grid.ny, {north_west.x(), grid.cell_m, 0.0, north_west.y(), 0.0, -grid.cell_m}, std::move(crs_wkt)};
}

}  // namespace

std::string local_crs_wkt(LonLat centre) {
  OGRSpatialReference crs;
  crs.importFromProj4(fmt::format("+proj=tmerc +lat_0={:.17g} +lon_0={:.17g} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 "
                                  "+towgs84=0,0,0 +units=m +no_defs",
                                  centre.lat_deg, centre.lon_deg)
                          .c_str());
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  crs.exportToWkt(&wkt, options);
  std::string text = wkt == nullptr ? "" : wkt;
  CPLFree(wkt);
  return text;
}

std::string terrain_file(std::size_t k) { return k == 0 ? "terrain.tif" : fmt::format("terrain_{}.tif", k); }

Expected<void> write_terrain(const TerrainRaster& terrain, const fs::path& file) {
  start_gdal();
  auto raster = PlainRaster::begin(file, {terrain.columns, terrain.rows, terrain.geotransform, terrain.crs_wkt});
  if (!raster) return Unexpected(raster.error());
  if (const auto done = raster->write(0, terrain.rows, terrain.heights_msl_m.data()); !done) return done;
  return raster->finish();
}

struct BandRasters::Impl {
  int rows;
  PlainRaster floor;
  PlainRaster ceiling;
};

BandRasters::BandRasters(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BandRasters::BandRasters(BandRasters&&) noexcept = default;
BandRasters::~BandRasters() = default;

Expected<BandRasters> BandRasters::create(const geo::Airspace& airspace, const fs::path& dir) {
  start_gdal();
  constexpr GIntBig kCacheBytes = GIntBig{256} << 20;
  GDALSetCacheMax64(kCacheBytes);
  const RasterLayout cells = layout_of_cells(airspace.bounds.grid(), local_crs_wkt(airspace.frame.centre()));
  auto floor = PlainRaster::begin(dir / "floor.tif", cells);
  if (!floor) return Unexpected(floor.error());
  auto ceiling = PlainRaster::begin(dir / "ceiling.tif", cells);
  if (!ceiling) return Unexpected(ceiling.error());
  return BandRasters(std::make_unique<Impl>(Impl{cells.rows, std::move(*floor), std::move(*ceiling)}));
}

Expected<void> BandRasters::write(const AirspaceStrip& strip) {
  const geo::GridFrame& grid = strip.bounds.grid();
  constexpr float kNoData = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> floor;
  std::vector<float> ceiling;
  floor.reserve(grid.cell_count());
  ceiling.reserve(grid.cell_count());
  for (int j = grid.ny - 1; j >= 0; --j) {
    for (int i = 0; i < grid.nx; ++i) {
      const geo::HeightBand& band = strip.band(i, j);
      floor.push_back(band.open() ? band.floor_msl_m : kNoData);
      ceiling.push_back(band.open() ? band.ceiling_msl_m : kNoData);
    }
  }
  const int first = impl_->rows - strip.tile_row * geo::TileGrid::kCells - grid.ny;
  return impl_->floor.write(first, grid.ny, floor.data()).and_then([&] {
    return impl_->ceiling.write(first, grid.ny, ceiling.data());
  });
}

Expected<void> BandRasters::finish() {
  return impl_->floor.finish().and_then([&] { return impl_->ceiling.finish(); });
}

}  // namespace swiftlet::maps
