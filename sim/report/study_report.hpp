#pragma once

#include <string>

#include "sim/fleet/fleet_outcome.hpp"
#include "sim/route/study_json.hpp"

namespace swiftlet::sim {

/// A route's study as one self-contained HTML page: map, altitude profile, distributions, sensitivities, verdict, and
/// how to have it again.
[[nodiscard]] std::string study_html(const geo::Airspace& airspace, const planner::Route& route,
                                     const std::vector<RunResult>& runs, const StudySummary& summary,
                                     const Reproduction& reproduction);

/// A rehearsed day as one page: orders, ETA calibration, timeline, separation, and how to have it again.
[[nodiscard]] std::string fleet_html(const Scenario& scenario, const RehearsedDay& day, const FleetOutcome& outcome,
                                     const nlohmann::ordered_json& json, const Reproduction& reproduction);

}  // namespace swiftlet::sim
