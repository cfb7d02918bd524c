#include "sim/route/clearance_probe.hpp"

#include <algorithm>
#include <cmath>

#include "geo/obstacle_index.hpp"

namespace swiftlet::sim {
namespace {

using geo::Enu2;
using geo::Enu3;

constexpr double kStation_s = 0.5;
constexpr double kOffAxis_m = 0.05;  // the contract's: nearer than this the path is over its start or end

struct Gap {
  double margin_m;
  double distance_m;
};

Gap gap(const geo::Obstacle& obstacle, const geo::Policy& policy, const Enu3& p) {
  const double across = geo::distance_m(obstacle.footprint, p.head<2>());
  const double above = p.z() - obstacle.top_msl_m;
  const double below = policy.fly_under && obstacle.base_msl_m ? *obstacle.base_msl_m - p.z() : -1e9;
  const double apart = std::max(above, below);
  const double free_up = std::max(apart, 0.0);
  return {.margin_m = std::max(across - policy.lateral_clearance_m, apart - policy.vertical_clearance_m),
          .distance_m = std::sqrt(across * across + free_up * free_up)};
}

}  // namespace

ClearanceProbe::ClearanceProbe(const geo::Airspace& airspace, const geo::Policy& policy, const FlightPath& path)
    : airspace_(airspace), policy_(policy), start_enu_(path.start().head<2>()), end_enu_(path.end().head<2>()) {
  const geo::ObstacleIndex index(airspace.bounds.grid(), airspace.obstacles);
  const auto count = static_cast<std::size_t>(std::ceil(path.duration_s() / kStation_s)) + 1;
  std::vector<Enu3> points;
  for (std::size_t k = 0; k < count; ++k) points.push_back(path.at(static_cast<double>(k) * kStation_s).p_enu);
  for (std::size_t k = 0; k < count; ++k) {
    geo::Box2 box;
    box.include(points[k].head<2>());
    box.include(points[std::min(k + 1, count - 1)].head<2>());
    const auto found = index.meeting(airspace.obstacles, box.grown(kReach_m));
    stations_.push_back({.margin_m = 0.0,
                         .distance_m = 0.0,
                         .first = static_cast<std::uint32_t>(nearby_.size()),
                         .count = static_cast<std::uint32_t>(found.size())});
    for (const std::size_t obstacle : found) nearby_.push_back(static_cast<std::uint32_t>(obstacle));
  }
  std::vector<Clearance> exact;
  for (std::size_t k = 0; k < count; ++k) exact.push_back(at(static_cast<double>(k) * kStation_s, points[k]));
  for (std::size_t k = 0; k < count; ++k) {
    // Both are 1-Lipschitz: between two places they fall at most by half of what lies between.
    const std::size_t next = std::min(k + 1, count - 1);
    const double way_m = (points[next] - points[k]).norm();
    stations_[k].margin_m = 0.5 * (exact[k].margin_m + exact[next].margin_m - way_m);
    stations_[k].distance_m = 0.5 * (exact[k].distance_m + exact[next].distance_m - way_m);
  }
}

std::size_t ClearanceProbe::station(double clock_s) const {
  return std::min(static_cast<std::size_t>(std::max(clock_s, 0.0) / kStation_s), stations_.size() - 1);
}

bool ClearanceProbe::in_terminal(const Enu2& wanted_enu) const {
  constexpr double kSquare = kOffAxis_m * kOffAxis_m;
  return (wanted_enu - start_enu_).squaredNorm() <= kSquare || (wanted_enu - end_enu_).squaredNorm() <= kSquare;
}

Clearance ClearanceProbe::at(double clock_s, const Enu3& p) const {
  const Station& here = stations_[station(clock_s)];
  // What was not looked for is at least this far away, however far beside the path the place is.
  Clearance least{.margin_m = kReach_m - policy_.lateral_clearance_m, .distance_m = kReach_m};
  for (std::uint32_t k = here.first; k < here.first + here.count; ++k) {
    const Gap found = gap(airspace_.obstacles[nearby_[k]], policy_, p);
    least.distance_m = std::min(least.distance_m, found.distance_m);
    if (found.margin_m < least.margin_m) {
      least.margin_m = found.margin_m;
      least.nearest = nearby_[k];
    }
  }
  return least;
}

void ClearanceProbe::observe(double clock_s, const Enu3& wanted_enu, const Enu3& p, Least& least) const {
  const Station& here = stations_[station(clock_s)];
  const double beside_m = (p - wanted_enu).norm();
  if (here.margin_m - beside_m >= least.margin_m && here.distance_m - beside_m >= least.distance_m) return;
  if (in_terminal(wanted_enu.head<2>())) return;
  const Clearance exact = at(clock_s, p);
  least.distance_m = std::min(least.distance_m, exact.distance_m);
  if (exact.margin_m >= least.margin_m) return;
  least.margin_m = exact.margin_m;
  least.at_clock_s = clock_s;
  least.p_enu = p;
  least.nearest = exact.nearest;
}

}  // namespace swiftlet::sim
