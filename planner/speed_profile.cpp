#include "planner/speed_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "planner/corner_rounding.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLevel = 0.02;    ///< slope below which a flight counts as level
constexpr double kNoRun_m = 1e-9;  ///< a segment that gains less ground is vertical

/// What holds on one straight segment. Progress is counted over the ground, or upwards and downwards where it is
/// vertical: so the ground speed is continuous where a slope changes, and the vertical speed follows it round the bend.
struct SegmentLimits {
  double length_m = 0.0;  ///< in three dimensions
  double progress_m = 0.0;
  bool vertical = false;
  double slope = 0.0;  ///< rise over run; ±infinite where vertical
  double top_speed_m_s = kInfinity;
  double acceleration_m_s2 = kInfinity;
};

/// The ground speed that curvature allows.
double curve_speed(double turn_1_m, double bend_1_m, const VehicleProfile& v) {
  double ground = kInfinity;
  if (turn_1_m > 0.0) ground = std::sqrt(kCurveShare * v.acceleration_m_s2 / turn_1_m);
  if (bend_1_m > 0.0) ground = std::min(ground, std::sqrt(kCurveShare * v.vertical_acceleration_m_s2 / bend_1_m));
  return ground;
}

/// When a segment is flown, by what is known so far.
struct Passage {
  double from_s = 0.0;
  double to_s = 0.0;
};

SegmentLimits limits_of(const CurvePoint& a, const CurvePoint& b, const FlightLimits& limits, bool landing,
                        const Passage& when) {
  const VehicleProfile& v = limits.vehicle;
  const geo::Enu3 d = b.p_enu - a.p_enu;
  const double run = std::hypot(d.x(), d.y());
  SegmentLimits out;
  out.length_m = d.norm();
  out.vertical = run <= kNoRun_m;
  out.progress_m = out.vertical ? std::abs(d.z()) : run;
  const double rate = d.z() > 0.0 ? v.climb_speed_m_s : landing ? v.landing_speed_m_s : v.descent_speed_m_s;
  if (out.vertical) {
    out.slope = d.z() > 0.0 ? kInfinity : -kInfinity;
    out.top_speed_m_s = rate;
    out.acceleration_m_s2 = v.vertical_acceleration_m_s2;
    return out;
  }
  const bool curved = a.turn_curvature_ahead_1_m > 0.0 || a.bend_curvature_ahead_1_m > 0.0;
  const double share = curved ? kBrakeShareInCurve : 1.0;
  out.slope = d.z() / run;
  out.top_speed_m_s = std::min(limits.ground_speed_m_s(a.p_enu, b.p_enu, when.from_s, when.to_s),
                               curve_speed(a.turn_curvature_ahead_1_m, a.bend_curvature_ahead_1_m, v));
  out.acceleration_m_s2 = share * v.acceleration_m_s2;
  if (out.slope != 0.0) {
    out.top_speed_m_s = std::min(out.top_speed_m_s, rate / std::abs(out.slope));
    out.acceleration_m_s2 = std::min(out.acceleration_m_s2, share * v.vertical_acceleration_m_s2 / std::abs(out.slope));
  }
  return out;
}

Phase phase_of(std::size_t segment, const FlightCurve& curve, const SegmentLimits& s) {
  if (segment < curve.transit_begins) return Phase::takeoff;
  if (segment >= curve.transit_ends) return Phase::landing;
  if (s.slope > kLevel) return Phase::climb;
  return s.slope < -kLevel ? Phase::descent : Phase::cruise;
}

/// Adds the inner points of a segment (where speeding up ends and slowing down begins) and its end.
void add_segment(const CurvePoint& a, const CurvePoint& b, const SegmentLimits& s, double v0, double v1, Phase phase,
                 Trajectory& out) {
  const double peak2 =
      std::min(s.top_speed_m_s * s.top_speed_m_s, 0.5 * (v0 * v0 + v1 * v1) + s.acceleration_m_s2 * s.progress_m);
  const double peak = std::max({std::sqrt(peak2), v0, v1});
  const double up = std::clamp((peak * peak - v0 * v0) / (2.0 * s.acceleration_m_s2), 0.0, s.progress_m);
  const double down = std::clamp((peak * peak - v1 * v1) / (2.0 * s.acceleration_m_s2), 0.0, s.progress_m - up);
  const double steady = s.progress_m - up - down;
  const double up_s = (peak - v0) / s.acceleration_m_s2;
  const double down_s = (peak - v1) / s.acceleration_m_s2;
  const double steady_s = steady > 0.0 ? steady / peak : 0.0;
  const double t0 = out.points.back().t_s;
  const auto add = [&](double at, double t, double speed) {
    const geo::Enu3 p = at >= s.progress_m ? b.p_enu : geo::Enu3(a.p_enu + at / s.progress_m * (b.p_enu - a.p_enu));
    out.points.push_back(
        {.p_enu = p, .t_s = t, .speed_m_s = speed, .ground_speed_m_s = s.vertical ? 0.0 : speed, .phase = phase});
  };
  // A change nearer to an end than this is left out as a point, not as time.
  constexpr double kWorthAPoint_m = 0.002;
  const bool after_start = up > kWorthAPoint_m && s.progress_m - up > kWorthAPoint_m;
  const bool before_end = down > kWorthAPoint_m && s.progress_m - down > kWorthAPoint_m;
  if (after_start) add(up, t0 + up_s, peak);
  if (before_end && !(after_start && steady < kWorthAPoint_m)) add(s.progress_m - down, t0 + up_s + steady_s, peak);
  add(s.progress_m, t0 + up_s + steady_s + down_s, v1);
}

