#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dispatch/core/fleet_config.hpp"
#include "sim/fleet/onboard_fleet.hpp"
#include "sim/fleet/scenario.hpp"

namespace swiftlet::sim {

/// How often each kind of thing went wrong.
using FaultCounts = std::map<std::string, std::uint64_t>;

/// Those that the scenario's script has for this second after its begin, in the script's order.
[[nodiscard]] std::vector<Scenario::ScriptedFault> faults_due(const Scenario& scenario, std::int64_t second);

/// A scripted fault of drones or hubs strikes. A drone at a lost hub is out of work; who is out comes home and stays.
/// Precondition: it is no service_crash, which is no fault of the fleet's.
void strike(const Scenario::ScriptedFault& fault, const std::vector<dispatch::RegisteredDrone>& drones, double now_s,
            OnboardFleet& fleet, FaultCounts& counts);

/// One second of the scenario's random faults, for each drone in the air.
void strike_by_chance(const Scenario& scenario, double now_s, RandomStream& chance, OnboardFleet& fleet,
                      FaultCounts& counts);

}  // namespace swiftlet::sim
