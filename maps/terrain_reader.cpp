#include "maps/terrain_reader.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>

#include "maps/gdal_files.hpp"

namespace swiftlet::maps {
namespace {

/// Between a raster's own coordinates and WGS84, both ways, through pixel coordinates (integers at cell centres).
class Georeference {
 public:
  static Expected<Georeference> make(const TerrainRaster& raster) {
    OGRSpatialReference crs;
    if (crs.importFromWkt(raster.crs_wkt.c_str()) != OGRERR_NONE) {
      return fail(ErrorCode::unsupported_format, "its coordinate reference system cannot be read");
    }
    crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    auto to_wgs84 = Reprojection::make(crs, wgs84());
    auto from_wgs84 = Reprojection::make(wgs84(), crs);
    if (!to_wgs84) return Unexpected(to_wgs84.error());
    if (!from_wgs84) return Unexpected(from_wgs84.error());
    std::array<double, 6> inverse{};
    std::array<double, 6> forward = raster.geotransform;
    if (GDALInvGeoTransform(forward.data(), inverse.data()) == 0) {
      return fail(ErrorCode::unsupported_format, "its georeference cannot be inverted");
    }
    return Georeference(std::move(*to_wgs84), std::move(*from_wgs84), forward, inverse);
  }

  [[nodiscard]] std::optional<LonLat> to_lonlat(const Eigen::Vector2d& pixel) const {
    double x = 0.0;
    double y = 0.0;
    GDALApplyGeoTransform(forward_.data(), pixel.x() + 0.5, pixel.y() + 0.5, &x, &y);
    if (!to_wgs84_.apply(x, y) || !(std::abs(x) <= 180.0) || !(std::abs(y) < 90.0)) return std::nullopt;
    return LonLat{.lon_deg = x, .lat_deg = y};
  }

  [[nodiscard]] std::optional<Eigen::Vector2d> to_pixel(LonLat p) const {
    double x = p.lon_deg;
    double y = p.lat_deg;
    if (!from_wgs84_.apply(x, y)) return std::nullopt;
    double column = 0.0;
    double row = 0.0;
    GDALApplyGeoTransform(inverse_.data(), x, y, &column, &row);
    if (!std::isfinite(column) || !std::isfinite(row)) return std::nullopt;
    return Eigen::Vector2d(column - 0.5, row - 0.5);
  }

 private:
  Georeference(Reprojection to, Reprojection from, std::array<double, 6> forward, std::array<double, 6> inverse)
      : to_wgs84_(std::move(to)), from_wgs84_(std::move(from)), forward_(forward), inverse_(inverse) {}

  Reprojection to_wgs84_;
  Reprojection from_wgs84_;
  mutable std::array<double, 6> forward_;  // GDAL takes them by pointer to non-const
  mutable std::array<double, 6> inverse_;
};

constexpr const char* kNotPlaceable = "its extent cannot be related to WGS84";
/// A region is a city and its surroundings; the local frame is not made for more.
constexpr double kWidest_m = 300'000.0;

/// The local box of the raster's hull: its outline is walked, since no edge need be straight in the local frame.
Expected<geo::Box2> local_bounds(const TerrainRaster& raster, const Georeference& georeference,
                                 const geo::LocalFrame& frame) {
  constexpr int kSteps = 64;
  geo::Box2 box;
  for (int k = 0; k <= kSteps; ++k) {
    const double c = (raster.columns - 1) * static_cast<double>(k) / kSteps;
    const double r = (raster.rows - 1) * static_cast<double>(k) / kSteps;
    for (const Eigen::Vector2d& pixel : {Eigen::Vector2d(c, 0), Eigen::Vector2d(c, raster.rows - 1),
                                         Eigen::Vector2d(0, r), Eigen::Vector2d(raster.columns - 1, r)}) {
      const auto p = georeference.to_lonlat(pixel);
      if (!p) return fail(ErrorCode::unsupported_format, kNotPlaceable);
      box.include(frame.to_local(*p));
    }
  }
  const geo::Enu2 size = box.max - box.min;
  if (!(size.x() <= kWidest_m && size.y() <= kWidest_m)) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("is wider than the {:.0f} km that a region may span; is its reference system right? Else "
                            "cut it with gdalwarp -te",
                            kWidest_m / 1000));
  }
  return box;
}

/// Heights must be in metres, whoever says so: the band, or the vertical part of the reference system.
Expected<void> check_unit(GDALRasterBand& band, const OGRSpatialReference& crs, const std::string& where) {
  const std::string unit = CPLString(band.GetUnitType()).tolower();
  const bool metres =
      unit.empty() || unit == "m" || unit == "metre" || unit == "meter" || unit == "metres" || unit == "meters";
  double vertical = 1.0;
  if (crs.IsCompound() != 0 || crs.IsVertical() != 0) vertical = crs.GetTargetLinearUnits("VERT_CS");
  if (metres && vertical == 1.0) return {};
  return fail(ErrorCode::unsupported_format,
              fmt::format("gives its heights in {}; turn them into metres",
                          metres ? fmt::format("units of {} m", vertical) : fmt::format("\"{}\"", unit)),
              where);
}

}  // namespace

