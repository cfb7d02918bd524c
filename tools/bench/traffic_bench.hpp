#pragma once

#include <cstdint>

#include "tools/bench/figures.hpp"

namespace swiftlet::tools {

/// A new flight against so many reservations of flights that are all in the air or about to leave.
struct TrafficBenchOptions {
  int reservations = 2000;
  int questions = 1000;
  double side_m = 12'000.0;  ///< of the square that all of it is in
  std::uint64_t seed = 1;
};

/// From a proven route to the first departure that meets nobody (volumes, forbidden departures, first gap), and whom it
/// would meet leaving at once.
[[nodiscard]] FigureSheet bench_traffic(const TrafficBenchOptions& options);

}  // namespace swiftlet::tools
