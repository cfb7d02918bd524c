#include "tests/planner/traffic/drawn_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace swiftlet::planner::test {

using geo::Enu3;

namespace {

double draw(std::mt19937_64& random, double from, double to) {
  return std::uniform_real_distribution<double>(from, to)(random);
}

}  // namespace

DrawnFlight::DrawnFlight(std::mt19937_64& random, double side_m, int pads) {
  // Pads stand on a line of their own making: the same for every flight of a town of that size.
  const auto pad = [&](int k) {
    std::mt19937_64 town(static_cast<std::uint64_t>(1000 + k / 2));
    Enu3 p(draw(town, 0.0, side_m), draw(town, 0.0, side_m), 5.0);
    if (k % 2 == 1) p.x() += 8.0;  // two slots each
    return p;
  };
  const int from = std::uniform_int_distribution<int>(0, pads - 1)(random);
  int to = std::uniform_int_distribution<int>(0, pads - 2)(random);
  if (to >= from) ++to;
  const double height_m = draw(random, 35.0, 60.0);
  points_.push_back({pad(from), 0.0, 0.0});
  fly_to(pad(from) + Enu3(0, 0, height_m), 3.0, 1.0);
  const int corners = std::uniform_int_distribution<int>(0, 3)(random);
  for (int k = 0; k < corners; ++k) {
    fly_to({draw(random, 0.0, side_m), draw(random, 0.0, side_m), 5.0 + draw(random, 35.0, 60.0)},
           draw(random, 6.0, 15.0), 2.5);
  }
  fly_to(pad(to) + Enu3(0, 0, height_m), draw(random, 6.0, 15.0), 2.5);
  fly_to(pad(to), 2.0, 1.0);
}

void DrawnFlight::fly_to(const Enu3& to, double speed, double acceleration) {
  const Point from = points_.back();
  const double length_m = (to - from.p_enu).norm();
  const double top = std::min(speed, std::sqrt(length_m * acceleration));
  const double ramp_m = top * top / (2.0 * acceleration);
  const double ramp_s = top / acceleration;
  const Enu3 along = (to - from.p_enu) / length_m;
  const double cruise_s = (length_m - 2.0 * ramp_m) / top;
  points_.push_back({from.p_enu + ramp_m * along, from.t_s + ramp_s, top});
  if (cruise_s > 1e-6) points_.push_back({to - ramp_m * along, from.t_s + ramp_s + cruise_s, top});
  points_.push_back({to, points_.back().t_s + ramp_s, 0.0});
}

Route DrawnFlight::route(const geo::LocalFrame& frame) const {
  const auto rounded = [](double v, double scale) { return std::round(v * scale) / scale; };
  Route route;
  for (const Point& p : points_) {
    const GeoPoint at = frame.to_geo(p.p_enu);
    const std::size_t k = static_cast<std::size_t>(&p - points_.data());
    const Enu3 way = k > 0 ? Enu3(p.p_enu - points_[k - 1].p_enu) : Enu3(points_[1].p_enu - p.p_enu);
    const double level = way.head<2>().norm() > 0.05 ? way.head<2>().norm() / way.norm() : 0.0;
    route.waypoints.push_back(
        {.position = {rounded(at.lon_deg, 1e8), rounded(at.lat_deg, 1e8), rounded(at.alt_msl_m, 1e3)},
         .t_s = rounded(p.t_s, 1e3),
         .ground_speed_m_s = rounded(p.speed_m_s * level, 1e3)});
  }
  route.duration_s = route.waypoints.back().t_s;
  return route;
}

Enu3 DrawnFlight::at(double t_s) const {
  if (t_s <= 0.0) return points_.front().p_enu;
  if (t_s >= duration_s()) return points_.back().p_enu;
  std::size_t k = 0;
  while (points_[k + 1].t_s < t_s) ++k;
  const Point& a = points_[k];
  const Point& b = points_[k + 1];
  const double dt = b.t_s - a.t_s;
  const double u = t_s - a.t_s;
  const double s = a.speed_m_s * u + 0.5 * (b.speed_m_s - a.speed_m_s) / dt * u * u;
  return a.p_enu + s * (b.p_enu - a.p_enu).normalized();
}

Misbehaviour::Misbehaviour(std::mt19937_64& random, const TrafficRules& rules) {
  const bool worst = draw(random, 0.0, 1.0) < 0.5;
  const bool late = draw(random, 0.0, 1.0) < 0.5;
  const double share = worst ? 1.0 : draw(random, 0.0, 1.0);
  offset_s_ = share * (late ? rules.late_s : -rules.early_s);
  drift_ = share * (late ? rules.growth : -rules.growth);
  lateral_m_ = (worst ? 1.0 : draw(random, 0.0, 1.0)) * rules.lateral_error_m;
  vertical_m_ = (worst ? 1.0 : draw(random, 0.0, 1.0)) * rules.vertical_error_m;
  turn_1_s_ = draw(random, -0.5, 0.5);
  phase_ = draw(random, 0.0, 2.0 * std::numbers::pi);
}

double Misbehaviour::flown_s(double elapsed_s) const {
  // elapsed = flown + offset + drift · flown
  return (elapsed_s - offset_s_) / (1.0 + drift_);
}

Enu3 Misbehaviour::off_enu(double elapsed_s) const {
  const double turn = phase_ + turn_1_s_ * elapsed_s;
  return {lateral_m_ * std::cos(turn), lateral_m_ * std::sin(turn), vertical_m_ * std::sin(1.3 * turn)};
}

}  // namespace swiftlet::planner::test
