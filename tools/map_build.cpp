#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/airspace_store.hpp"
#include "maps/intake/confined_process.hpp"
#include "maps/referee/referee.hpp"
#include "tools/map_verbs.hpp"
#include "tools/reading_limits.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

struct BuildOptions {
  std::string region;
  std::string out;
  ReadingOptions reading;
};

/// What the confined process does: reads, judges that the referee can read too, writes beside the place.
Expected<std::string> compile_into(const maps::StagedAirspace& staged, const std::string& region_file) {
  const auto manifest = maps::read_region_manifest(region_file);
  if (!manifest) return Unexpected(manifest.error());
  const auto region = maps::read_region(*manifest);
  if (!region) return Unexpected(region.error());
  // Without a referee no route could ever leave: what it cannot read is not built.
  if (const auto referee = maps::open_referee(*manifest); !referee) return Unexpected(referee.error());
  if (const auto done = staged.write(*manifest, *region); !done) return Unexpected(done.error());
  const geo::Airspace& a = region->airspace;
  return ordered_json{{"name", a.name},
                      {"hash", a.hash},
                      {"obstacles", a.obstacles.size()},
                      {"geozones", a.zones.size()},
                      {"pads", a.pads.size()},
                      {"warnings", region->warnings}}
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void print(const ordered_json& built, double seconds, const std::vector<maps::ConfinementLayer>& layers,
           const Globals& globals) {
  for (const ordered_json& warning : built.at("warnings")) {
    fmt::print(stderr, "swiftlet: warning: {}\n", warning.get<std::string>());
  }
  tell_missing_layers(layers, globals);
  if (globals.json) {
    ordered_json out{{"schema", "swiftlet.map_build/1"}};
    out.update(built);
    out["seconds"] = seconds;
    out["confinement"] = layers_json(layers);
    fmt::print("{}\n", out.dump());
  } else {
    fmt::print(stderr, "swiftlet: built {}: {} obstacles, {} geozones, {} pads in {:.2f} s\n",
               built.at("name").get<std::string>(), built.at("obstacles").dump(), built.at("geozones").dump(),
               built.at("pads").dump(), seconds);
    fmt::print("{}\n", built.at("hash").get<std::string>());
  }
}

int build(const BuildOptions& options, const Globals& globals) {
  const auto start = std::chrono::steady_clock::now();
  auto staged = maps::StagedAirspace::beside(options.out);
  if (!staged) return report(staged.error(), globals);
  maps::ReadingLimits limits = reading_limits(options.reading);
  limits.writable = staged->path();
  const auto answer = maps::run_confined(limits, [&] { return compile_into(*staged, options.region); });
  if (!answer) return report(answer.error(), globals);
  const ordered_json built = ordered_json::parse(answer->text, nullptr, false);
  if (built.is_discarded()) return report({.message = "the reading process gave no JSON"}, globals);
  if (const auto done = staged->place(); !done) return report(done.error(), globals);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  print(built, seconds, answer->layers, globals);
  return 0;
}

}  // namespace

void add_map_build(CLI::App& map, VerbContext context) {
  const auto options = std::make_shared<BuildOptions>();
  CLI::App* verb = map.add_subcommand("build", "Compile a region into an airspace directory");
  verb->add_option("region", options->region, "region.toml")->required();
  verb->add_option("--out", options->out, "Directory to write; an older airspace there is replaced")->required();
  add_reading_options(*verb, options->reading);
  verb->callback([=] { context.exit_status = build(*options, context.globals); });
}

}  // namespace swiftlet::tools
