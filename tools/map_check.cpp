#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/airspace_store.hpp"
#include "maps/compile.hpp"
#include "maps/intake/confined_process.hpp"
#include "maps/intake/process_report.hpp"
#include "maps/referee/referee.hpp"
#include "tools/map_verbs.hpp"
#include "tools/reading_limits.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

struct CheckOptions {
  std::string region;
  ReadingOptions reading;
};

std::string as_text(const maps::RegionFindings& found) {
  ordered_json list = ordered_json::array();
  for (const Error& problem : found.problems) list.push_back(maps::to_text(problem));
  return ordered_json{{"problems", list}, {"warnings", found.warnings}}.dump(-1, ' ', false,
                                                                             ordered_json::error_handler_t::replace);
}

/// What the confined process does with a region: all problems and warnings as JSON.
std::string find_problems(const std::string& region_file) {
  const auto manifest = maps::read_region_manifest(region_file);
  maps::RegionFindings found;
  if (manifest) {
    found = maps::check(*manifest);
  } else {
    found.problems.push_back(manifest.error());
  }
  if (found.problems.empty()) {
    if (const auto referee = maps::open_referee(*manifest); !referee) found.problems.push_back(referee.error());
  }
  return as_text(found);
}

/// How much the files of a directory hold.
std::uintmax_t bytes_in(const std::filesystem::path& dir) {
  std::error_code ec;
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir, ec)) {
    if (entry.is_regular_file(ec)) bytes += entry.file_size(ec);
  }
  return bytes;
}

/// What the confined process has found; its own end is a problem too.
maps::RegionFindings findings_of(const Expected<maps::ConfinedAnswer>& answer) {
  if (!answer) return {{answer.error()}, {}};
  maps::RegionFindings found;
  const ordered_json text = ordered_json::parse(answer->text, nullptr, false);
  if (!text.is_object()) return {{Error{.message = "the reading process gave no findings"}}, {}};
  for (const ordered_json& one : text.at("problems")) {
    auto problem = one.is_string() ? maps::error_from_text(one.get<std::string>()) : std::nullopt;
    found.problems.push_back(problem.value_or(Error{.message = "the reading process gave a problem that is none"}));
  }
  for (const ordered_json& one : text.at("warnings")) found.warnings.push_back(one.get<std::string>());
  return found;
}

int check(const CheckOptions& options, const Globals& globals) {
  std::error_code ec;
  const bool compiled = std::filesystem::is_directory(options.region, ec);
  maps::ReadingLimits limits = reading_limits(options.reading);
  if (compiled) limits.memory_bytes += 2 * bytes_in(options.region);  // it is mapped
  const auto answer = maps::run_confined(limits, [&]() -> Expected<std::string> {
    return compiled ? as_text({maps::check_airspace(options.region), {}}) : find_problems(options.region);
  });
  const maps::RegionFindings found = findings_of(answer);
  const std::vector<Error> problems = one_by_one(found.problems);
  if (answer) tell_missing_layers(answer->layers, globals);
  if (globals.json) {
    ordered_json list = ordered_json::array();
    for (const Error& e : problems) {
      list.push_back({{"code", name(e.code)}, {"where", e.where}, {"message", e.message}});
    }
    ordered_json out{
        {"schema", "swiftlet.map_check/1"}, {"ok", problems.empty()}, {"problems", list}, {"warnings", found.warnings}};
    if (answer) out["confinement"] = layers_json(answer->layers);
    fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    for (const Error& e : problems) fmt::print("{}\n", describe(e));
    for (const std::string& warning : found.warnings) fmt::print(stderr, "swiftlet: warning: {}\n", warning);
    fmt::print(stderr, "swiftlet: {}\n",
               problems.empty() ? "no problem found"
                                : fmt::format("{} problem(s) found; nothing was written", problems.size()));
  }
  return problems.empty() ? 0 : traits(problems.front().code).exit_status;
}

}  // namespace

void add_map_check(CLI::App& map, VerbContext context) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* verb = map.add_subcommand(
      "check", "Read all of a region or of a compiled airspace, write nothing, report every problem");
  verb->add_option("region", options->region, "region.toml, or the directory of a compiled airspace")->required();
  add_reading_options(*verb, options->reading);
  verb->callback([=] { context.exit_status = check(*options, context.globals); });
}

}  // namespace swiftlet::tools
