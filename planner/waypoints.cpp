#include "planner/waypoints.hpp"

#include <cmath>

namespace swiftlet::planner {
namespace {

/// Below the contract's 5 mm, so that rounding has room.
constexpr double kStraightness_m = 0.004;

double rounded(double value, double scale) { return std::round(value * scale) / scale + 0.0; }

class Publisher {
 public:
  explicit Publisher(const geo::Airspace& airspace) : airspace_(airspace) {}

  void add(const TimedPoint& point) {
    const GeoPoint exact = airspace_.frame.to_geo(point.p_enu);
    const GeoPoint p{rounded(exact.lon_deg, 1e8), rounded(exact.lat_deg, 1e8), rounded(exact.alt_msl_m, 1e3)};
    const geo::Enu3 p_enu = airspace_.frame.to_local(p);
    const double ground = airspace_.terrain.height_msl_m(p_enu.head<2>()).value_or(p.alt_msl_m);
    const Waypoint w{.position = p,
                     .height_agl_m = rounded(p.alt_msl_m - ground, 1e3),
                     .t_s = rounded(point.t_s, 1e3),
                     .ground_speed_m_s = rounded(point.ground_speed_m_s, 1e3),
                     .phase = point.phase};
    // Two points that rounding made one in place or time (a millisecond is 15 mm at most): the later stays, but no stop
    // and no end of a vertical segment may go.
    if (!out_.empty() && out_.back().position == p) {
      out_.pop_back();
    } else if (out_.size() > 1 && out_.back().t_s == w.t_s) {
      if (out_.back().ground_speed_m_s == 0.0 && point.ground_speed_m_s != 0.0) return;
      out_.pop_back();
    }
    out_.push_back(w);
  }

  /// Everything after a, up to and including b.
  void add_until(const TimedPoint& a, const TimedPoint& b, int depth = 0) {
    constexpr int kDeepest = 12;
    const geo::Enu3 middle = 0.5 * (a.p_enu + b.p_enu);
    const GeoPoint ga = airspace_.frame.to_geo(a.p_enu);
    const GeoPoint gb = airspace_.frame.to_geo(b.p_enu);
    const geo::Enu2 on_wire =
        airspace_.frame.to_local(LonLat{0.5 * (ga.lon_deg + gb.lon_deg), 0.5 * (ga.lat_deg + gb.lat_deg)});
    if (depth < kDeepest && (on_wire - middle.head<2>()).norm() > kStraightness_m) {
      const TimedPoint m = halfway(a, b, middle);
      add_until(a, m, depth + 1);
      add_until(m, b, depth + 1);
    } else {
      add(b);
    }
  }

  [[nodiscard]] std::vector<Waypoint> finish() && { return std::move(out_); }

 private:
  /// With an even change of speed the square of the speed is linear in the distance.
  static TimedPoint halfway(const TimedPoint& a, const TimedPoint& b, const geo::Enu3& middle) {
    TimedPoint m = a;
    m.p_enu = middle;
    m.speed_m_s = std::sqrt(0.5 * (a.speed_m_s * a.speed_m_s + b.speed_m_s * b.speed_m_s));
    m.ground_speed_m_s =
        std::sqrt(0.5 * (a.ground_speed_m_s * a.ground_speed_m_s + b.ground_speed_m_s * b.ground_speed_m_s));
    const double share = (a.speed_m_s + b.speed_m_s) / (2.0 * (a.speed_m_s + m.speed_m_s));
    m.t_s = a.t_s + (b.t_s - a.t_s) * share;
    return m;
  }

  const geo::Airspace& airspace_;
  std::vector<Waypoint> out_;
};

}  // namespace

std::vector<Waypoint> to_waypoints(const geo::Airspace& airspace, const Trajectory& trajectory) {
  Publisher publisher(airspace);
  publisher.add(trajectory.points.front());
  for (std::size_t k = 0; k + 1 < trajectory.points.size(); ++k) {
    publisher.add_until(trajectory.points[k], trajectory.points[k + 1]);
  }
  return std::move(publisher).finish();
}

}  // namespace swiftlet::planner
