#include "planner/speed_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "planner/corner_rounding.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLevel = 0.02;  ///< slope below which a flight counts as level

/// What holds on one straight segment.
struct SegmentLimits {
  double length_m;
  double run_share;   ///< horizontal part of the unit direction
  double rise_share;  ///< vertical part, signed
  double top_speed_m_s;
  double acceleration_m_s2;
};

/// The speed that the curvature at a point allows, given how steep the segments beside it are.
double curve_speed(double turn_1_m, double bend_1_m, double run_share, const VehicleProfile& v) {
  double ground = kInfinity;
  if (turn_1_m > 0.0) ground = std::sqrt(kCurveShare * v.acceleration_m_s2 / turn_1_m);
  if (bend_1_m > 0.0) ground = std::min(ground, std::sqrt(kCurveShare * v.vertical_acceleration_m_s2 / bend_1_m));
  return run_share > 0.0 ? ground / run_share : kInfinity;
}

SegmentLimits limits_of(const CurvePoint& a, const CurvePoint& b, const FlightLimits& limits, bool landing) {
  const VehicleProfile& v = limits.vehicle;
  const geo::Enu3 d = b.p_enu - a.p_enu;
  SegmentLimits out{d.norm(), 0.0, 0.0, kInfinity, kInfinity};
  if (out.length_m <= 0.0) return out;
  const double run = std::hypot(d.x(), d.y());
  out.run_share = run / out.length_m;
  out.rise_share = d.z() / out.length_m;
  const bool curved = a.turn_curvature_ahead_1_m > 0.0 || a.bend_curvature_ahead_1_m > 0.0;
  const double in_curve = curved ? kBrakeShareInCurve : 1.0;
  if (run > 1e-9) {
    out.top_speed_m_s = std::min(limits.ground_speed_m_s(geo::Enu2(d.x(), d.y()) / run) / out.run_share,
                                 curve_speed(a.turn_curvature_ahead_1_m, a.bend_curvature_ahead_1_m, out.run_share, v));
    out.acceleration_m_s2 = in_curve * v.acceleration_m_s2 / out.run_share;
  }
  if (std::abs(out.rise_share) > 1e-9) {
    const double vertical = out.rise_share > 0.0 ? v.climb_speed_m_s
                            : landing            ? v.landing_speed_m_s
                                                 : v.descent_speed_m_s;
    out.top_speed_m_s = std::min(out.top_speed_m_s, vertical / std::abs(out.rise_share));
    out.acceleration_m_s2 =
        std::min(out.acceleration_m_s2, in_curve * v.vertical_acceleration_m_s2 / std::abs(out.rise_share));
  }
  return out;
}

Phase phase_of(std::size_t segment, const FlightCurve& curve, const SegmentLimits& s) {
  if (segment < curve.transit_begins) return Phase::takeoff;
  if (segment >= curve.transit_ends) return Phase::landing;
  if (s.rise_share > kLevel) return Phase::climb;
  return s.rise_share < -kLevel ? Phase::descent : Phase::cruise;
}

