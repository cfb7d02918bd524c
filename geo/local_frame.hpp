#pragma once

#include <Eigen/Core>

#include "geo/geo_point.hpp"

namespace swiftlet::geo {

/// A horizontal position in the region's local frame: x east, y north, metres.
using Enu2 = Eigen::Vector2d;
/// A position in the region's local frame: x east, y north, z = altitude above the region's vertical datum, metres.
using Enu3 = Eigen::Vector3d;

/// The region's local frame: transverse Mercator on WGS84, scale 1 at its centre, so that a metre is a
/// metre (1 part in 10^7 at 3 km from the centre). z is not projected: it is alt_msl_m.
class LocalFrame {
 public:
  /// Precondition: centre is a finite position with |lat| < 84 degrees (throws std::invalid_argument).
  explicit LocalFrame(LonLat centre);

  [[nodiscard]] Enu2 to_local(LonLat p) const;
  [[nodiscard]] LonLat to_lonlat(const Enu2& p_enu) const;
  [[nodiscard]] Enu3 to_local(const GeoPoint& p) const;
  [[nodiscard]] GeoPoint to_geo(const Enu3& p_enu) const;
  [[nodiscard]] LonLat centre() const { return centre_; }

 private:
  LonLat centre_;
  double northing_of_centre_m_;
};

}  // namespace swiftlet::geo
