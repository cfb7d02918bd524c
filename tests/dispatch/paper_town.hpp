#pragma once

#include <string>

#include "dispatch/core/fleet_config.hpp"
#include "planner/plan_request.hpp"
#include "planner/route.hpp"

namespace swiftlet::dispatch::drill {

/// How fast everything flies there.
constexpr double kCruise_m_s = 15.0;

/// A small town on paper: two hubs of four slots, four kiosks of two, a few kilometres apart.
[[nodiscard]] FleetConfig small_town(int drones);

/// Up, straight over, down: a route as the planner would give it, for a world without obstacles.
[[nodiscard]] planner::Route straight_route(const FleetConfig& config, const planner::PlanRequest& request);

/// "K1/0"; "elsewhere" for what is no pad.
[[nodiscard]] std::string key_of(const planner::Place& place);

}  // namespace swiftlet::dispatch::drill
