#include "planner/mission/route_mission.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "planner/mission/mission_steps.hpp"

namespace swiftlet::planner::mission {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

/// A leg shorter than this, or a speed nearer than that to the one in force, is not worth a change of speed.
constexpr double kLegWorthASpeed_m = 10.0;
constexpr double kSpeedWorthSaying_m_s = 0.5;
constexpr int kFenceCorners = 8;  ///< of the margin about each point

std::vector<Vector3d> places_of(const Route& route) {
  std::vector<Vector3d> out;
  const GeoPoint& home = route.waypoints.front().position;
  for (const Waypoint& w : route.waypoints) {
    out.push_back(from_home_m(home, w.position.lonlat(), w.position.alt_msl_m - home.alt_msl_m));
  }
  return out;
}

double distance_to_line_m(const Vector3d& p, const Vector3d& a, const Vector3d& b) {
  const Vector3d d = b - a;
  const double length2 = d.squaredNorm();
  const double share = length2 > 0.0 ? std::clamp((p - a).dot(d) / length2, 0.0, 1.0) : 0.0;
  return (p - a - share * d).norm();
}

/// Adds what is needed between two kept points, in order, without the ends.
void add_between(const std::vector<Vector3d>& p, std::size_t from, std::size_t to, double tolerance_m,
                 std::vector<std::size_t>& kept) {
  std::size_t farthest = from;
  double most = tolerance_m;
  for (std::size_t k = from + 1; k < to; ++k) {
    const double off = distance_to_line_m(p[k], p[from], p[to]);
    if (off > most) {
      most = off;
      farthest = k;
    }
  }
  if (farthest == from) return;
  add_between(p, from, farthest, tolerance_m, kept);
  kept.push_back(farthest);
  add_between(p, farthest, to, tolerance_m, kept);
}

/// The first waypoint that is no longer taking off, and the one from which the route lands.
std::pair<std::size_t, std::size_t> transit_of(const Route& route) {
  const auto& w = route.waypoints;
  std::size_t begin = 0, end = w.size() - 1;
  while (begin + 1 < w.size() && w[begin].phase == Phase::takeoff) ++begin;
  while (end > begin && w[end - 1].phase == Phase::landing) --end;
  return {begin, end};
}

/// Convex hull (monotone chain) of the points, each widened by a margin; counter-clockwise.
std::vector<Vector2d> hull_around(const std::vector<Vector3d>& places, double margin_m) {
  std::vector<Vector2d> points;
  // The corners of the margin stand on a circle that the margin itself fits into.
  const double radius_m = margin_m / std::cos(std::numbers::pi / kFenceCorners);
  for (const Vector3d& p : places) {
    for (int k = 0; k < kFenceCorners; ++k) {
      const double angle = 2.0 * std::numbers::pi * k / kFenceCorners;
      points.emplace_back(p.x() + radius_m * std::cos(angle), p.y() + radius_m * std::sin(angle));
    }
  }
  const auto before = [](const Vector2d& a, const Vector2d& b) {
    return a.x() < b.x() || (a.x() == b.x() && a.y() < b.y());
  };
  std::sort(points.begin(), points.end(), before);
  std::vector<Vector2d> hull;
  const auto add_half = [&](auto first, auto last) {
    const std::size_t base = hull.size();
    for (auto it = first; it != last; ++it) {
      while (hull.size() >= base + 2) {
        const Vector2d a = hull[hull.size() - 1] - hull[hull.size() - 2];
        const Vector2d b = *it - hull[hull.size() - 2];
        if (a.x() * b.y() - a.y() * b.x() > 0.0) break;
        hull.pop_back();
      }
      hull.push_back(*it);
    }
    hull.pop_back();
  };
  add_half(points.begin(), points.end());
  add_half(points.rbegin(), points.rend());
  return hull;
}

class Writer {
 public:
  Writer(const Route& route, const MissionOptions& options) : route_(route), options_(options) {}

