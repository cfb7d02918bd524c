#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/geozone_reader.hpp"
#include "maps/region_manifest.hpp"
#include "maps/zone_writer.hpp"
#include "tools/map_verbs.hpp"
#include "tools/written_file.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  std::string dir;
  std::string format = "ed318";
  std::string out;
};

int export_zones(const ExportOptions& options, const Globals& globals) {
  const auto manifest = maps::read_region_manifest(fs::path(options.dir) / "sources" / "region.toml");
  if (!manifest) return report(manifest.error(), globals);
  std::vector<maps::PublishedZone> zones;
  for (const maps::GeozoneSource& source : manifest->geozones) {
    auto read = maps::read_zone_file(source.path);
    if (!read) return report(read.error(), globals);
    std::move(read->begin(), read->end(), std::back_inserter(zones));
  }
  const auto document =
      options.format == "ed269" ? maps::to_ed269(zones, manifest->name) : maps::to_ed318(zones, manifest->name);
  if (!document) return report(document.error(), globals);
  const std::string text = document->dump(globals.json ? -1 : 1) + "\n";
  if (options.out.empty()) {
    fmt::print("{}", text);
    return 0;
  }
  if (const auto done = write_whole(options.out, text); !done) return report(done.error(), globals);
  fmt::print(stderr, "swiftlet: {} zones written to {}\n", zones.size(), options.out);
  return 0;
}

}  // namespace

void add_map_export_zones(CLI::App& map, VerbContext context) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* verb = map.add_subcommand("export-zones", "Write the zones of an airspace as ED-269 or ED-318");
  verb->add_option("airspace", options->dir, "Airspace directory")->required();
  verb->add_option("--format", options->format, "ed269 or ed318")
      ->check(CLI::IsMember({"ed269", "ed318"}))
      ->capture_default_str();
  verb->add_option("--out", options->out, "File to write; standard output where it is left out");
  verb->callback([=] { context.exit_status = export_zones(*options, context.globals); });
}

}  // namespace swiftlet::tools
