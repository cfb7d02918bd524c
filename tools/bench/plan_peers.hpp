#pragma once

#include "tools/bench/plan_references.hpp"
#include "tools/bench/plan_scene.hpp"

namespace swiftlet::tools {

/// One of OMPL's planners at one request, on our own validator, its paths finished by our own string pulling.
struct PeerRun {
  double seconds_to_target;  ///< until a path that, once finished, costs at most the target; the cap where none did
  double best_cost_s;        ///< infinite where nothing was found
};

/// Runs a planner until it has a path whose finished cost is at most `target_cost_s`, or to the end of the cap. The
/// time that finishing takes is not counted.
[[nodiscard]] PeerRun run_peer(const PlanScene& scene, const planner::PlanRequest& request, const std::string& name,
                               double target_cost_s, double cap_s, std::uint64_t seed);

/// The best that anyone finds: Informed RRT* for so many seconds with each of three seeds, and our own search with a
/// hundred times its effort.
[[nodiscard]] PlanReference best_known(const PlanScene& scene, const planner::Planner& planner,
                                       const planner::PlanRequest& request, double seconds);

}  // namespace swiftlet::tools
