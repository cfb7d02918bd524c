#pragma once

namespace swiftlet {

/// A place on WGS84: longitude and latitude in degrees, in that order.
struct LonLat {
  double lon_deg = 0.0;
  double lat_deg = 0.0;

  friend bool operator==(const LonLat&, const LonLat&) = default;
};

/// A place in the air: WGS84 degrees and metres above the region's vertical datum.
struct GeoPoint {
  double lon_deg = 0.0;
  double lat_deg = 0.0;
  double alt_msl_m = 0.0;

  [[nodiscard]] LonLat lonlat() const { return {.lon_deg = lon_deg, .lat_deg = lat_deg}; }
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

}  // namespace swiftlet
