#pragma once

#include <cstdint>
#include <filesystem>

#include "geo/error.hpp"
#include "tools/bench/figures.hpp"

namespace swiftlet::tools {

struct DispatchBenchOptions {
  std::filesystem::path region = {};  ///< the bundled one if left out
  double orders_per_s = 1000.0;
  int seconds = 20;
  int merchants = 64;
  bool full = false;  ///< 60 s, as the bar is stated
  std::uint64_t seed = 1;
};

/// `swiftlet bench dispatch`: the service, a drone and the load in processes of their own, over CURVE, on a scratch
/// directory. Durable orders in an open loop with the latency of their acknowledgements, saturation beside SQLite's own
/// group commit of the same record in the same run, and a restart after kill −9 with all of it in the journal.
[[nodiscard]] Expected<FigureSheet> bench_dispatch(const DispatchBenchOptions& options);

}  // namespace swiftlet::tools
