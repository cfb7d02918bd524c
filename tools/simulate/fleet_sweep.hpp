#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "planner/planner.hpp"
#include "sim/fleet/route_store.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {

struct SweepArguments {
  std::vector<std::string> sweeps;  ///< SECTION.KEY=FROM..TO:COUNT
  std::string out;                  ///< directory
  std::string shard;                ///< I/N, from 1; empty: all
};

/// Runs a scenario for every combination of values, each point on a thread of its own: out/point_00001.toml is what was
/// run, out/point_00001.json how it went, and out/sweep.csv, once no point is missing, all of it. A point whose result
/// is there is not run again, so a sweep that was stopped goes on, and shards that share the directory merge in it.
/// Where `routes` is not null, all points share what was planned.
/// Errors: usage, those of the scenario (before anything is run), output_refused. Returns the exit status.
[[nodiscard]] Expected<int> sweep_fleet(const std::string& scenario, const SweepArguments& arguments,
                                        const planner::Planner& planner, sim::RouteStore* routes,
                                        const Globals& globals);

}  // namespace swiftlet::tools
