#pragma once

#include <optional>
#include <string>

#include "geo/airspace.hpp"
#include "planner/plan_request.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::sim {

/// A profile's hash, over all of it that a plan depends on. Nothing for one that names its autopilot: whose parameters
/// those are is not told from outside.
[[nodiscard]] std::optional<std::string> vehicle_hash(const planner::VehicleProfile& vehicle);

/// The hash of everything that this build's planner makes its answer of: the version of the airspace, both places,
/// vehicle, payload, battery, objective, limits, authorisations, policy, wind, and the zones that may bind the flight;
/// the departure too where zones or a forecast change while it may be under way. `vehicle_words` names the profile.
/// Requests of one key have one answer, but for the departure it is given for. Nothing for a request whose answer is
/// for it alone (arrive_by, alternatives, explain, a start in flight).
[[nodiscard]] std::optional<std::string> route_key(const geo::Airspace& airspace, const planner::PlanRequest& request,
                                                   const planner::VehicleProfile& vehicle,
                                                   const std::string& vehicle_words);

}  // namespace swiftlet::sim
