#include "planner/emergency_path.hpp"

#include <algorithm>

namespace swiftlet::planner {
namespace {

constexpr double kGentle = 0.5;

Waypoint waypoint(const GeoPoint& at, double height_agl_m, double t_s, double speed_m_s, Phase phase) {
  Waypoint made;
  made.position = at;
  made.height_agl_m = height_agl_m;
  made.t_s = t_s;
  made.ground_speed_m_s = speed_m_s;
  made.phase = phase;
  return made;
}

Phase backwards(Phase phase) {
  return phase == Phase::takeoff ? Phase::landing : phase == Phase::climb ? Phase::descent : phase;
}

}  // namespace

Route straight_down(const GeoPoint& here, double height_agl_m, const VehicleProfile& vehicle) {
  Route route;
  const double height_m = std::max(height_agl_m, 0.1);
  GeoPoint ground = here;
  ground.alt_msl_m -= height_m;
  route.duration_s = height_m / (kGentle * vehicle.descent_speed_m_s);
  route.waypoints = {waypoint(here, height_m, 0.0, 0.0, Phase::landing),
                     waypoint(ground, 0.0, route.duration_s, 0.0, Phase::landing)};
  return route;
}

Route back_along(const Route& route, double clock_s, const GeoPoint& here) {
  Route back = route;
  back.waypoints.clear();
  double height_agl_m = 0.0;
  for (const Waypoint& w : route.waypoints) {
    if (w.t_s < clock_s) height_agl_m = w.height_agl_m;
  }
  back.waypoints.push_back(waypoint(here, height_agl_m, 0.0, 0.0, Phase::cruise));
  for (auto w = route.waypoints.rbegin(); w != route.waypoints.rend(); ++w) {
    if (w->t_s >= clock_s) continue;
    // From a standstill: the first metres take a little longer.
    const double t_s = clock_s - w->t_s + 2.0;
    back.waypoints.push_back(waypoint(w->position, w->height_agl_m, t_s, w->ground_speed_m_s, backwards(w->phase)));
  }
  if (back.waypoints.size() < 2) back.waypoints.push_back(waypoint(here, 0.0, 1.0, 0.0, Phase::landing));
  back.duration_s = back.waypoints.back().t_s;
  return back;
}

}  // namespace swiftlet::planner
