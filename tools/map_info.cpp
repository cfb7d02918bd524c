#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/airspace_store.hpp"
#include "tools/free_area.hpp"
#include "tools/map_verbs.hpp"

namespace swiftlet::tools {
namespace {

int info(const std::string& dir, const Globals& globals) {
  auto manifest = maps::read_airspace_manifest(dir);
  if (!manifest) return report(manifest.error(), globals);
  const auto airspace = maps::load_airspace(dir);
  if (!airspace) return report(airspace.error(), globals);
  const nlohmann::ordered_json shares = free_area(*airspace);
  if (globals.json) {
    (*manifest)["free_area"] = shares;
    fmt::print("{}\n", manifest->dump());
    return 0;
  }
  const nlohmann::ordered_json& m = *manifest;
  fmt::print("name       {}\nhash       {}\ndatum      {}\n", m.value("name", ""), m.value("hash", ""),
             m.value("vertical_datum", ""));
  for (const char* key : {"bbox", "grid", "policy", "wind", "counts", "sources", "warnings"}) {
    if (m.contains(key)) fmt::print("{:<10} {}\n", key, m.at(key).dump());
  }
  print_free_area(shares);
  return 0;
}

}  // namespace

void add_map_info(CLI::App& map, VerbContext context) {
  const auto dir = std::make_shared<std::string>();
  CLI::App* verb = map.add_subcommand("info", "Extent, hash, counts, policy and sources of an airspace");
  verb->add_option("airspace", *dir, "Airspace directory")->required();
  verb->callback([=] { context.exit_status = info(*dir, context.globals); });
}

}  // namespace swiftlet::tools
