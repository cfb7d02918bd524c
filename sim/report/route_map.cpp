#include "sim/report/route_map.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/obstacle_index.hpp"
#include "sim/report/svg_charts.hpp"

namespace swiftlet::sim {
namespace {

using geo::Enu2;
using geo::Enu3;

constexpr double kMargin_m = 120.0;
constexpr double kBeside_m = 10.0;
constexpr double kStation_m = 10.0;

std::string path_of(const geo::Ring& ring, const geo::Box2& box) {
  std::string out;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    out += fmt::format("{}{:.1f} {:.1f}", k == 0 ? "M" : "L", ring[k].x() - box.min.x(), box.max.y() - ring[k].y());
  }
  return out + "Z";
}

}  // namespace

std::string route_map_svg(const geo::Airspace& airspace, const planner::Route& route, const Enu3* worst) {
  geo::Box2 box;
  for (const planner::Waypoint& w : route.waypoints) box.include(airspace.frame.to_local(w.position.lonlat()));
  box = box.grown(kMargin_m);
  const Enu2 size = box.max - box.min;
  std::string out = fmt::format(
      R"(<svg class="wide" viewBox="0 0 {:.0f} {:.0f}" role="img"><title>Map</title><rect width="{:.0f}" height="{:.0f}" fill="#f5f7f4"/>)",
      size.x(), size.y(), size.x(), size.y());
  const geo::ObstacleIndex index(airspace.bounds.grid(), airspace.obstacles);
  for (const std::size_t k : index.meeting(airspace.obstacles, box)) {
    const geo::Obstacle& o = airspace.obstacles[k];
    std::string shape;
    for (const geo::Polygon& polygon : o.footprint) {
      shape += path_of(polygon.outer, box);
      for (const geo::Ring& hole : polygon.holes) shape += path_of(hole, box);
    }
    const int grey = 215 - std::clamp(static_cast<int>(o.top_msl_m), 0, 150) / 2;
    out += fmt::format(R"svg(<path d="{}" fill="rgb({},{},{})" fill-rule="evenodd"/>)svg", shape, grey, grey - 6,
                       grey - 14);
  }
  out += R"(<polyline fill="none" stroke="#6b2fb3" stroke-width="6" stroke-linejoin="round" points=")";
  for (const planner::Waypoint& w : route.waypoints) {
    const Enu2 p = airspace.frame.to_local(w.position.lonlat());
    out += fmt::format("{:.1f},{:.1f} ", p.x() - box.min.x(), box.max.y() - p.y());
  }
  out += "\"/>";
  if (worst != nullptr) {
    out += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="22" fill="none" stroke="#d1495b" stroke-width="6"/>)",
                       worst->x() - box.min.x(), box.max.y() - worst->y());
  }
  return out + "</svg>";
}

std::string altitude_svg(const geo::Airspace& airspace, const planner::Route& route) {
  const geo::ObstacleIndex index(airspace.bounds.grid(), airspace.obstacles);
  Series path{"flight", "#6b2fb3", {}, {}};
  Series ground{"terrain", "#8a6d3b", {}, {}};
  Series tops{"tops beside", "#5b8def", {}, {}};
  double along = 0.0;
  for (std::size_t k = 0; k + 1 < route.waypoints.size(); ++k) {
    const Enu3 a = airspace.frame.to_local(route.waypoints[k].position);
    const Enu3 b = airspace.frame.to_local(route.waypoints[k + 1].position);
    const double run = (b - a).head<2>().norm();
    const int steps = std::max(1, static_cast<int>(run / kStation_m));
    for (int s = 0; s <= steps; ++s) {
      const Enu3 p = a + (b - a) * (static_cast<double>(s) / steps);
      const double x = along + run * s / steps;
      path.x.push_back(x);
      path.y.push_back(p.z());
      const auto height = airspace.terrain.height_msl_m(p.head<2>());
      if (!height) continue;
      ground.x.push_back(x);
      ground.y.push_back(*height);
      double top = *height;
      geo::Box2 box;
      box.include(p.head<2>());
      for (const std::size_t o : index.meeting(airspace.obstacles, box.grown(kBeside_m))) {
        if (geo::distance_m(airspace.obstacles[o].footprint, p.head<2>()) <= kBeside_m) {
          top = std::max(top, airspace.obstacles[o].top_msl_m);
        }
      }
      tops.x.push_back(x);
      tops.y.push_back(top);
    }
    along += run;
  }
  return lines_svg({tops, ground, path}, "Altitude", "metres along the route", "m above datum");
}

}  // namespace swiftlet::sim
