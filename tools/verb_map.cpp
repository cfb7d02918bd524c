#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "maps/airspace_store.hpp"
#include "maps/referee/referee.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

struct MapOptions {
  std::string region;
  std::string out;
  std::string dir;
};

int build(const MapOptions& options, const Globals& globals) {
  const auto start = std::chrono::steady_clock::now();
  const auto manifest = maps::read_region_manifest(options.region);
  if (!manifest) return report(manifest.error(), globals);
  const auto region = maps::compile(*manifest);
  if (!region) return report(region.error(), globals);
  // Without a referee no route could ever leave: what it cannot read is not built.
  if (const auto referee = maps::open_referee(*manifest); !referee) return report(referee.error(), globals);
  if (const auto done = maps::store_airspace(*manifest, *region, options.out); !done)
    return report(done.error(), globals);
  for (const std::string& warning : region->warnings) fmt::print(stderr, "swiftlet: warning: {}\n", warning);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const geo::Airspace& a = region->airspace;
  if (globals.json) {
    const ordered_json out{{"schema", "swiftlet.map_build/1"},
                           {"name", a.name},
                           {"hash", a.hash},
                           {"obstacles", a.obstacles.size()},
                           {"geozones", a.zones.size()},
                           {"pads", a.pads.size()},
                           {"warnings", region->warnings},
                           {"seconds", seconds}};
    fmt::print("{}\n", out.dump());
  } else {
    fmt::print(stderr, "swiftlet: built {}: {} obstacles, {} geozones, {} pads in {:.2f} s\n", a.name,
               a.obstacles.size(), a.zones.size(), a.pads.size(), seconds);
    fmt::print("{}\n", a.hash);
  }
  return 0;
}

int check(const MapOptions& options, const Globals& globals) {
  const auto manifest = maps::read_region_manifest(options.region);
  std::vector<Error> problems = manifest ? maps::check(*manifest) : std::vector{manifest.error()};
  if (problems.empty()) {
    if (const auto referee = maps::open_referee(*manifest); !referee) problems.push_back(referee.error());
  }
  if (globals.json) {
    ordered_json list = ordered_json::array();
    for (const Error& e : problems) {
      list.push_back({{"code", name(e.code)}, {"where", e.where}, {"message", e.message}});
    }
    const ordered_json out{{"schema", "swiftlet.map_check/1"}, {"ok", problems.empty()}, {"problems", list}};
    fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    for (const Error& e : problems) fmt::print("{}\n", describe(e));
    fmt::print(stderr, "swiftlet: {}\n",
               problems.empty() ? "no problem found"
                                : fmt::format("{} problem(s) found; nothing was written", problems.size()));
  }
  return problems.empty() ? 0 : traits(problems.front().code).exit_status;
}

int info(const MapOptions& options, const Globals& globals) {
  const auto manifest = maps::read_airspace_manifest(options.dir);
  if (!manifest) return report(manifest.error(), globals);
  if (globals.json) {
    fmt::print("{}\n", manifest->dump());
    return 0;
  }
  const ordered_json& m = *manifest;
  fmt::print("name       {}\nhash       {}\ndatum      {}\n", m.value("name", ""), m.value("hash", ""),
             m.value("vertical_datum", ""));
  for (const char* key : {"bbox", "grid", "policy", "wind", "counts", "sources", "warnings"}) {
    if (m.contains(key)) fmt::print("{:<10} {}\n", key, m.at(key).dump());
  }
  return 0;
}

}  // namespace

void add_map(CLI::App& app, VerbContext context) {
  const auto options = std::make_shared<MapOptions>();
  CLI::App* map = app.add_subcommand("map", "Compile, check and look at airspaces");
  map->require_subcommand(1);
  CLI::App* build_verb = map->add_subcommand("build", "Compile a region into an airspace directory");
  build_verb->add_option("region", options->region, "region.toml")->required();
  build_verb->add_option("--out", options->out, "Directory to write; an older airspace there is replaced")->required();
  build_verb->callback([=] { context.exit_status = build(*options, context.globals); });
  CLI::App* check_verb = map->add_subcommand("check", "Read everything, write nothing, report every problem");
  check_verb->add_option("region", options->region, "region.toml")->required();
  check_verb->callback([=] { context.exit_status = check(*options, context.globals); });
  CLI::App* info_verb = map->add_subcommand("info", "Extent, hash, counts, policy and sources of an airspace");
  info_verb->add_option("airspace", options->dir, "Airspace directory")->required();
  info_verb->callback([=] { context.exit_status = info(*options, context.globals); });
  add_map_diff(*map, context);
  add_map_export_zones(*map, context);
}

}  // namespace swiftlet::tools
