#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace swiftlet::test {

/// A NetCDF forecast to write: two variables over times, levels (none: without that axis), y and x.
struct ForecastToWrite {
  std::string crs = "EPSG:32650";
  std::string axis_unit = "m";
  std::vector<double> x, y;
  std::vector<double> levels_m = {10.0};
  std::string level_unit = "m";
  std::vector<double> times = {0.0, 1.0};
  std::string time_unit = "hours since 2026-11-21T00:00:00Z";
  std::string calendar = "standard";
  bool with_time = true;
  std::string names[2] = {"speed", "direction"};
  std::string standard_names[2] = {"wind_speed", "wind_from_direction"};
  std::string units[2] = {"m/s", "degree"};
  /// The k-th variable at time t, level l, row r and column c.
  std::function<double(int k, int t, int l, int r, int c)> value = [](int k, int, int, int, int) {
    return k == 0 ? 5.0 : 270.0;
  };
};

/// 7 x 7 nodes 300 m apart about the usual region (x 500000…501000, y 2490000…2491000 in EPSG:32650).
[[nodiscard]] ForecastToWrite usual_forecast();
void write_forecast(const std::filesystem::path& file, const ForecastToWrite& forecast);

}  // namespace swiftlet::test
