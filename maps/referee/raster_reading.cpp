#include <fmt/core.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "maps/referee/dem.hpp"

namespace swiftlet::maps::referee {
namespace {

constexpr double kLowestOnEarth_m = -500.0;
constexpr double kHighestOnEarth_m = 9000.0;
constexpr std::int64_t kMostPixels = 400'000'000;

/// Marks missing data as NaN; any other value must be a height on earth.
std::optional<Error> check_heights(std::vector<double>& heights, const std::vector<double>& marks, int columns,
                                   const std::string& where) {
  std::size_t known = 0;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    const bool missing = std::any_of(marks.begin(), marks.end(), [&](double mark) {
      return heights[i] == mark || heights[i] == static_cast<float>(mark) ||
             (std::isnan(heights[i]) && std::isnan(mark));
    });
    if (missing) {
      heights[i] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    if (!(heights[i] >= kLowestOnEarth_m && heights[i] <= kHighestOnEarth_m)) {
      return Error{.code = ErrorCode::raster_value_invalid,
                   .message = fmt::format("pixel (column {}, row {}) is {}; expected a height from {} to {} m, or the "
                                          "nodata value in the file or the region",
                                          i % static_cast<std::size_t>(columns), i / static_cast<std::size_t>(columns),
                                          heights[i], kLowestOnEarth_m, kHighestOnEarth_m),
                   .where = where};
    }
    ++known;
  }
  if (known == 0) return Error{.code = ErrorCode::raster_empty, .message = "holds no data at all", .where = where};
  return std::nullopt;
}

/// Heights are metres as they stand in the file.
std::optional<Error> check_units(GDALRasterBand& band, const OGRSpatialReference& declared, const std::string& where) {
  const auto refuse = [&](const std::string& why) {
    return Error{
        .code = ErrorCode::unsupported_format, .message = why + "; expected heights in metres", .where = where};
  };
  if (GDALDataTypeIsComplex(band.GetRasterDataType()) != 0) return refuse("its pixels are complex numbers");
  const std::string unit = band.GetUnitType();
  if (!unit.empty() && !EQUAL(unit.c_str(), "m") && !STARTS_WITH_CI(unit.c_str(), "metre") &&
      !STARTS_WITH_CI(unit.c_str(), "meter")) {
    return refuse(fmt::format("its unit is \"{}\"", unit));
  }
  const char* named = nullptr;
  if (declared.IsCompound() != 0 && std::abs(declared.GetTargetLinearUnits("COMPD_CS|VERT_CS", &named) - 1.0) > 1e-9) {
    return refuse(fmt::format("the unit of its vertical datum is \"{}\"", named == nullptr ? "unknown" : named));
  }
  if (band.GetScale() != 1.0 || band.GetOffset() != 0.0) return refuse("its heights are scaled or moved");
  return std::nullopt;
}

}  // namespace

Expected<RasterReading> read_raster(const std::filesystem::path& file, std::optional<double> nodata) {
  const std::string where = file.string();
  auto dataset = open_raster(file);
  if (!dataset) return tl::make_unexpected(dataset.error());
  GDALDataset& raster = **dataset;
  auto crs = horizontal_crs(raster.GetSpatialRef(), where);
  if (!crs) return tl::make_unexpected(crs.error());

  const int columns = raster.GetRasterXSize();
  const int rows = raster.GetRasterYSize();
  if (raster.GetRasterCount() < 1 || columns < 2 || rows < 2) {
    return fail(ErrorCode::raster_empty, fmt::format("is {} by {} pixels; expected 2 by 2 or more", columns, rows),
                where);
  }
  if (static_cast<std::int64_t>(columns) * rows > kMostPixels) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("is {} by {} pixels; expected at most {} in all", columns, rows, kMostPixels), where);
  }
  double geo_transform[6];
  double pixel_from_crs[6];
  if (raster.GetGeoTransform(geo_transform) != CE_None || !GDALInvGeoTransform(geo_transform, pixel_from_crs)) {
    return fail(ErrorCode::crs_missing, "has no usable geotransform", where);
  }
  // GDAL counts pixels from the corner of the first one; integers shall lie at cell centres.
  pixel_from_crs[0] -= 0.5;
  pixel_from_crs[3] -= 0.5;

  GDALRasterBand& band = *raster.GetRasterBand(1);
  int has_tag = 0;
  const double tag = band.GetNoDataValue(&has_tag);
  if (auto error = check_units(band, *raster.GetSpatialRef(), where)) return tl::make_unexpected(std::move(*error));
  std::vector<double> heights(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  const QuietGdal quiet;
  if (band.RasterIO(GF_Read, 0, 0, columns, rows, heights.data(), columns, rows, GDT_Float64, 0, 0, nullptr) !=
      CE_None) {
    return fail(ErrorCode::file_unreadable, fmt::format("its pixels cannot be read: {}", quiet.said()), where);
  }
  std::vector<double> marks;
  if (has_tag) marks.push_back(tag);
  if (nodata) marks.push_back(*nodata);
  if (auto error = check_heights(heights, marks, columns, where)) return tl::make_unexpected(std::move(*error));
  std::array<double, 6> affine{};
  std::copy(std::begin(pixel_from_crs), std::end(pixel_from_crs), affine.begin());
  return RasterReading{
      .columns = columns, .rows = rows, .values = std::move(heights), .pixel_from_crs = affine, .crs = std::move(*crs)};
}

}  // namespace swiftlet::maps::referee
