#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "tools/bench/figures.hpp"

namespace swiftlet::tools {

struct PlanBenchOptions {
  std::vector<std::string> regions;  ///< "name=REGION.toml"; the bundled one and Lyon if empty
  std::vector<double> ceilings_agl_m;
  std::size_t hard_count = 0;  ///< a ceiling; 0: 200, or 1000 in the full run
  std::size_t any_count = 0;
  bool against_ompl = false;
  bool full = false;
  double reference_s = 60.0;        ///< of each of the three searches that a stored reference takes
  std::size_t reference_count = 4;  ///< references a scene that the full run makes
  std::string references;           ///< file; the one in tests/reference if empty
  std::uint64_t seed = 1;
};

/// Measures the planner: the table of issue "Planner". The short run takes less than three minutes; the full one makes
/// the references anew. Errors: those of reading regions and references.
[[nodiscard]] Expected<FigureSheet> bench_plan(const PlanBenchOptions& options);

}  // namespace swiftlet::tools
