#pragma once

#include <string>

#include "planner/planner.hpp"
#include "tests/scenarios/drawn_airspace.hpp"

namespace swiftlet::test {

inline const UtcTime kMondayNoon = parse_rfc3339("2026-11-23T12:00:00Z").value();

/// A request between two pads of a drawing, at noon, without wind.
[[nodiscard]] planner::PlanRequest between(const std::string& from, const std::string& to,
                                           const geo::Policy& policy = {});

/// Pads A and B with zone Z from side to side between them.
[[nodiscard]] Drawing parted();

/// The courier-4's profile.
[[nodiscard]] const planner::VehicleProfile& courier();

/// Plans with the dense referee as judge.
[[nodiscard]] planner::Route plan(const Drawing& drawing, const planner::PlanRequest& request,
                                  const planner::PlanOptions& options = {},
                                  const planner::VehicleProfile& vehicle = courier());

/// What is wrong with a trajectory's speeds, rates and accelerations as its waypoints state them; empty if nothing.
[[nodiscard]] std::string broken_limit(const geo::Airspace& airspace, const planner::Route& route,
                                       const planner::VehicleProfile& vehicle, const geo::Wind& wind);

/// The code of a route that is not ok; "ok" if it is.
[[nodiscard]] std::string outcome(const planner::Route& route);

}  // namespace swiftlet::test
