#include "geo/lonlat_shapes.hpp"

#include <GeographicLib/Geodesic.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace swiftlet::geo {
namespace {

/// Appends what lies between a and b (both left out) so that no chord is off the true edge by over 1 mm.
void append_between(const LocalFrame& frame, LonLat a, LonLat b, const Enu2& a_enu, const Enu2& b_enu, int depth,
                    Ring& ring) {
  constexpr double kTolerance_m = 0.001;
  const LonLat middle{.lon_deg = 0.5 * (a.lon_deg + b.lon_deg), .lat_deg = 0.5 * (a.lat_deg + b.lat_deg)};
  const Enu2 m_enu = frame.to_local(middle);
  if (depth == 0 || point_segment_distance_m(m_enu, a_enu, b_enu) <= kTolerance_m) return;
  append_between(frame, a, middle, a_enu, m_enu, depth - 1, ring);
  ring.push_back(m_enu);
  append_between(frame, middle, b, m_enu, b_enu, depth - 1, ring);
}

}  // namespace

Ring ring_from_lonlat(const LocalFrame& frame, const std::vector<LonLat>& corners) {
  constexpr int kMaxDepth = 12;
  Ring ring;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const LonLat a = corners[i];
    const LonLat b = corners[i + 1 == corners.size() ? 0 : i + 1];
    const Enu2 a_enu = frame.to_local(a);
    ring.push_back(a_enu);
    append_between(frame, a, b, a_enu, frame.to_local(b), kMaxDepth, ring);
  }
  return ring;
}

Ring enclosing_geodesic_circle(const LocalFrame& frame, LonLat centre, double radius_m) {
  constexpr double kExcess_m = 0.05;
  const double half_angle = std::acos(radius_m / (radius_m + kExcess_m));
  const int n = std::clamp(static_cast<int>(std::ceil(std::numbers::pi / half_angle)), 16, 4096);
  const double out_m = radius_m / std::cos(std::numbers::pi / n);
  Ring ring;
  for (int k = 0; k < n; ++k) {
    double lat = 0.0;
    double lon = 0.0;
    GeographicLib::Geodesic::WGS84().Direct(centre.lat_deg, centre.lon_deg, 360.0 * k / n, out_m, lat, lon);
    ring.push_back(frame.to_local(LonLat{.lon_deg = lon, .lat_deg = lat}));
  }
  return ring;
}

}  // namespace swiftlet::geo
