#include "tests/scenarios/flown.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>

#include "tests/scenarios/dense_referee.hpp"

namespace swiftlet::test {

using planner::Route;
using planner::Waypoint;

Drawing parted() {
  return draw(R"(
    .......ZZZ.......
    .A.....ZZZ.....B.
    .......ZZZ.......)");
}

planner::PlanRequest between(const std::string& from, const std::string& to, const geo::Policy& policy) {
  planner::PlanRequest request;
  request.id = from + "-" + to;
  request.from = planner::PadRef{.pad = from};
  request.to = planner::PadRef{.pad = to};
  request.depart = kMondayNoon;
  request.policy = policy;
  request.wind = geo::Wind{};
  return request;
}

const planner::VehicleProfile& courier() {
  static const planner::VehicleProfile profile = planner::load_vehicle("courier-4").value();
  return profile;
}

Route plan(const Drawing& drawing, const planner::PlanRequest& request, const planner::PlanOptions& options,
           const planner::VehicleProfile& vehicle) {
  const geo::AirspacePtr airspace = drawing.airspace;
  return planner::Planner(airspace, std::make_shared<DenseReferee>(airspace)).plan(request, vehicle, options);
}

std::string outcome(const Route& route) {
  if (route.status == planner::RouteStatus::ok) return "ok";
  return fmt::format("{} {}", planner::name(route.status), route.error ? name(route.error->code) : "without an error");
}

namespace {

/// Centripetal acceleration over the ground track, points on a straight line left out: an arc turns at its own samples
/// only, whatever else stands between them.
std::string sideways(const geo::Airspace& airspace, const Route& route, const planner::VehicleProfile& v) {
  struct Bend {
    geo::Enu2 p;
    double speed;
  };
  std::vector<Bend> bends;
  for (const Waypoint& w : route.waypoints) {
    const Bend next{airspace.frame.to_local(w.position).head<2>(), w.ground_speed_m_s};
    if (!bends.empty() && (bends.back().p - next.p).norm() < 0.005) {
      bends.back().speed = std::min(bends.back().speed, next.speed);
      continue;
    }
    while (bends.size() > 1) {
      const geo::Enu2& a = bends[bends.size() - 2].p;
      if (geo::point_segment_distance_m(bends.back().p, a, next.p) > 0.004) break;
      bends.pop_back();
    }
    bends.push_back(next);
  }
  for (std::size_t k = 1; k + 1 < bends.size(); ++k) {
    const geo::Enu2 in = bends[k].p - bends[k - 1].p;
    const geo::Enu2 out = bends[k + 1].p - bends[k].p;
    const double turn = std::abs(std::atan2(in.x() * out.y() - in.y() * out.x(), in.dot(out)));
    // Half of each neighbour belongs to the bend; of a long straight one, no more than arcs are sampled at.
    constexpr double kLongestSample_m = 10.0;
    const double room = 0.5 * (std::min(in.norm(), kLongestSample_m) + std::min(out.norm(), kLongestSample_m));
    // Rounding to about 1 mm feigns that much of a turn.
    const double acceleration = bends[k].speed * bends[k].speed * std::max(0.0, turn - 0.004 / room) / room;
    if (acceleration > v.acceleration_m_s2 * 1.05) {
      return fmt::format("at {:.2f}, {:.2f}: sideways acceleration {:.3f} above {:.3f}", bends[k].p.x(), bends[k].p.y(),
                         acceleration, v.acceleration_m_s2);
    }
  }
  return "";
}

}  // namespace

std::string broken_limit(const geo::Airspace& airspace, const Route& route, const planner::VehicleProfile& v,
                         const geo::Wind& wind) {
  const double from = wind.from_deg * std::numbers::pi / 180.0;
  const geo::Enu2 air = -wind.speed_m_s * geo::Enu2(std::sin(from), std::cos(from));
  for (std::size_t k = 0; k + 1 < route.waypoints.size(); ++k) {
    const Waypoint& a = route.waypoints[k];
    const Waypoint& b = route.waypoints[k + 1];
    const geo::Enu3 d = airspace.frame.to_local(b.position) - airspace.frame.to_local(a.position);
    const double dt = b.t_s - a.t_s;
    const auto broken = [&](const char* what, double value, double limit) {
      return fmt::format("segment {} ({} to {} s): {} {:.3f} above {:.3f}", k, a.t_s, b.t_s, what, value, limit);
    };
    if (dt <= 0.0) return broken("time between waypoints", -dt, 0.0);
    // Positions are rounded to about 1 mm and times to 1 ms: what that can feign over dt.
    const double slack = 0.003 / dt;
    const double slack_m_s = slack + v.max_airspeed_m_s * 0.001 / dt;
    const double run = d.head<2>().norm();
    const double mean = run / dt;
    if (mean > v.cruise_speed_m_s + slack_m_s) return broken("ground speed", mean, v.cruise_speed_m_s);
    for (const Waypoint* w : {&a, &b}) {
      if (w->ground_speed_m_s > v.cruise_speed_m_s + 0.002)
        return broken("stated ground speed", w->ground_speed_m_s, v.cruise_speed_m_s);
      if (run < 0.1) continue;
      const double rise = w->ground_speed_m_s * d.z() / run;
      const double airspeed = std::hypot((w->ground_speed_m_s / run * d.head<2>() - air).norm(), rise);
      if (airspeed > v.max_airspeed_m_s + 0.01) return broken("airspeed", airspeed, v.max_airspeed_m_s);
    }
    const bool low = b.phase == planner::Phase::landing && a.phase == planner::Phase::landing &&
                     a.position.alt_msl_m <= route.waypoints.back().position.alt_msl_m + v.landing_height_m + 0.002;
    const double rate = d.z() / dt;
    const double limit = rate > 0 ? v.climb_speed_m_s : low ? v.landing_speed_m_s : v.descent_speed_m_s;
    if (std::abs(rate) > limit + slack_m_s) return broken("vertical speed", std::abs(rate), limit);
    // Speed changes evenly between waypoints, so that the stated speeds must add up to the distance flown.
    const double stated = 0.5 * (a.ground_speed_m_s + b.ground_speed_m_s) * dt;
    if (run > 0.5 && std::abs(stated - run) > 0.01 * run + 0.1) return broken("distance by stated speeds", stated, run);
    const double change = std::abs(b.ground_speed_m_s - a.ground_speed_m_s) / dt;
    if (run > 0.5 && change > v.acceleration_m_s2 * 1.02 + 4.0 * slack)
      return broken("acceleration", change, v.acceleration_m_s2);
  }
  return sideways(airspace, route, v);
}

}  // namespace swiftlet::test
