#pragma once

#include <memory>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/gis_source.hpp"
#include "maps/referee/plane.hpp"

class OGRCoordinateTransformation;

namespace swiftlet::maps::referee {

/// From one reference system to another through PROJ. Not for use by two threads at once: each clones its own.
class Reprojection {
 public:
  /// Errors: crs_missing where PROJ knows no way, with `where`.
  [[nodiscard]] static Expected<Reprojection> between(const OGRSpatialReference& from, const OGRSpatialReference& to,
                                                      const std::string& where);
  [[nodiscard]] Reprojection clone() const;

  /// Transforms in place. False where any point has no finite image.
  [[nodiscard]] bool apply(std::vector<Point2>& points) const;

 private:
  struct Destroy {
    void operator()(OGRCoordinateTransformation* transformation) const;
  };
  explicit Reprojection(OGRCoordinateTransformation* owned) : transformation_(owned) {}
  std::unique_ptr<OGRCoordinateTransformation, Destroy> transformation_;
};

/// WGS84 longitude, latitude in degrees.
[[nodiscard]] Crs wgs84_lonlat();

/// The local frame: transverse Mercator on WGS84, scale 1, about the given centre.
[[nodiscard]] Crs local_frame(LonLat centre);

/// Azimuthal equidistant about the centre: circles there are geodesic circles.
[[nodiscard]] Crs azimuthal_equidistant(LonLat centre);

}  // namespace swiftlet::maps::referee
