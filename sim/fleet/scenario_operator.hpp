#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dispatch/core/core.hpp"
#include "sim/fleet/day_clock.hpp"
#include "sim/fleet/planner_with_zones.hpp"
#include "sim/fleet/route_shelf.hpp"
#include "sim/fleet/scenario.hpp"

namespace swiftlet::sim {

/// The operator of a scenario: does at its second what the script says, and stops departures while the forecast's wind
/// is above the scenario's limit. Zones bind planner and core in the same second.
class ScenarioOperator {
 public:
  /// Without `planner_with_zones` no zone can be put up or taken down.
  ScenarioOperator(const Scenario& scenario, std::string airspace_hash, PlannerWithZones planner_with_zones);

  /// Returns what could not be done, in words; commands that the core refuses are not among it.
  [[nodiscard]] std::vector<std::string> act(const DayClock& clock, const geo::Wind& forecast, dispatch::Core& core,
                                             RouteShelf& shelf);

 private:
  [[nodiscard]] Expected<void> command(const Scenario::OperatorAct& act, UtcTime now, dispatch::Core& core,
                                       RouteShelf& shelf);
  [[nodiscard]] std::string live_zones() const;

  const Scenario& scenario_;
  std::string airspace_hash_;
  PlannerWithZones planner_with_zones_;
  bool held_for_weather_ = false;
  int last_act_ = 0;
  std::vector<Scenario::OperatorAct> zones_up_;                    ///< the acts that put them up, in their order
  std::vector<std::shared_ptr<const planner::Planner>> planners_;  ///< of the versions since the first
};

}  // namespace swiftlet::sim
