#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace swiftlet::test {

/// A directory of its own under the system's temporary one, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The error of a call that should have worked; empty where it did.
template <class Result>
[[nodiscard]] std::string why_not(const Result& result) {
  return result ? std::string() : describe(result.error());
}

/// A feature to write: geometry as WKT in UTM zone 50 north (EPSG:32650), height above the ground or none.
struct WrittenFeature {
  std::string wkt;
  std::optional<double> height;
  bool with_nan = false;  ///< the third corner of the polygon gets x = NaN, which WKT cannot say
};

// Real GIS files, written by GDAL. The terrain spans x 500000…501000, y 2490000…2491000 in EPSG:32650 with 10 m cells.
struct TerrainToWrite {
  int columns = 101;
  int rows = 101;
  std::function<float(int column, int row)> height = [](int, int) { return 10.0F; };
  bool with_crs = true;
  std::optional<double> nodata = {};
};
void write_terrain(const std::filesystem::path& file, const TerrainToWrite& terrain = {});
/// A GeoPackage with layer "buildings", fields height (real) and name (text).
void write_buildings(const std::filesystem::path& file, const std::vector<WrittenFeature>& features,
                     bool with_crs = true);
void write_text(const std::filesystem::path& file, const std::string& text);

/// A closed rectangle in EPSG:32650, offsets in metres from (500000, 2490000).
[[nodiscard]] std::string rectangle_wkt(double x0, double y0, double x1, double y1);

/// Lon and lat of an offset from (500000, 2490000).
struct Position {
  double lon_deg;
  double lat_deg;
};
[[nodiscard]] Position position(double x, double y);

/// The usual region: flat terrain at 10 m, one building of 40 m at 300…340, an ED-269 circle zone, a hub and a kiosk.
/// Each piece may be overwritten before it is used.
void write_usual_region(const std::filesystem::path& dir);

}  // namespace swiftlet::test
