#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "planner/planner.hpp"
#include "sim/fleet/fleet_outcome.hpp"
#include "sim/fleet/planner_with_zones.hpp"
#include "sim/fleet/route_store.hpp"

namespace swiftlet::sim {

struct DayOptions {
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::string log_file = {};  ///< NDJSON of the core's records; none if empty
  int track_every_s = 0;      ///< keeps where everything in the air is; 0: not at all
  const std::atomic<bool>* stop = nullptr;
  std::function<void(double simulated_s)> progress = {};
  PlannerWithZones planner_with_zones = {};  ///< without it no operator can put up a zone
  RouteStore* routes = nullptr;              ///< what was planned before, and will be again; of this day only if null
};

/// Rehearses a day under the very dispatch core that runs in production, in this process: merchants place orders,
/// kitchens cook, drones fly what the planner has proven, and the core decides, second by second of its own clock.
/// After the scenario's hours no orders come any more, and the day goes on (for two hours at most) until all are at an
/// end.
///
/// In each second: drones speak, merchants speak, plans that were asked for a second ago are answered, the core ticks,
/// what it says is taken, and everything in the air flies ten steps. The same scenario, airspace and seed give the same
/// log, byte by byte, whatever the number of threads and whatever routes are known before. Errors: output_refused.
[[nodiscard]] Expected<FleetOutcome> rehearse_day(const Scenario& scenario, const RehearsedDay& day,
                                                  const planner::Planner& planner, const DayOptions& options);

}  // namespace swiftlet::sim
