#pragma once

#include <vector>

#include "planner/planner.hpp"

namespace swiftlet::tools {

/// Proven routes between pads of the region, each beside the one back: 2k and 2k + 1.
[[nodiscard]] std::vector<planner::Route> shuttle_routes(const planner::Planner& planner,
                                                         const planner::VehicleProfile& vehicle, std::size_t pairs,
                                                         std::uint64_t seed);

struct FlockResult {
  double wall_s = 0.0;
  double flown_s = 0.0;  ///< drone-seconds in the air while the wall's clock ran
  double simulated_s = 0.0;
  std::uint64_t looked_at = 0;  ///< drone-steps that the separation watch saw
};

/// That many drones that shuttle on the routes for `seconds`, after a warm-up of one flight: wind, gusts, batteries,
/// separation looked at in every step, and a dispatch core beside that knows all of them, hears their telemetry and
/// events once a second and ticks. The missions are the benchmark's own: the core assigns no orders here.
[[nodiscard]] FlockResult fly_flock(const planner::Planner& planner, const planner::VehicleProfile& vehicle,
                                    const std::vector<planner::Route>& routes, std::size_t drones, double seconds,
                                    unsigned threads, std::uint64_t seed);

}  // namespace swiftlet::tools
