#pragma once

#include <filesystem>

#include "planner/planner.hpp"

namespace swiftlet::tools {

struct AllPairsTask {
  const planner::Planner& planner;
  const planner::VehicleProfile& vehicle;
  planner::PlanRequest request;  ///< what all have in common
  planner::PlanOptions options;
  unsigned threads = 1;
  std::filesystem::path out;  ///< GeoJSON
};

struct AllPairsSummary {
  std::size_t pairs = 0;
  std::size_t ok = 0;
  std::size_t infeasible = 0;
  std::size_t resumed = 0;  ///< of all, those that an earlier run had answered
};

/// Plans from the first slot of every pad to that of every other one, and writes all routes as one GeoJSON collection,
/// in the order of the pads: a line each, with the route's figures as properties; no geometry where there is no route.
/// The same bytes for any number of threads. What is answered is kept at once beside `out`, so that a run that was
/// stopped goes on where it was: `out` itself is written whole, at the end. A progress bar on a terminal only.
/// Errors: bad_request (fewer than two pads, or an unfinished run of another task stands there), output_refused.
[[nodiscard]] Expected<AllPairsSummary> plan_all_pairs(const AllPairsTask& task);

}  // namespace swiftlet::tools