/// Adds the inner points of a segment (where speeding up ends and slowing down begins) and its end.
void add_segment(const CurvePoint& a, const CurvePoint& b, const SegmentLimits& s, double v0, double v1, Phase phase,
                 Trajectory& out) {
  const double peak2 =
      std::min(s.top_speed_m_s * s.top_speed_m_s, 0.5 * (v0 * v0 + v1 * v1) + s.acceleration_m_s2 * s.length_m);
  const double peak = std::max({std::sqrt(peak2), v0, v1});
  const double up = std::clamp((peak * peak - v0 * v0) / (2.0 * s.acceleration_m_s2), 0.0, s.length_m);
  const double down = std::clamp((peak * peak - v1 * v1) / (2.0 * s.acceleration_m_s2), 0.0, s.length_m - up);
  const double steady = s.length_m - up - down;
  const double up_s = (peak - v0) / s.acceleration_m_s2;
  const double down_s = (peak - v1) / s.acceleration_m_s2;
  const double steady_s = steady > 0.0 ? steady / peak : 0.0;
  const double t0 = out.points.back().t_s;
  const auto add = [&](double at, double t, double speed) {
    const geo::Enu3 p = at >= s.length_m ? b.p_enu : geo::Enu3(a.p_enu + at / s.length_m * (b.p_enu - a.p_enu));
    out.points.push_back(
        {.p_enu = p, .t_s = t, .speed_m_s = speed, .ground_speed_m_s = speed * s.run_share, .phase = phase});
  };
  // A change nearer to an end than this is left out as a point, not as time.
  constexpr double kWorthAPoint_m = 0.05;
  const bool after_start = up > kWorthAPoint_m && s.length_m - up > kWorthAPoint_m;
  const bool before_end = down > kWorthAPoint_m && s.length_m - down > kWorthAPoint_m;
  if (after_start) add(up, t0 + up_s, peak);
  if (before_end && !(after_start && steady < kWorthAPoint_m)) add(s.length_m - down, t0 + up_s + steady_s, peak);
  add(s.length_m, t0 + up_s + steady_s + down_s, v1);
}

}  // namespace

Trajectory timed(const FlightCurve& curve, const FlightLimits& limits) {
  const std::vector<CurvePoint>& p = curve.points;
  const std::size_t n = p.size();
  std::vector<SegmentLimits> segments;
  for (std::size_t k = 0; k + 1 < n; ++k) {
    const bool landing =
        k >= curve.transit_ends && p[k].p_enu.z() <= p.back().p_enu.z() + limits.vehicle.landing_height_m + 1e-6;
    segments.push_back(limits_of(p[k], p[k + 1], limits, landing));
  }
  std::vector<double> speed(n, kInfinity);
  for (std::size_t k = 0; k < n; ++k) {
    const double in = k > 0 ? segments[k - 1].run_share : 0.0;
    const double out = k + 1 < n ? segments[k].run_share : 0.0;
    speed[k] = p[k].stop
                   ? 0.0
                   : curve_speed(p[k].turn_curvature_1_m, p[k].bend_curvature_1_m, std::max(in, out), limits.vehicle);
    if (k > 0) speed[k] = std::min(speed[k], segments[k - 1].top_speed_m_s);
    if (k + 1 < n) speed[k] = std::min(speed[k], segments[k].top_speed_m_s);
  }
  speed.front() = curve.start_speed_m_s;
  speed.back() = 0.0;
  const auto reachable = [](double from, const SegmentLimits& s) {
    return std::sqrt(from * from + 2.0 * s.acceleration_m_s2 * s.length_m);
  };
  for (std::size_t k = 0; k + 1 < n; ++k) speed[k + 1] = std::min(speed[k + 1], reachable(speed[k], segments[k]));
  for (std::size_t k = n - 1; k-- > 1;) speed[k] = std::min(speed[k], reachable(speed[k + 1], segments[k]));

  Trajectory out;
  out.points.push_back({.p_enu = p.front().p_enu, .speed_m_s = speed.front()});
  for (std::size_t k = 0; k + 1 < n; ++k) {
    out.length_m += segments[k].length_m;
    if (segments[k].length_m <= 0.0) continue;
    add_segment(p[k], p[k + 1], segments[k], speed[k], speed[k + 1], phase_of(k, curve, segments[k]), out);
  }
  // A phase is that of the segment that a point begins.
  for (std::size_t k = 0; k + 1 < out.points.size(); ++k) out.points[k].phase = out.points[k + 1].phase;
  out.points.front().ground_speed_m_s = 0.0;
  if (curve.start_speed_m_s > 0.0)
    out.points.front().ground_speed_m_s = curve.start_speed_m_s * segments.front().run_share;
  return out;
}

}  // namespace swiftlet::planner