Expected<TerrainRaster> read_terrain(const std::filesystem::path& file, std::optional<double> nodata,
                                     const CellRange& range) {
  const auto dataset = open_raster(file);
  if (!dataset) return Unexpected(dataset.error());
  GDALDataset& raster = **dataset;
  const std::string where = file.string();
  TerrainRaster out;
  out.columns = raster.GetRasterXSize();
  out.rows = raster.GetRasterYSize();
  if (raster.GetRasterCount() < 1 || out.columns < 2 || out.rows < 2) {
    return fail(ErrorCode::raster_empty,
                fmt::format("has {} x {} cells in {} bands; a terrain needs at least 2 x 2 in one", out.columns,
                            out.rows, raster.GetRasterCount()),
                where);
  }
  constexpr double kMaxCells = 4e8;
  if (static_cast<double>(out.columns) * out.rows > kMaxCells) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("has {} x {} cells; at most {:.0f} are read whole", out.columns, out.rows, kMaxCells),
                where);
  }
  const auto crs = traditional_axes(raster.GetSpatialRef(), where);
  if (!crs) return Unexpected(crs.error());
  if (raster.GetGeoTransform(out.geotransform.data()) != CE_None) {
    return fail(ErrorCode::unsupported_format, "has no georeference (origin and cell size)", where);
  }
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  if (crs->exportToWkt(&wkt, options) != OGRERR_NONE) {
    CPLFree(wkt);
    return fail(ErrorCode::crs_missing, "has a coordinate reference system that cannot be written down", where);
  }
  out.crs_wkt = wkt;
  CPLFree(wkt);

  GDALRasterBand& band = *raster.GetRasterBand(1);
  out.heights_msl_m.resize(static_cast<std::size_t>(out.columns) * static_cast<std::size_t>(out.rows));
  if (band.RasterIO(GF_Read, 0, 0, out.columns, out.rows, out.heights_msl_m.data(), out.columns, out.rows, GDT_Float32,
                    0, 0) != CE_None) {
    return fail(ErrorCode::file_unreadable, fmt::format("cannot be read to its end: {}", CPLGetLastErrorMsg()), where);
  }
  if (band.GetScale() != 1.0 || band.GetOffset() != 0.0) {
    return fail(
        ErrorCode::unsupported_format,
        fmt::format("stores values scaled by {} and moved by {}; write them plainly with gdal_translate -unscale",
                    band.GetScale(), band.GetOffset()),
        where);
  }
  if (range.heights) {
    if (const auto done = check_unit(band, *crs, where); !done) return Unexpected(done.error());
  }
  int has_tag = 0;
  const double tag = band.GetNoDataValue(&has_tag);
  const auto means_nothing = [&](float h, double mark) {
    return h == static_cast<float>(mark) || (std::isnan(h) && std::isnan(mark));
  };
  std::size_t known = 0;
  for (std::size_t n = 0; n < out.heights_msl_m.size(); ++n) {
    float& h = out.heights_msl_m[n];
    if ((has_tag != 0 && means_nothing(h, tag)) || (nodata && means_nothing(h, *nodata))) {
      h = std::numeric_limits<float>::quiet_NaN();
      continue;
    }
    if (!std::isfinite(h) || h < range.least || h > range.most) {
      return fail(ErrorCode::raster_value_invalid,
                  fmt::format("the cell in column {}, row {} holds {}; every cell needs {}, "
                              "or the value that stands for no data, in the file's tag or as nodata in the region",
                              n % static_cast<std::size_t>(out.columns), n / static_cast<std::size_t>(out.columns), h,
                              range.wanted),
                  where);
    }
    ++known;
  }
  if (known == 0) return fail(ErrorCode::raster_empty, "holds no data in any cell", where);
  return out;
}

Expected<LonLat> centre_of(const TerrainRaster& raster) {
  const auto georeference = Georeference::make(raster);
  if (!georeference) return Unexpected(georeference.error());
  const auto centre = georeference->to_lonlat({(raster.columns - 1) / 2.0, (raster.rows - 1) / 2.0});
  if (!centre || std::abs(centre->lat_deg) >= 84.0) return fail(ErrorCode::unsupported_format, kNotPlaceable);
  return *centre;
}

Expected<geo::Box2> local_extent(const TerrainRaster& raster, const geo::LocalFrame& frame) {
  const auto georeference = Georeference::make(raster);
  if (!georeference) return Unexpected(georeference.error());
  return local_bounds(raster, *georeference, frame);
}

Expected<geo::TerrainGrid> to_grid(const TerrainRaster& raster, const geo::LocalFrame& frame) {
  const auto georeference = Georeference::make(raster);
  if (!georeference) return Unexpected(georeference.error());
  const auto hull = local_bounds(raster, *georeference, frame);
  if (!hull) return Unexpected(hull.error());

  geo::PixelLattice lattice;
  const geo::Box2 cover = hull->grown(2.0 * lattice.spacing_m);
  lattice.origin = cover.min;
  lattice.nx = static_cast<int>(std::ceil((cover.max.x() - cover.min.x()) / lattice.spacing_m)) + 1;
  lattice.ny = static_cast<int>(std::ceil((cover.max.y() - cover.min.y()) / lattice.spacing_m)) + 1;
  lattice.pixel.reserve(static_cast<std::size_t>(lattice.nx) * static_cast<std::size_t>(lattice.ny));
  for (int j = 0; j < lattice.ny; ++j) {
    for (int i = 0; i < lattice.nx; ++i) {
      const auto pixel = georeference->to_pixel(frame.to_lonlat(lattice.origin + lattice.spacing_m * geo::Enu2(i, j)));
      if (!pixel) return fail(ErrorCode::unsupported_format, kNotPlaceable);
      lattice.pixel.push_back(*pixel);
    }
  }
  return geo::TerrainGrid(std::move(lattice), raster.columns, raster.rows, raster.heights_msl_m);
}

}  // namespace swiftlet::maps
