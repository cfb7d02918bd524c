#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/fetch/fetch_region.hpp"
#include "tools/map_verbs.hpp"

namespace swiftlet::tools {
namespace {

struct FetchOptions {
  std::string bbox;
  maps::FetchRequest request;
  int tries = 6;
  int stall_s = 30;
};

/// One line that is drawn over and over, on a terminal alone.
class ProgressBar {
 public:
  void show(double fraction, const std::string& doing) {
    if (!on_) return;
    const auto full = static_cast<std::size_t>(30.0 * std::clamp(fraction, 0.0, 1.0));
    fmt::print(stderr, "\r\x1b[K[{}{}] {:3.0f} % {}", std::string(full, '#'), std::string(30 - full, '.'),
               100.0 * fraction, doing);
    std::fflush(stderr);
  }
  void end() const {
    if (on_) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  bool on_ = ::isatty(STDERR_FILENO) == 1;
};

int fetch(const FetchOptions& options, const Globals& globals) {
  const auto box = maps::parse_fetch_box(options.bbox);
  if (!box) return report(box.error(), globals);
  maps::FetchRequest request = options.request;
  request.box = *box;
  request.patience.tries = options.tries;
  request.patience.stall = std::chrono::seconds(options.stall_s);
  request.patience.connect = std::chrono::seconds(std::min(15, options.stall_s));
  if (request.name.empty()) request.name = request.out.lexically_normal().filename().string();
  ProgressBar bar;
  const maps::FetchListener listener{
      .progress = [&](double fraction, const std::string& doing) { bar.show(fraction, doing); },
      .note =
          [&](const std::string& message) {
            bar.end();
            fmt::print(stderr, "swiftlet: {}\n", message);
          }};
  const auto fetched = maps::fetch_region(request, listener);
  bar.end();
  if (!fetched) return report(fetched.error(), globals);
  for (const std::string& warning : fetched->warnings) fmt::print(stderr, "swiftlet: warning: {}\n", warning);
  const std::string region = (request.out / "region.toml").string();
  if (globals.json) {
    const nlohmann::ordered_json out{{"schema", "swiftlet.map_fetch/1"},
                                     {"region", region},
                                     {"tiles", fetched->tiles},
                                     {"sea_tiles", fetched->sea_tiles},
                                     {"warnings", fetched->warnings}};
    fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}\n", region);
  }
  return 0;
}

}  // namespace

void add_map_fetch(CLI::App& map, VerbContext context) {
  const auto options = std::make_shared<FetchOptions>();
  CLI::App* verb = map.add_subcommand("fetch", "Write a ready region from public sources");
  verb->add_option("--bbox", options->bbox, "WEST,SOUTH,EAST,NORTH in degrees")->required();
  verb->add_option("--out", options->request.out, "Directory to write; it must not hold anything")->required();
  verb->add_option("--name", options->request.name, "The region's name; left out, that of the directory");
  verb->add_option("--dem-url", options->request.dem_url, "Where the tiles of Copernicus GLO-30 stand")
      ->envname("SWIFTLET_DEM_URL")
      ->capture_default_str();
  verb->add_option("--overpass-url", options->request.overpass_url, "The Overpass interpreter")
      ->envname("SWIFTLET_OVERPASS_URL")
      ->capture_default_str();
  verb->add_option("--osm-extract", options->request.osm_extract,
                   "A PBF extract of OpenStreetMap, file or address, instead of Overpass")
      ->envname("SWIFTLET_OSM_EXTRACT");
  verb->add_option("--tries", options->tries, "How often a download is tried")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--stall-s", options->stall_s, "How long a download may stand still")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  verb->callback([=] { context.exit_status = fetch(*options, context.globals); });
}

}  // namespace swiftlet::tools
