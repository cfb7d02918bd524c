#include "tools/simulate/route_rehearsal.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "planner/route_json.hpp"
#include "sim/route/study_json.hpp"

namespace swiftlet::tools {

using nlohmann::ordered_json;

Expected<planner::Route> flyable_route(const std::string& json, const geo::Airspace& airspace,
                                       const std::string& where) {
  auto route = planner::parse_route(json);
  if (!route) {
    Error error = route.error();
    error.where = error.where.empty() ? where : where + ": " + error.where;
    return Unexpected(std::move(error));
  }
  if (route->status != planner::RouteStatus::ok || route->waypoints.size() < 2) {
    return fail(ErrorCode::value_invalid, "is no route that can be flown: its status is not ok", where);
  }
  if (route->airspace_hash != airspace.hash) {
    return fail(ErrorCode::value_invalid,
                fmt::format("was proven on airspace {}, this one is {}", route->airspace_hash, airspace.hash), where);
  }
  return route;
}

ordered_json rehearsal_json(const geo::Airspace& airspace, const std::vector<const RehearsedRoute*>& routes,
                            const RehearsalFacts& facts) {
  ordered_json studies = ordered_json::array();
  ordered_json comparisons = ordered_json::array();
  for (std::size_t k = 0; k < routes.size(); ++k) {
    studies.push_back(sim::study_json(airspace, routes[k]->route, facts.conditions, routes[k]->summary));
    if (k > 0) comparisons.push_back(sim::comparison_json(sim::compare(routes.front()->runs, routes[k]->runs), k));
  }
  return {{"schema", "swiftlet.simulate_route/1"},
          {"airspace", {{"name", airspace.name}, {"hash", airspace.hash}}},
          {"seed", facts.seed},
          {"runs_asked", facts.runs_asked},
          {"complete", facts.complete},
          {"studies", std::move(studies)},
          {"comparisons", std::move(comparisons)},
          {"reproduction", {{"version", SWIFTLET_VERSION}, {"seed", facts.seed}}},
          {"wall_s", facts.wall_s}};
}

}  // namespace swiftlet::tools
