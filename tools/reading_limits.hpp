#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "maps/intake/confinement.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {

/// The limits of reading as they were typed.
struct ReadingOptions {
  std::uint64_t memory_mib = 8192;
  int source_seconds = 1200;
  int processor_seconds = 7200;
};

void add_reading_options(CLI::App& verb, ReadingOptions& options);

[[nodiscard]] maps::ReadingLimits reading_limits(const ReadingOptions& options);

/// Says on standard error which layers of the confinement were not to be had: all of them with --log-level debug, and
/// always that the network was open.
void tell_missing_layers(const std::vector<maps::ConfinementLayer>& layers, const Globals& globals);

/// The layers for --json: name to "on" or to why it is missing.
[[nodiscard]] nlohmann::ordered_json layers_json(const std::vector<maps::ConfinementLayer>& layers);

}  // namespace swiftlet::tools
