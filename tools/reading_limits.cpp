#include "tools/reading_limits.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace swiftlet::tools {

void add_reading_options(CLI::App& verb, ReadingOptions& options) {
  verb.add_option("--memory-mib", options.memory_mib, "Memory that reading the sources may take")
      ->check(CLI::Range(64, 1 << 24))
      ->capture_default_str();
  verb.add_option("--source-seconds", options.source_seconds, "Time that one source may take")
      ->check(CLI::Range(1, 864'000))
      ->capture_default_str();
  verb.add_option("--processor-seconds", options.processor_seconds, "Processor time that all of them may take")
      ->check(CLI::Range(1, 8'640'000))
      ->capture_default_str();
}

maps::ReadingLimits reading_limits(const ReadingOptions& options) {
  return {.memory_bytes = options.memory_mib << 20U,
          .processor = std::chrono::seconds(options.processor_seconds),
          .on_one_source = std::chrono::seconds(options.source_seconds)};
}

void tell_missing_layers(const std::vector<maps::ConfinementLayer>& layers, const Globals& globals) {
  if (maps::network_is_open(layers)) {
    fmt::print(stderr,
               "swiftlet: warning: the sources were read without network isolation: neither a network namespace nor a "
               "system call filter was to be had here\n");
  }
  if (globals.log_level != "debug") return;
  for (const maps::ConfinementLayer& layer : layers) {
    fmt::print(stderr, "swiftlet: reading: {}: {}\n", layer.name,
               layer.missing ? "not available here: " + *layer.missing : std::string("on"));
  }
}

nlohmann::ordered_json layers_json(const std::vector<maps::ConfinementLayer>& layers) {
  auto out = nlohmann::ordered_json::object();
  for (const maps::ConfinementLayer& layer : layers) {
    out[layer.name] = layer.missing ? "not available: " + *layer.missing : std::string("on");
  }
  return out;
}

}  // namespace swiftlet::tools
