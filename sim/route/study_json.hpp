#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sim/route/study_verdict.hpp"

namespace swiftlet::sim {

/// What is needed to have the same result again.
struct Reproduction {
  std::string version;
  std::string command;
  std::uint64_t seed = 1;
};

/// One route's study as an object of swiftlet.simulate_route/1 (`studies`).
[[nodiscard]] nlohmann::ordered_json study_json(const geo::Airspace& airspace, const planner::Route& route,
                                                const StudyConditions& conditions, const StudySummary& summary);
[[nodiscard]] nlohmann::ordered_json comparison_json(const PairedDifference& difference, std::size_t index);

/// All runs as CSV: a line a run, inputs and outcomes.
[[nodiscard]] std::string study_csv(const std::vector<RunResult>& runs);

}  // namespace swiftlet::sim