/// The fastest passage where the wind is that of these times; and when each segment is flown by it.
Trajectory timed_once(const FlightCurve& curve, const FlightLimits& limits, std::vector<Passage>& when) {
  const std::vector<CurvePoint>& p = curve.points;
  const std::size_t n = p.size();
  std::vector<SegmentLimits> segments;
  for (std::size_t k = 0; k + 1 < n; ++k) {
    const bool landing =
        k >= curve.transit_ends && p[k].p_enu.z() <= p.back().p_enu.z() + limits.vehicle.landing_height_m + 1e-6;
    segments.push_back(limits_of(p[k], p[k + 1], limits, landing, when[k]));
  }
  std::vector<double> speed(n, kInfinity);
  for (std::size_t k = 0; k < n; ++k) {
    speed[k] = p[k].stop ? 0.0 : curve_speed(p[k].turn_curvature_1_m, p[k].bend_curvature_1_m, limits.vehicle);
    if (k > 0) speed[k] = std::min(speed[k], segments[k - 1].top_speed_m_s);
    if (k + 1 < n) speed[k] = std::min(speed[k], segments[k].top_speed_m_s);
  }
  speed.front() = curve.start_speed_m_s;
  speed.back() = 0.0;
  const auto reachable = [](double from, const SegmentLimits& s) {
    return std::sqrt(from * from + 2.0 * s.acceleration_m_s2 * s.progress_m);
  };
  for (std::size_t k = 0; k + 1 < n; ++k) speed[k + 1] = std::min(speed[k + 1], reachable(speed[k], segments[k]));
  for (std::size_t k = n - 1; k-- > 1;) speed[k] = std::min(speed[k], reachable(speed[k + 1], segments[k]));

  Trajectory out;
  out.points.push_back({.p_enu = p.front().p_enu, .speed_m_s = speed.front()});
  for (std::size_t k = 0; k + 1 < n; ++k) {
    out.length_m += segments[k].length_m;
    if (segments[k].length_m <= 0.0) continue;
    when[k].from_s = out.points.back().t_s;
    add_segment(p[k], p[k + 1], segments[k], speed[k], speed[k + 1], phase_of(k, curve, segments[k]), out);
    when[k].to_s = out.points.back().t_s;
  }
  // A phase is that of the segment that a point begins.
  for (std::size_t k = 0; k + 1 < out.points.size(); ++k) out.points[k].phase = out.points[k + 1].phase;
  out.points.front().ground_speed_m_s = segments.front().vertical ? 0.0 : curve.start_speed_m_s;
  return out;
}

/// The same curve in pieces, where the wind differs from place to place: each is timed by its own mean, so that a gale
/// ahead and a gale behind are not taken for a calm.
FlightCurve in_pieces(const FlightCurve& curve) {
  constexpr double kPiece_m = 100.0;
  FlightCurve out = curve;
  out.points.clear();
  for (std::size_t k = 0; k < curve.points.size(); ++k) {
    if (k == curve.transit_begins) out.transit_begins = out.points.size();
    if (k == curve.transit_ends) out.transit_ends = out.points.size();
    const CurvePoint& a = curve.points[k];
    out.points.push_back(a);
    if (k + 1 == curve.points.size() || a.turn_curvature_ahead_1_m > 0.0 || a.bend_curvature_ahead_1_m > 0.0) continue;
    const geo::Enu3 way = curve.points[k + 1].p_enu - a.p_enu;
    const int pieces = static_cast<int>(std::ceil(way.head<2>().norm() / kPiece_m));
    for (int n = 1; n < pieces; ++n) out.points.push_back({.p_enu = a.p_enu + static_cast<double>(n) / pieces * way});
  }
  return out;
}

/// When each segment would be flown at cruise speed without wind: what the winds of a forecast are first asked for.
std::vector<Passage> at_cruise(const FlightCurve& curve, const VehicleProfile& vehicle) {
  std::vector<Passage> when(curve.points.size() - 1);
  double t_s = 0.0;
  for (std::size_t k = 0; k < when.size(); ++k) {
    when[k].from_s = t_s;
    t_s += (curve.points[k + 1].p_enu - curve.points[k].p_enu).norm() / vehicle.cruise_speed_m_s;
    when[k].to_s = t_s;
  }
  return when;
}

}  // namespace

Trajectory timed(const FlightCurve& given, const FlightLimits& limits) {
  const FlightCurve curve = limits.air.grows_with_height_only() ? given : in_pieces(given);
  std::vector<Passage> when = at_cruise(curve, limits.vehicle);
  Trajectory out = timed_once(curve, limits, when);
  // When a forecast's wind is met depends on how fast it lets the flight be: again until the times agree.
  constexpr int kMostPasses = 5;
  constexpr double kAgree_s = 0.05;
  double before_s = -1.0;
  for (int pass = 1; limits.air.changes_with_time() && std::isfinite(out.duration_s()) && pass < kMostPasses &&
                     std::abs(out.duration_s() - before_s) > kAgree_s;
       ++pass) {
    before_s = out.duration_s();
    out = timed_once(curve, limits, when);
  }
  return out;
}

}  // namespace swiftlet::planner
