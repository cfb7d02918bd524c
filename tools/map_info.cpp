#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/airspace_store.hpp"
#include "tools/free_area.hpp"
#include "tools/map_verbs.hpp"

namespace swiftlet::tools {
namespace {

int info(const std::string& dir, bool with_free_area, const Globals& globals) {
  auto manifest = maps::read_airspace_manifest(dir);
  if (!manifest) return report(manifest.error(), globals);
  nlohmann::ordered_json shares = nlohmann::ordered_json::array();
  if (with_free_area) {
    const auto airspace = maps::load_airspace(dir);
    if (!airspace) return report(airspace.error(), globals);
    shares = free_area(*airspace);
  }
  if (globals.json) {
    if (with_free_area) (*manifest)["free_area"] = shares;
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
  const auto with_free_area = std::make_shared<bool>(false);
  verb->add_flag("--free-area", *with_free_area,
                 "How much of the free area is proven free under low ceilings, and in how many pieces; tens of seconds "
                 "for a city");
  verb->callback([=] { context.exit_status = info(*dir, *with_free_area, context.globals); });
}

}  // namespace swiftlet::tools
