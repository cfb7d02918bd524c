#pragma once

#include <string>

#include "geo/error.hpp"
#include "tools/bench/figures.hpp"

namespace swiftlet::tools {

struct SimBenchOptions {
  std::string region;  ///< REGION.toml; the bundled one if empty
  bool full = false;   ///< the leader's day too
  unsigned threads = 2;
  std::uint64_t seed = 1;
};

/// Measures the simulation: drones in flight against the clock, the route study, the same day on one and two threads.
/// Errors: those of reading the region and the scenarios.
[[nodiscard]] Expected<FigureSheet> bench_sim(const SimBenchOptions& options);

}  // namespace swiftlet::tools
