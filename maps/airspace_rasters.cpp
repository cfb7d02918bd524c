#include "maps/airspace_rasters.hpp"

#include <fmt/core.h>
#include <gdal_alg.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

#include "maps/gdal_files.hpp"
#include "maps/local_geometry.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

struct RasterLayout {
  int columns;
  int rows;
  std::array<double, 6> geotransform;
  std::string crs_wkt;
  bool south_up = false;  ///< the values run from south to north and are turned over on the way to the file
};

/// Creates a GeoTIFF with one band of NaN-able floats or bytes.
Expected<GDALDatasetUniquePtr> create(const fs::path& file, const RasterLayout& layout, GDALDataType type) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  const char* const options[] = {"TILED=YES", "COMPRESS=NONE", nullptr};
  GDALDatasetUniquePtr dataset(driver == nullptr ? nullptr
                                                 : driver->Create(file.c_str(), layout.columns, layout.rows, 1, type,
                                                                  const_cast<char**>(options)));
  OGRSpatialReference crs;
  if (!dataset || crs.importFromWkt(layout.crs_wkt.c_str()) != OGRERR_NONE) {
    return fail(ErrorCode::output_refused, fmt::format("cannot be written: {}", CPLGetLastErrorMsg()), file.string());
  }
  std::array<double, 6> geotransform = layout.geotransform;
  dataset->SetSpatialRef(&crs);
  dataset->SetGeoTransform(geotransform.data());
  if (type == GDT_Float32) dataset->GetRasterBand(1)->SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
  return dataset;
}

/// The whole band from or to memory; a negative line spacing turns south-up values over.
template <class Value>
CPLErr transfer(GDALRWFlag direction, GDALDataset& dataset, const RasterLayout& layout, Value* values,
                GDALDataType type) {
  const auto row_bytes = static_cast<GSpacing>(sizeof(Value)) * layout.columns;
  Value* first = layout.south_up ? values + static_cast<std::ptrdiff_t>(layout.rows - 1) * layout.columns : values;
  return dataset.GetRasterBand(1)->RasterIO(direction, 0, 0, layout.columns, layout.rows, first, layout.columns,
                                            layout.rows, type, sizeof(Value), layout.south_up ? -row_bytes : row_bytes,
                                            nullptr);
}

template <class Value>
Expected<void> write(const fs::path& file, const RasterLayout& layout, std::span<const Value> values,
                     GDALDataType type) {
  auto dataset = create(file, layout, type);
  if (!dataset) return Unexpected(dataset.error());
  CPLErrorReset();
  const CPLErr done = transfer(GF_Write, **dataset, layout, const_cast<Value*>(values.data()), type);
  dataset->reset();  // the file is complete only once it is closed
  if (done != CE_None || CPLGetLastErrorType() >= CE_Failure) {
    return fail(ErrorCode::output_refused, fmt::format("cannot be written: {}", CPLGetLastErrorMsg()), file.string());
  }
  return {};
}

template <class Value>
Expected<std::vector<Value>> read(const fs::path& file, const RasterLayout& layout, GDALDataType type) {
  const auto dataset = open_raster(file);
  if (!dataset) return Unexpected(dataset.error());
  std::vector<Value> values(static_cast<std::size_t>(layout.columns) * static_cast<std::size_t>(layout.rows));
  if ((*dataset)->GetRasterXSize() != layout.columns || (*dataset)->GetRasterYSize() != layout.rows ||
      transfer(GF_Read, **dataset, layout, values.data(), type) != CE_None) {
    return fail(ErrorCode::airspace_damaged, "does not hold the surface that the manifest tells of; build it again",
                file.string());
  }
  return values;
}

RasterLayout layout_of_cells(const geo::GridFrame& grid, std::string crs_wkt) {
  const geo::Enu2 north_west = grid.node(0, grid.ny);
  return {grid.nx,
          grid.ny,
          {north_west.x(), grid.cell_m, 0.0, north_west.y(), 0.0, -grid.cell_m},
          std::move(crs_wkt),
          true};
}

RasterLayout layout_of_nodes(const geo::GridFrame& grid, std::string crs_wkt) {
  RasterLayout layout = layout_of_cells(grid, std::move(crs_wkt));
  ++layout.columns;
  ++layout.rows;
  layout.geotransform[0] -= grid.cell_m / 2.0;
  layout.geotransform[3] += grid.cell_m / 2.0;
  return layout;
}

