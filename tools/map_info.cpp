#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/airspace_store.hpp"
#include "tools/free_area.hpp"
#include "tools/map_verbs.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

/// A text as it is, everything else as JSON; nothing for what is missing.
std::string shown(const ordered_json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

void print_line(const char* label, const std::string& text) { fmt::print("{:<12} {}\n", label, text); }

void print_extent(const ordered_json& manifest) {
  const ordered_json& bbox = manifest.at("bbox");
  const ordered_json& grid = manifest.at("grid");
  print_line("extent", fmt::format("lon {:.6f} to {:.6f}, lat {:.6f} to {:.6f}", bbox.at(0).get<double>(),
                                   bbox.at(2).get<double>(), bbox.at(1).get<double>(), bbox.at(3).get<double>()));
  const double cell_m = grid.at("cell_m").get<double>();
  print_line("grid", fmt::format("{} x {} cells of {} m: {:.2f} x {:.2f} km", grid.at("nx").dump(),
                                 grid.at("ny").dump(), cell_m, grid.at("nx").get<double>() * cell_m / 1000.0,
                                 grid.at("ny").get<double>() * cell_m / 1000.0));
}

void print_sources(const ordered_json& manifest) {
  for (const ordered_json& source : manifest.at("sources")) {
    std::string licence = shown(source, "licence");
    const std::string attribution = shown(source, "attribution");
    if (licence.empty()) licence = "no licence stated in the region file";
    print_line("source", fmt::format("{} ({}, {} bytes, {}): {}{}", shown(source, "name"), shown(source, "entry"),
                                     shown(source, "bytes"), shown(source, "hash"), licence,
                                     attribution.empty() ? "" : "; " + attribution));
  }
}

void print(const ordered_json& manifest) {
  print_line("name", shown(manifest, "name"));
  print_line("hash", shown(manifest, "hash"));
  print_line("format", shown(manifest, "schema"));
  print_line("datum", shown(manifest, "vertical_datum"));
  print_extent(manifest);
  for (const char* group : {"counts", "policy", "wind", "ground_risk"}) {
    if (manifest.at(group).is_null()) print_line(group, "none stated in the region file");
    for (const auto& [key, value] : manifest.at(group).items()) {
      print_line(group, fmt::format("{:<24} {}", key, value.dump()));
    }
  }
  print_sources(manifest);
  for (const auto& [name, file] : manifest.at("files").items()) {
    print_line("file", fmt::format("{} ({} bytes, {})", name, shown(file, "bytes"), shown(file, "checksum")));
  }
  for (const ordered_json& warning : manifest.at("warnings")) print_line("warning", warning.get<std::string>());
}

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
    fmt::print("{}\n", manifest->dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    return 0;
  }
  try {
    print(*manifest);
  } catch (const nlohmann::json::exception& error) {
    return report(
        {.code = ErrorCode::airspace_damaged,
         .message = fmt::format("has a manifest that lacks something ({}); build the airspace again", error.what()),
         .where = dir},
        globals);
  }
  print_free_area(shares);
  return 0;
}

}  // namespace

void add_map_info(CLI::App& map, VerbContext context) {
  const auto dir = std::make_shared<std::string>();
  CLI::App* verb = map.add_subcommand("info", "Extent, hash, counts, policy, sources and licences of an airspace");
  verb->add_option("airspace", *dir, "Airspace directory")->required();
  const auto with_free_area = std::make_shared<bool>(false);
  verb->add_flag("--free-area", *with_free_area,
                 "How much of the free area is proven free under low ceilings, and in how many pieces; tens of seconds "
                 "for a city");
  verb->callback([=] { context.exit_status = info(*dir, *with_free_area, context.globals); });
}

}  // namespace swiftlet::tools
