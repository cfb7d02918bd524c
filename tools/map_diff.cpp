#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "geo/airspace_diff.hpp"
#include "geo/policy_fields.hpp"
#include "maps/airspace_store.hpp"
#include "maps/referee/referee.hpp"
#include "maps/source_diff.hpp"
#include "tools/input_file.hpp"
#include "tools/map_verbs.hpp"
#include "tools/verify_input.hpp"
#include "tools/verify_output.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

constexpr int kBroken = 6;
constexpr int kUnreadable = 3;

struct DiffOptions {
  std::string earlier;
  std::string later;
  std::string routes;
};

/// A compiled airspace with the referee on its sources, if that is asked for.
struct Side {
  geo::AirspacePtr airspace;
  std::shared_ptr<const geo::Referee> referee;
};

Expected<Side> load(const std::string& dir, bool with_referee) {
  const auto airspace = maps::load_airspace(dir);
  if (!airspace) return tl::make_unexpected(airspace.error());
  Side side{.airspace = *airspace, .referee = nullptr};
  if (with_referee) {
    auto referee = maps::load_referee(dir);
    if (!referee) return tl::make_unexpected(referee.error());
    side.referee = std::move(*referee);
  }
  return side;
}

ordered_json to_json(const geo::NamedChanges& changes) {
  return {{"added", changes.added}, {"removed", changes.removed}, {"changed", changes.changed}};
}

ordered_json policy_changes(const geo::Policy& earlier, const geo::Policy& later) {
  ordered_json list = ordered_json::array();
  for (const geo::PolicyField& field : geo::policy_fields()) {
    if (earlier.*field.member == later.*field.member) continue;
    list.push_back({{"key", std::string(field.key)}, {"from", earlier.*field.member}, {"to", later.*field.member}});
  }
  if (earlier.fly_under != later.fly_under) {
    list.push_back({{"key", std::string(geo::kFlyUnder)}, {"from", earlier.fly_under}, {"to", later.fly_under}});
  }
  return list;
}

/// What a side's referee says of a route, whichever version the route was proven against.
Expected<ordered_json> judged(const nlohmann::json& source, const Side& side, bool& ok) {
  auto read = read_route(source, side.airspace->policy);
  if (!read) return tl::make_unexpected(read.error());
  ok = true;
  if (read->status != "ok") return ordered_json{{"id", read->id}, {"status", "no_path"}};
  read->route.airspace_hash = side.airspace->hash;
  const geo::RefereeReport report = side.referee->judge(read->route);
  ok = report.ok();
  return ordered_json{
      {"id", read->id}, {"status", ok ? "kept" : "broken"}, {"violations", violations_json(report.violations)}};
}

/// kept, broken (by the change), broken_before (the earlier airspace breaks it too), no_path or unreadable.
ordered_json fate_of(const std::string& line, const Side& earlier, const Side& later) {
  const nlohmann::json source = nlohmann::json::parse(line, nullptr, false);
  bool holds = false;
  auto fate = source.is_discarded() ? fail(ErrorCode::bad_json, "is not JSON") : judged(source, later, holds);
  if (!fate) {
    return {{"id", ""},
            {"status", "unreadable"},
            {"error", {{"code", name(fate.error().code)}, {"message", describe(fate.error())}}}};
  }
  if (!holds) {
    bool held = false;
    if (const auto before = judged(source, earlier, held); before && !held) (*fate)["status"] = "broken_before";
  }
  return std::move(*fate);
}

void print(const char* what, const geo::NamedChanges& changes) {
  constexpr std::size_t kMostShown = 20;
  for (const auto& [how, names] : {std::pair("added", &changes.added), std::pair("removed", &changes.removed),
                                   std::pair("changed", &changes.changed)}) {
    if (names->empty()) continue;
    const std::vector<std::string> shown(
        names->begin(), names->begin() + static_cast<std::ptrdiff_t>(std::min(kMostShown, names->size())));
    fmt::print("{:<10} {} {}: {}{}\n", what, names->size(), how, fmt::join(shown, ", "),
               names->size() > shown.size() ? fmt::format(" and {} more", names->size() - shown.size()) : "");
  }
}

