#include "sim/flight_path.hpp"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace swiftlet::sim {
namespace {

using geo::Enu3;

/// Whether the stated ground speeds say nothing of how fast a segment is flown. A little run does not make one
/// vertical: profiles have hops of centimetres where a change of speed begins.
bool is_vertical(const planner::Waypoint& from, const planner::Waypoint& to, const Enu3& way) {
  constexpr double kOffAxis_m = 0.05;  // as far as the contract lets a vertical be
  constexpr double kSteep = 20.0;      // what rounding makes of a vertical; way beyond any transit's slope
  const double level_m = way.head<2>().norm();
  const bool without_run = from.ground_speed_m_s == 0.0 && to.ground_speed_m_s == 0.0;
  return level_m <= kOffAxis_m && (without_run || std::abs(way.z()) >= kSteep * level_m);
}

/// Path speed over ground speed on a segment; 0 where it is vertical.
double slope_factor(const planner::Waypoint& from, const planner::Waypoint& to, const Enu3& way) {
  return is_vertical(from, to, way) ? 0.0 : way.norm() / way.head<2>().norm();
}

/// The slope of a monotone cubic where two vertical segments meet: the harmonic mean of their speeds.
double harmonic_mean(double a, double b) { return a > 0.0 && b > 0.0 ? 2.0 / (1.0 / a + 1.0 / b) : 0.0; }

}  // namespace

FlightPath::FlightPath(const planner::Route& route)
    : FlightPath(route,
                 geo::LocalFrame(route.waypoints.empty() ? LonLat{} : route.waypoints.front().position.lonlat())) {}

FlightPath::FlightPath(const planner::Route& route, const geo::LocalFrame& frame) : frame_(frame) {
  if (route.waypoints.size() < 2) throw std::invalid_argument("a flight path needs at least two waypoints");
  double along_m = 0.0;
  for (const planner::Waypoint& w : route.waypoints) {
    const Enu3 p = frame_.to_local(w.position);
    if (!knots_.empty()) {
      if (w.t_s < knots_.back().t_s) throw std::invalid_argument("waypoint times must not decrease");
      along_m += (p - knots_.back().p_enu).norm();
    }
    knots_.push_back({.p_enu = p,
                      .t_s = w.t_s,
                      .along_m = along_m,
                      .speed_m_s = 0.0,
                      .height_agl_m = w.height_agl_m,
                      .phase = w.phase});
  }
  const auto mean_speed_m_s = [this](std::size_t i) {
    const double length_m = knots_[i + 1].along_m - knots_[i].along_m;
    // Not finite where two waypoints have one time: that bounds nothing.
    return length_m > 0.0 ? length_m / (knots_[i + 1].t_s - knots_[i].t_s) : 0.0;
  };
  const auto slope_factor_of = [&](std::size_t i) {
    return slope_factor(route.waypoints[i], route.waypoints[i + 1], knots_[i + 1].p_enu - knots_[i].p_enu);
  };
  for (std::size_t i = 1; i + 1 < knots_.size(); ++i) {
    const double before = slope_factor_of(i - 1);
    const double after = slope_factor_of(i);
    double speed = 0.0;
    if (before > 0.0 && after > 0.0) {
      speed = route.waypoints[i].ground_speed_m_s * std::min(before, after);
    } else if (before == 0.0 && after == 0.0) {
      const bool turns_back =
          (knots_[i].p_enu.z() > knots_[i - 1].p_enu.z()) != (knots_[i + 1].p_enu.z() > knots_[i].p_enu.z());
      speed = turns_back ? 0.0 : harmonic_mean(mean_speed_m_s(i - 1), mean_speed_m_s(i));
    }
    // Three times the mean speed of either side is the largest slope with which the cubic stays monotone.
    knots_[i].speed_m_s = std::clamp(speed, 0.0, 3.0 * std::min(mean_speed_m_s(i - 1), mean_speed_m_s(i)));
  }
}

FlightPath::Reference FlightPath::at(double t_s) const {
  const auto next =
      std::upper_bound(knots_.begin(), knots_.end(), t_s, [](double t, const Knot& knot) { return t < knot.t_s; });
  return on_segment(next == knots_.begin() ? 0 : static_cast<std::size_t>(next - knots_.begin()) - 1, t_s);
}

FlightPath::Reference FlightPath::at(double t_s, std::size_t& segment) const {
  while (segment + 1 < knots_.size() && knots_[segment + 1].t_s <= t_s) ++segment;
  return on_segment(segment, t_s);
}

FlightPath::Reference FlightPath::on_segment(std::size_t segment, double t_s) const {
  const Knot& first = knots_.front();
  const Knot& last = knots_.back();
  if (t_s <= first.t_s) return {first.p_enu, Enu3::Zero(), Enu3::Zero(), first.height_agl_m, first.phase};
  if (t_s >= last.t_s) return {last.p_enu, Enu3::Zero(), Enu3::Zero(), last.height_agl_m, planner::Phase::landing};
  const Knot& a = knots_[segment];
  const Knot& b = knots_[segment + 1];
  const double dt = b.t_s - a.t_s;
  const double length_m = b.along_m - a.along_m;
  if (length_m <= 0.0) return {a.p_enu, Enu3::Zero(), Enu3::Zero(), a.height_agl_m, a.phase};

  // Cubic Hermite in u = (t - ta) / dt over the distance flown, with its first and second derivative in time.
  const double u = (t_s - a.t_s) / dt;
  const double m0 = a.speed_m_s * dt;
  const double m1 = b.speed_m_s * dt;
  const double c2 = 3.0 * length_m - 2.0 * m0 - m1;
  const double c3 = m0 + m1 - 2.0 * length_m;
  const double s = u * (m0 + u * (c2 + u * c3));
  const double ds = (m0 + u * (2.0 * c2 + 3.0 * u * c3)) / dt;
  const double dds = (2.0 * c2 + 6.0 * u * c3) / (dt * dt);

  const Enu3 direction = (b.p_enu - a.p_enu) / length_m;
  const double share = s / length_m;
  return {a.p_enu + s * direction, ds * direction, dds * direction,
          a.height_agl_m + share * (b.height_agl_m - a.height_agl_m), a.phase};
}

double FlightPath::distance_m(const Enu3& p_enu) const {
  double nearest_m = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < knots_.size(); ++i) {
    const Enu3& a = knots_[i].p_enu;
    const Enu3 d = knots_[i + 1].p_enu - a;
    const double dd = d.squaredNorm();
    const double share = dd > 0.0 ? std::clamp((p_enu - a).dot(d) / dd, 0.0, 1.0) : 0.0;
    nearest_m = std::min(nearest_m, (a + share * d - p_enu).norm());
  }
  return nearest_m;
}

}  // namespace swiftlet::sim