  Mission write() {
    const auto& w = route_.waypoints;
    mission_.home = options_.home.value_or(w.front().position);
    const auto kept = kept_waypoints(route_, options_.tolerance_m);
    const auto [begin, end] = transit_of(route_);
    add(w.front().phase == Phase::takeoff ? Command::takeoff : Command::waypoint, w[begin].position);
    const bool one_speed = options_.cruise_speed_m_s > 0.0;
    double cruise_m_s = options_.cruise_speed_m_s;
    for (const Waypoint& waypoint : w) {
      if (!one_speed) cruise_m_s = std::max(cruise_m_s, waypoint.ground_speed_m_s);
    }
    mission_.cruise_speed_m_s = cruise_m_s;
    change_speed(cruise_m_s);
    for (std::size_t k = 1; k < kept.size(); ++k) {
      if (kept[k] <= begin || kept[k] > end) continue;
      const auto leg_begin = std::max(kept[k - 1], begin);
      double fastest = 0.0;
      for (std::size_t i = leg_begin; i <= kept[k]; ++i) fastest = std::max(fastest, w[i].ground_speed_m_s);
      const double length_m = from_home_m(w[leg_begin].position, w[kept[k]].position.lonlat(), 0.0).norm();
      if (!one_speed && length_m >= kLegWorthASpeed_m && std::abs(fastest - speed_m_s_) > kSpeedWorthSaying_m_s &&
          fastest > 0.5) {
        change_speed(fastest);
      }
      add(Command::waypoint, w[kept[k]].position);
    }
    add(Command::land, w.back().position);
    add_fence_and_rally(w[begin].position.alt_msl_m, w[end].position.alt_msl_m);
    return std::move(mission_);
  }

 private:
  void add(Command command, const GeoPoint& at, std::array<double, 4> parameters = {}) {
    mission_.items.push_back({.seq = static_cast<int>(mission_.items.size()) + 1,
                              .command = static_cast<int>(command),
                              .frame = AltitudeFrame::home,
                              .parameters = parameters,
                              .at = at.lonlat(),
                              .altitude_m = std::round((at.alt_msl_m - mission_.home.alt_msl_m) * 1e3) / 1e3,
                              .autocontinue = true});
  }

  void change_speed(double speed_m_s) {
    speed_m_s_ = speed_m_s;
    mission_.items.push_back({.seq = static_cast<int>(mission_.items.size()) + 1,
                              .command = static_cast<int>(Command::change_speed),
                              .frame = AltitudeFrame::home,
                              .parameters = {1.0, std::round(speed_m_s * 1e3) / 1e3, -1.0, 0.0},
                              .at = {},
                              .altitude_m = 0.0,
                              .autocontinue = true});
  }

  void add_fence_and_rally(double start_alt_msl_m, double goal_alt_msl_m) {
    constexpr double kMetresPerDegree = 111318.84502145034;
    const GeoPoint& start = route_.waypoints.front().position;
    const GeoPoint& goal = route_.waypoints.back().position;
    const double shrink = std::cos(start.lat_deg * std::numbers::pi / 180.0);
    Fence fence;
    for (const Vector2d& p : hull_around(places_of(route_), options_.fence_margin_m)) {
      fence.corners.push_back(
          {start.lon_deg + p.x() / (kMetresPerDegree * shrink), start.lat_deg + p.y() / kMetresPerDegree});
    }
    mission_.fences.push_back(std::move(fence));
    // Where a route begins in the air nobody can land.
    const bool from_deck = route_.waypoints.front().phase == Phase::takeoff;
    if (from_deck) mission_.rally_points.push_back({start.lon_deg, start.lat_deg, start_alt_msl_m});
    mission_.rally_points.push_back({goal.lon_deg, goal.lat_deg, goal_alt_msl_m});
  }

  const Route& route_;
  const MissionOptions& options_;
  double speed_m_s_ = 0.0;
  Mission mission_;
};

}  // namespace

std::vector<std::size_t> kept_waypoints(const Route& route, double tolerance_m) {
  const std::vector<Vector3d> places = places_of(route);
  const auto [begin, end] = transit_of(route);
  std::vector<std::size_t> kept{0};
  if (begin > 0) kept.push_back(begin);
  add_between(places, begin, end, tolerance_m, kept);
  if (end > begin) kept.push_back(end);
  if (places.size() - 1 > end) kept.push_back(places.size() - 1);
  return kept;
}

Expected<Mission> to_mission(const Route& route, const MissionOptions& options) {
  if (route.status != RouteStatus::ok || route.waypoints.size() < 2) {
    return fail(ErrorCode::bad_request, "only a route that is ok can be flown", "status");
  }
  if (route.waypoints.front().phase != Phase::takeoff && !options.home) {
    return fail(ErrorCode::bad_request,
                "a route that begins in the air is no mission by itself: it must begin with a take-off",
                "waypoints[0]");
  }
  return Writer(route, options).write();
}

}  // namespace swiftlet::planner::mission
