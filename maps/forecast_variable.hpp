#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/gdal_files.hpp"

// Private to maps: one variable of a NetCDF forecast, without the traps: axes may come in any order and direction,
// coordinates may be in kilometres while their reference system counts metres, values may be packed.
namespace swiftlet::maps {

/// The even coordinates of one horizontal axis.
struct ForecastAxis {
  double first = 0.0;
  double step = 1.0;
  int count = 0;
};

/// A level of a variable on a horizontal grid, at every time.
struct ForecastVariable {
  std::string name;
  std::string unit;           ///< in lower case
  std::string standard_name;  ///< of the CF conventions, or what GRIB calls it; may be empty
  ForecastAxis x, y;          ///< in units of `crs`, x before y
  OGRSpatialReference crs;
  std::vector<double> times;
  std::string time_unit;
  std::string calendar;
  std::shared_ptr<GDALMDArray> array;
  int time_dim = 0, y_dim = 0, x_dim = 0;
  int level_dim = -1;
  std::size_t level = 0;

  /// Values of columns [c0, c1] and rows [r0, r1] at one time, row by row; NaN where there is no data. Errors:
  /// file_unreadable.
  [[nodiscard]] Expected<std::vector<double>> read(std::size_t time, int c0, int c1, int r0, int r1) const;
};

/// A NetCDF file of forecasts.
class ForecastFile {
 public:
  /// Errors: as open_raster.
  [[nodiscard]] static Expected<ForecastFile> open(const std::filesystem::path& file);

  /// Every variable that has a place and could be a wind, by name and standard name.
  struct Entry {
    std::string name;
    std::string standard_name;
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  /// Errors: config_invalid (no such variable, or no level at that height), time_invalid (no time axis),
  /// unsupported_format, crs_missing.
  [[nodiscard]] Expected<ForecastVariable> variable(const std::string& name, double level_m) const;

 private:
  std::string where_;
  GDALDatasetUniquePtr dataset_;
  std::shared_ptr<GDALGroup> root_;
  std::vector<Entry> entries_;
};

}  // namespace swiftlet::maps
