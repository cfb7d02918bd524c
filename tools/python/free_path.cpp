#include "tools/python/free_path.hpp"

#include <cmath>

namespace swiftlet::python {
namespace {

constexpr double kStraightness_m = 0.004;
constexpr int kDeepest = 12;

GeoPoint middle_of(const GeoPoint& a, const GeoPoint& b) {
  return {.lon_deg = 0.5 * (a.lon_deg + b.lon_deg),
          .lat_deg = 0.5 * (a.lat_deg + b.lat_deg),
          .alt_msl_m = 0.5 * (a.alt_msl_m + b.alt_msl_m)};
}

bool piece_is_free(const geo::AirspaceView& view, const GeoPoint& a, const GeoPoint& b, int depth) {
  const geo::LocalFrame& frame = view.airspace().frame;
  const geo::Enu3 a_enu = frame.to_local(a);
  const geo::Enu3 b_enu = frame.to_local(b);
  const GeoPoint middle = middle_of(a, b);
  const geo::Enu2 bend = frame.to_local(middle.lonlat()) - 0.5 * (a_enu + b_enu).head<2>();
  if (bend.norm() <= kStraightness_m) return view.is_free(a_enu, b_enu);
  if (!(depth < kDeepest)) return false;
  return piece_is_free(view, a, middle, depth + 1) && piece_is_free(view, middle, b, depth + 1);
}

bool finite(const GeoPoint& p) {
  return std::isfinite(p.lon_deg) && std::isfinite(p.lat_deg) && std::isfinite(p.alt_msl_m);
}

}  // namespace

bool path_is_free(const geo::AirspaceView& view, const GeoPoint& a, const GeoPoint& b) {
  return finite(a) && finite(b) && piece_is_free(view, a, b, 0);
}

}  // namespace swiftlet::python