void print_routes(const ordered_json& routes) {
  for (const ordered_json& route : routes) {
    if (route.at("status") == "kept" || route.at("status") == "no_path") continue;
    fmt::print("route      {} {}", route.at("id").get<std::string>(), route.at("status").get<std::string>());
    if (route.contains("error")) fmt::print(": {}", route.at("error").at("message").get<std::string>());
    fmt::print("\n");
    for (const ordered_json& v : route.value("violations", ordered_json::array())) {
      fmt::print("           {} at ({}, {}, {} m){}\n", v.at("rule").get<std::string>(), v.at("lon").get<double>(),
                 v.at("lat").get<double>(), v.at("alt_msl_m").get<double>(),
                 v.at("cause").is_null() ? ""
                                         : fmt::format(", {} {}", v.at("cause").at("kind").get<std::string>(),
                                                       v.at("cause").at("id").get<std::string>()));
    }
  }
}

int diff(const DiffOptions& options, const Globals& globals) {
  const auto earlier = load(options.earlier, !options.routes.empty());
  if (!earlier) return report(earlier.error(), globals);
  const auto later = load(options.later, !options.routes.empty());
  if (!later) return report(later.error(), globals);
  const auto sources = maps::compare_sources(options.earlier, options.later);
  if (!sources) return report(sources.error(), globals);
  const geo::AirspaceDiff changes = geo::compare(*earlier->airspace, *later->airspace);
  const ordered_json policy = policy_changes(earlier->airspace->policy, later->airspace->policy);

  ordered_json routes = ordered_json::array();
  int exit_status = 0;
  if (!options.routes.empty()) {
    const auto text = read_input(options.routes);
    if (!text) return report(text.error(), globals);
    for (const std::string& line : split_routes(*text)) {
      routes.push_back(fate_of(line, *earlier, *later));
      if (routes.back().at("status") == "unreadable") exit_status = kUnreadable;
      if (routes.back().at("status") == "broken" && exit_status == 0) exit_status = kBroken;
    }
  }
  const auto side = [](const geo::Airspace& a) { return ordered_json{{"name", a.name}, {"hash", a.hash}}; };
  if (globals.json) {
    const ordered_json out{{"schema", "swiftlet.map_diff/1"},
                           {"from", side(*earlier->airspace)},
                           {"to", side(*later->airspace)},
                           {"same", earlier->airspace->hash == later->airspace->hash},
                           {"sources", to_json(*sources)},
                           {"terrain",
                            {{"tiles", changes.terrain.tiles},
                             {"changed_tiles", changes.terrain.changed_tiles},
                             {"largest_change_m", changes.terrain.largest_change_m},
                             {"extent_changed", changes.terrain.extent_changed}}},
                           {"obstacles", to_json(changes.obstacles)},
                           {"geozones", to_json(changes.zones)},
                           {"pads", to_json(changes.pads)},
                           {"policy", policy},
                           {"wind_changed", changes.wind_changed},
                           {"ground_risk_changed", changes.ground_risk_changed},
                           {"routes", routes}};
    fmt::print("{}\n", out.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    return exit_status;
  }
  fmt::print("from       {} {}\nto         {} {}\n", earlier->airspace->name, earlier->airspace->hash,
             later->airspace->name, later->airspace->hash);
  print("sources", *sources);
  if (!changes.terrain.empty()) {
    fmt::print("terrain    {} of {} tiles changed, by up to {:.3f} m{}\n", changes.terrain.changed_tiles,
               changes.terrain.tiles, changes.terrain.largest_change_m,
               changes.terrain.extent_changed ? "; its extent is another" : "");
  }
  print("obstacles", changes.obstacles);
  print("geozones", changes.zones);
  print("pads", changes.pads);
  for (const ordered_json& field : policy) {
    fmt::print("policy     {}: {} → {}\n", field.at("key").get<std::string>(), field.at("from").dump(),
               field.at("to").dump());
  }
  if (changes.wind_changed) fmt::print("wind       changed\n");
  if (changes.ground_risk_changed) fmt::print("ground risk changed\n");
  print_routes(routes);
  if (changes.empty() && sources->empty()) fmt::print("nothing has changed\n");
  return exit_status;
}

}  // namespace

void add_map_diff(CLI::App& map, VerbContext context) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App* verb = map.add_subcommand("diff", "What changed between two airspaces, and which routes that breaks");
  verb->add_option("earlier", options->earlier, "Airspace directory")->required();
  verb->add_option("later", options->later, "Airspace directory")->required();
  verb->add_option("--routes", options->routes, "Routes, one a line: each is judged on the later airspace's sources");
  verb->callback([=] { context.exit_status = diff(*options, context.globals); });
}

}  // namespace swiftlet::tools
