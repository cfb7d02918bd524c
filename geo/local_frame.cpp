#include "geo/local_frame.hpp"

#include <GeographicLib/TransverseMercator.hpp>
#include <cmath>
#include <stdexcept>

namespace swiftlet::geo {
namespace {

const GeographicLib::TransverseMercator& projection() {
  static const GeographicLib::TransverseMercator wgs84(GeographicLib::Constants::WGS84_a(),
                                                       GeographicLib::Constants::WGS84_f(), 1.0);
  return wgs84;
}

}  // namespace

LocalFrame::LocalFrame(LonLat centre) : centre_(centre), northing_of_centre_m_(0.0) {
  if (!std::isfinite(centre.lon_deg) || !std::isfinite(centre.lat_deg) || std::abs(centre.lat_deg) >= 84.0) {
    throw std::invalid_argument("LocalFrame: centre must be finite and between 84 degrees south and north");
  }
  double x = 0.0;
  projection().Forward(centre.lon_deg, centre.lat_deg, centre.lon_deg, x, northing_of_centre_m_);
}

Enu2 LocalFrame::to_local(LonLat p) const {
  double x = 0.0;
  double y = 0.0;
  projection().Forward(centre_.lon_deg, p.lat_deg, p.lon_deg, x, y);
  return {x, y - northing_of_centre_m_};
}

LonLat LocalFrame::to_lonlat(const Enu2& p_enu) const {
  double lat = 0.0;
  double lon = 0.0;
  projection().Reverse(centre_.lon_deg, p_enu.x(), p_enu.y() + northing_of_centre_m_, lat, lon);
  return {.lon_deg = lon, .lat_deg = lat};
}

Enu3 LocalFrame::to_local(const GeoPoint& p) const {
  const Enu2 xy = to_local(p.lonlat());
  return {xy.x(), xy.y(), p.alt_msl_m};
}

GeoPoint LocalFrame::to_geo(const Enu3& p_enu) const {
  const LonLat p = to_lonlat(Enu2(p_enu.x(), p_enu.y()));
  return {.lon_deg = p.lon_deg, .lat_deg = p.lat_deg, .alt_msl_m = p_enu.z()};
}

}  // namespace swiftlet::geo
