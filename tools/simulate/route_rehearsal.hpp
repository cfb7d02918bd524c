#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geo/airspace.hpp"
#include "planner/route.hpp"
#include "sim/route/route_study.hpp"
#include "sim/route/study_verdict.hpp"

// What `swiftlet simulate route` and the Python module do alike.
namespace swiftlet::tools {

/// Reads a published route that can be flown in this airspace. `where` names it in errors. Errors: those of
/// planner::parse_route, value_invalid where its status is not ok or it was proven on another airspace.
[[nodiscard]] Expected<planner::Route> flyable_route(const std::string& json, const geo::Airspace& airspace,
                                                     const std::string& where);

/// One route with the vehicle that flies it, and how its runs went.
struct RehearsedRoute {
  planner::Route route;
  planner::VehicleProfile vehicle;
  std::vector<sim::RunResult> runs;
  sim::StudySummary summary;
};

/// The studies as swiftlet.simulate_route/1; all but the first are compared with the first.
struct RehearsalFacts {
  sim::StudyConditions conditions;
  std::uint64_t seed = 1;
  std::size_t runs_asked = 0;
  bool complete = true;
  double wall_s = 0.0;
};
[[nodiscard]] nlohmann::ordered_json rehearsal_json(const geo::Airspace& airspace,
                                                    const std::vector<const RehearsedRoute*>& routes,
                                                    const RehearsalFacts& facts);

}  // namespace swiftlet::tools
