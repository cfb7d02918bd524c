#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/airspace_store.hpp"
#include "tools/input_file.hpp"
#include "tools/map_verbs.hpp"
#include "tools/picture/map_picture.hpp"
#include "tools/picture/svg_to_png.hpp"
#include "tools/verify_input.hpp"

namespace swiftlet::tools {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct RenderOptions {
  std::string dir;
  std::string out;
  std::string surface;
  std::string at;
  std::vector<std::string> routes;
  int width_px = 1600;
};

/// Whoever has to be named, from the manifest's sources.
std::string attribution_in(const ordered_json& manifest) {
  std::string all;
  if (!manifest.contains("sources") || !manifest["sources"].is_array()) return all;
  for (const ordered_json& source : manifest["sources"]) {
    if (!source.is_object()) continue;
    const auto one = source.find("attribution");
    if (one == source.end() || !one->is_string() || all.find(one->get<std::string>()) != std::string::npos) continue;
    all += (all.empty() ? "" : " · ") + one->get<std::string>();
  }
  return all;
}

/// The routes of a file, one or one a line; those without a path are left out and told.
Expected<void> add_routes(const std::string& file, const geo::Airspace& airspace, MapPictureOptions& picture) {
  const auto all = read_input(file);
  if (!all) return Unexpected(all.error());
  for (const std::string& text : split_routes(*all)) {
    const nlohmann::json source = nlohmann::json::parse(text, nullptr, false);
    if (source.is_discarded()) return fail(ErrorCode::bad_json, "is not JSON", file);
    auto read = read_route(source, airspace.policy);
    if (!read) {
      read.error().where = file + ", " + read.error().where;
      return Unexpected(read.error());
    }
    if (read->status != "ok") {
      fmt::print(stderr, "swiftlet: warning: {}: route {} is {}; it has no path\n", file, read->id, read->status);
      continue;
    }
    if (read->route.airspace_hash != airspace.hash) {
      fmt::print(stderr, "swiftlet: warning: {}: route {} was planned in another airspace ({})\n", file, read->id,
                 read->route.airspace_hash);
    }
    if (picture.routes.empty()) picture.at = read->route.depart;
    const bool named = std::none_of(picture.routes.begin(), picture.routes.end(),
                                    [&](const DrawnRoute& other) { return other.name == read->id; });
    picture.routes.push_back(
        {.name = named ? read->id : fs::path(file).stem().string() + " " + read->id, .path = read->route.path});
  }
  return {};
}

/// Into a file beside it first: a picture is whole or not there.
Expected<void> write_picture(const std::string& svg, const fs::path& out) {
  const fs::path unfinished = out.string() + fmt::format(".unfinished-{}", ::getpid());
  std::error_code ec;
  Expected<void> done;
  if (out.extension() == ".png") {
    done = write_svg_as_png(svg, unfinished);
  } else {
    std::ofstream file(unfinished, std::ios::binary);
    file << svg;
    file.close();
    if (!file) done = fail(ErrorCode::output_refused, "cannot be written", out.string());
  }
  if (done) fs::rename(unfinished, out, ec);
  if (done && ec) done = fail(ErrorCode::output_refused, "cannot be written: " + ec.message(), out.string());
  if (!done) {
    fs::remove(unfinished, ec);
    done.error().where = out.string();
  }
  return done;
}

int render(const RenderOptions& options, const Globals& globals) {
  const fs::path out = options.out;
  if (out.extension() != ".png" && out.extension() != ".svg") {
    return report({.code = ErrorCode::usage, .message = "must end in .png or .svg", .where = "--out " + options.out},
                  globals);
  }
  const auto manifest = maps::read_airspace_manifest(options.dir);
  if (!manifest) return report(manifest.error(), globals);
  const auto airspace = maps::load_airspace(options.dir);
  if (!airspace) return report(airspace.error(), globals);
  MapPictureOptions picture{.width_px = options.width_px,
                            .at = std::chrono::time_point_cast<UtcTime::duration>(std::chrono::system_clock::now()),
                            .attribution = attribution_in(*manifest)};
  for (const std::string& file : options.routes) {
    if (const auto added = add_routes(file, **airspace, picture); !added) return report(added.error(), globals);
  }
  if (!options.at.empty()) {
    const auto at = parse_rfc3339(options.at);
    if (!at) return report(at.error(), globals);
    picture.at = *at;
  }
  if (!options.surface.empty()) picture.surface = options.surface == "floor" ? Surface::floor : Surface::ceiling;
  if (const auto done = write_picture(map_picture(*airspace, picture), out); !done)
    return report(done.error(), globals);
  if (globals.json) {
    const ordered_json said{
        {"schema", "swiftlet.map_render/1"}, {"picture", out.string()}, {"routes", picture.routes.size()}};
    fmt::print("{}\n", said.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  }
  return 0;
}

}  // namespace

void add_map_render(CLI::App& map, VerbContext context) {
  const auto options = std::make_shared<RenderOptions>();
  CLI::App* verb = map.add_subcommand("render", "Draw an airspace: people look before they read");
  verb->add_option("airspace", options->dir, "Airspace directory")->required();
  verb->add_option("--out", options->out, "Picture to write, .png or .svg")->required();
  verb->add_option("--route", options->routes, "Routes to draw, one or one a line; may be repeated")->take_all();
  verb->add_option("--surface", options->surface, "floor or ceiling, coloured by height above the ground")
      ->check(CLI::IsMember({"floor", "ceiling"}));
  verb->add_option("--at", options->at, "Time whose zones a surface shows; the first route's, else now");
  verb->add_option("--width", options->width_px, "Pixels")->check(CLI::Range(600, 8000))->capture_default_str();
  verb->callback([=] { context.exit_status = render(*options, context.globals); });
}

}  // namespace swiftlet::tools
