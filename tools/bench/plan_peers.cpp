#include "tools/bench/plan_peers.hpp"

#include <algorithm>
#include <limits>

#include "planner/ompl/ompl_search.hpp"

namespace swiftlet::tools {
namespace {

/// What a route over this path would cost once our own smoothing has finished it; infinite where it cannot be proven.
double finished_cost_s(const PlanScene& scene, const planner::FlightLimits& limits, const planner::FlightEnds& ends,
                       const std::vector<geo::Enu3>& path) {
  const planner::TrackFinder finder(*scene.view, limits, ends.rest.transit_enu(), ends.goal.transit_enu());
  std::vector<geo::Enu2> points;
  for (const geo::Enu3& p : path) {
    if (points.empty() || (points.back() - p.head<2>()).norm() > 1e-3) points.emplace_back(p.head<2>());
  }
  points.back() = ends.goal.transit_enu().head<2>();
  const planner::Track track = finder.over(points);
  if (!track.flyable()) return std::numeric_limits<double>::infinity();
  const auto trajectory = planner::flown(*scene.view, limits, ends, finder.shortened(track));
  return trajectory ? trajectory->duration_s() : std::numeric_limits<double>::infinity();
}

}  // namespace

PeerRun run_peer(const PlanScene& scene, const planner::PlanRequest& request, const std::string& name,
                 double target_cost_s, double cap_s, std::uint64_t seed) {
  const planner::FlightLimits limits(scene.vehicle, scene.region.airspace->wind);
  const auto ends = planner::flight_ends(*scene.view, request, limits, true);
  PeerRun run{.seconds_to_target = cap_s, .best_cost_s = std::numeric_limits<double>::infinity()};
  if (!ends) return run;
  const planner::OmplOptions options{.planner = name,
                                     .seed = seed,
                                     .time = std::chrono::milliseconds(static_cast<std::int64_t>(1000.0 * cap_s)),
                                     .improved = [&](double at_s, const std::vector<geo::Enu3>& path) {
                                       run.best_cost_s =
                                           std::min(run.best_cost_s, finished_cost_s(scene, limits, *ends, path));
                                       if (run.best_cost_s > target_cost_s) return true;
                                       run.seconds_to_target = std::min(run.seconds_to_target, at_s);
                                       return false;
                                     }};
  static_cast<void>(planner::ompl_path(*scene.view, ends->rest.transit_enu(), ends->goal.transit_enu(), options));
  return run;
}

PlanReference best_known(const PlanScene& scene, const planner::Planner& planner, const planner::PlanRequest& request,
                         double seconds) {
  constexpr double kNoTarget = -1.0;
  constexpr std::int64_t kLongEffort = 4'000'000'000;
  PlanReference best{.region = scene.region.name,
                     .airspace_hash = scene.region.airspace->hash,
                     .ceiling_agl_m = scene.ceiling_agl_m,
                     .from = std::get<planner::GroundPoint>(request.from).at,
                     .to = std::get<planner::GroundPoint>(request.to).at,
                     .cost_s = std::numeric_limits<double>::infinity(),
                     .by = "nobody",
                     .commit = {},
                     .date = {}};
  const auto own = planner.plan(request, scene.vehicle, {.effort = kLongEffort});
  if (own.status == planner::RouteStatus::ok) {
    best.cost_s = own.cost;
    best.by = "swiftlet";
    best.lower_bound_s = own.lower_bound;
  }
  for (const std::uint64_t seed : {1, 2, 3}) {
    const PeerRun run = run_peer(scene, request, "informed_rrtstar", kNoTarget, seconds, seed);
    if (run.best_cost_s < best.cost_s) {
      best.cost_s = run.best_cost_s;
      best.by = "informed_rrtstar";
    }
  }
  return best;
}

}  // namespace swiftlet::tools