Expected<void> write_tops(const geo::Airspace& airspace, const fs::path& file, const RasterLayout& layout) {
  auto dataset = create(file, layout, GDT_Float32);
  if (!dataset) return Unexpected(dataset.error());
  (*dataset)->GetRasterBand(1)->Fill(std::numeric_limits<double>::quiet_NaN());
  std::vector<std::size_t> order(airspace.obstacles.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // The highest is burnt last.
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return airspace.obstacles[a].top_msl_m < airspace.obstacles[b].top_msl_m; });
  std::vector<std::unique_ptr<OGRMultiPolygon>> shapes;
  std::vector<OGRGeometryH> handles;
  std::vector<double> tops;
  for (const std::size_t k : order) {
    shapes.push_back(to_ogr(airspace.obstacles[k].footprint));
    handles.push_back(OGRGeometry::ToHandle(shapes.back().get()));
    tops.push_back(airspace.obstacles[k].top_msl_m);
  }
  int band = 1;
  const char* const options[] = {"ALL_TOUCHED=TRUE", nullptr};
  if (!handles.empty() &&
      GDALRasterizeGeometries(GDALDataset::ToHandle(dataset->get()), 1, &band, static_cast<int>(handles.size()),
                              handles.data(), nullptr, nullptr, tops.data(), const_cast<char**>(options), nullptr,
                              nullptr) != CE_None) {
    return fail(ErrorCode::output_refused, fmt::format("cannot be written: {}", CPLGetLastErrorMsg()), file.string());
  }
  return {};
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

Expected<void> write_rasters(const geo::Airspace& airspace, const TerrainRaster& terrain, const fs::path& dir) {
  start_gdal();
  const std::string crs_wkt = local_crs_wkt(airspace.frame.centre());
  const geo::TerrainBounds& bounds = airspace.bounds;
  const RasterLayout source{terrain.columns, terrain.rows, terrain.geotransform, terrain.crs_wkt};
  const RasterLayout nodes = layout_of_nodes(bounds.grid(), crs_wkt);
  const RasterLayout cells = layout_of_cells(bounds.grid(), crs_wkt);
  std::vector<unsigned char> extent;
  extent.reserve(bounds.extents().size());
  for (const geo::CellExtent e : bounds.extents()) extent.push_back(static_cast<unsigned char>(e));
  return write<float>(dir / "terrain.tif", source, terrain.heights_msl_m, GDT_Float32)
      .and_then([&] { return write(dir / "terrain_hi.tif", nodes, bounds.hi_nodes_msl_m(), GDT_Float32); })
      .and_then([&] { return write(dir / "terrain_lo.tif", nodes, bounds.lo_nodes_msl_m(), GDT_Float32); })
      .and_then([&] { return write<unsigned char>(dir / "extent.tif", cells, extent, GDT_Byte); })
      .and_then([&] { return write_tops(airspace, dir / "obstacle_top.tif", cells); });
}

Expected<geo::TerrainBounds> read_bounds(const fs::path& dir, const geo::GridFrame& grid) {
  const RasterLayout nodes = layout_of_nodes(grid, "");
  auto hi = read<float>(dir / "terrain_hi.tif", nodes, GDT_Float32);
  if (!hi) return Unexpected(hi.error());
  auto lo = read<float>(dir / "terrain_lo.tif", nodes, GDT_Float32);
  if (!lo) return Unexpected(lo.error());
  const auto bytes = read<unsigned char>(dir / "extent.tif", layout_of_cells(grid, ""), GDT_Byte);
  if (!bytes) return Unexpected(bytes.error());
  std::vector<geo::CellExtent> extent;
  extent.reserve(bytes->size());
  for (const unsigned char b : *bytes) {
    if (b > static_cast<unsigned char>(geo::CellExtent::inside)) {
      return fail(ErrorCode::airspace_damaged, "holds a value that is no extent; build it again",
                  (dir / "extent.tif").string());
    }
    extent.push_back(static_cast<geo::CellExtent>(b));
  }
  return geo::TerrainBounds(grid, std::move(*hi), std::move(*lo), std::move(extent));
}

}  // namespace swiftlet::maps
