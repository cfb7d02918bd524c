#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "maps/intake/confined_process.hpp"
#include "maps/intake/source_file.hpp"
#include "maps/referee/referee.hpp"
#include "tools/input_file.hpp"
#include "tools/reading_limits.hpp"
#include "tools/verb.hpp"
#include "tools/verify_claims.hpp"
#include "tools/verify_input.hpp"
#include "tools/verify_output.hpp"
#include "tools/verify_vehicle.hpp"

namespace swiftlet::tools {
namespace {

constexpr int kViolation = 6;
constexpr int kUnreadable = 3;

struct VerifyOptions {
  std::string region;
  std::string route;
  std::string zones;
  std::string vehicle;
  std::vector<std::string> policy;
  ReadingOptions reading;
};

using Vehicles = std::map<std::string, planner::VehicleProfile>;

/// The vehicle types that routes may name; with --vehicle that one, whatever they name. Loaded before any route is
/// read: what stands in a route opens no file.
Expected<Vehicles> load_vehicles(const VerifyOptions& options) {
  Vehicles vehicles;
  if (!options.vehicle.empty()) {
    auto profile = planner::load_vehicle(options.vehicle);
    if (!profile) return Unexpected(profile.error());
    vehicles.emplace("", std::move(*profile));
    return vehicles;
  }
  for (const std::string& name : planner::vehicle_names()) {
    auto profile = planner::load_vehicle(name);
    if (!profile) return Unexpected(profile.error());
    vehicles.emplace(name, std::move(*profile));
  }
  return vehicles;
}

const planner::VehicleProfile* vehicle_of(const RouteToVerify& read, const Vehicles& vehicles) {
  const auto given = vehicles.find("");
  const auto found = given != vehicles.end() ? given : vehicles.find(read.vehicle);
  return found == vehicles.end() ? nullptr : &found->second;
}

/// The region's datum, where the route states one: exports add it to every height.
std::optional<geo::Violation> false_datum(const nlohmann::json& source, std::optional<double> truth) {
  const nlohmann::json& airspace = source.at("airspace");
  const auto claimed = airspace.find("ellipsoid_minus_datum_m");
  if (claimed == airspace.end() || claimed->is_null()) return std::nullopt;
  constexpr double kRounding_m = 1e-6;
  if (claimed->is_number() && truth && std::abs(claimed->get<double>() - *truth) <= kRounding_m) return std::nullopt;
  return geo::Violation{.rule = "claim",
                        .cause = ErrorCause{"ellipsoid_minus_datum_m", truth ? fmt::format("{} is the region's", *truth)
                                                                             : "the region states none"}};
}

/// Everything that the route says of itself, against its own waypoints, the referee's measures and its vehicle.
std::vector<geo::Violation> judge_claims(const nlohmann::json& source, const RouteToVerify& read,
                                         const Vehicles& vehicles, const geo::RefereeReport& measured,
                                         std::vector<std::string>& not_judged) {
  std::vector<geo::Violation> found = false_claims(source, read.route, measured);
  const planner::VehicleProfile* vehicle = vehicle_of(read, vehicles);
  if (vehicle == nullptr) {
    not_judged.push_back(read.vehicle.empty() ? "vehicle: the route names none"
                                              : "vehicle: nothing is known of \"" + read.vehicle + "\"; see --vehicle");
  } else {
    for (geo::Violation& more : beyond_the_vehicle(source, read.route, *vehicle)) found.push_back(std::move(more));
  }
  for (std::string& claim : unjudged_claims(source)) not_judged.push_back(std::move(claim));
  return found;
}

/// Judges the route of one line and prints its verdict; the line's exit status.
int verify_line(const geo::Referee& referee, const std::string& text, const maps::RegionManifest& manifest,
                const std::vector<std::string>& overrides, const Vehicles& vehicles) {
  const geo::Policy& region = manifest.policy;
  const nlohmann::json source = nlohmann::json::parse(text, nullptr, false);
  auto read = source.is_discarded() ? fail(ErrorCode::bad_json, "is not JSON") : read_route(source, region);
  if (read) {
    for (const std::string& key_value : overrides) {
      if (const auto set = override_policy(key_value, read->route.policy); !set)
        read = tl::make_unexpected(set.error());
    }
  }
  if (!read) {
    fmt::print("{}\n", unreadable_line(read.error()));
    return kUnreadable;
  }
  if (read->status != "ok") {
    fmt::print("{}\n", skipped_line(read->id, read->status));
    return 0;
  }
  geo::RefereeReport report = referee.judge(read->route);
  // Measures mean something only on a path that the referee could follow to its end.
  Grounds grounds{.policy = read->route.policy, .region = region, .not_judged = {}};
  if (report.ok()) {
    report.violations = judge_claims(source, *read, vehicles, report, grounds.not_judged);
    if (auto datum = false_datum(source, manifest.ellipsoid_minus_datum_m))
      report.violations.push_back(std::move(*datum));
  }
  fmt::print("{}\n", verdict_line(read->id, grounds, report));
  return report.ok() ? 0 : kViolation;
}

/// What cannot be read outweighs what is broken.
int graver(int a, int b) {
  if (a == kUnreadable || b == kUnreadable) return kUnreadable;
  return std::max(a, b);
}

/// The referee on the region's sources, with the live zones of a document where one is given.
Expected<std::shared_ptr<const geo::Referee>> open(const maps::RegionManifest& manifest, const std::string& zones) {
  auto opened = maps::open_referee(manifest);
  if (!opened) return tl::make_unexpected(opened.error());
  std::shared_ptr<const geo::Referee> referee = std::move(*opened);
  if (zones.empty()) return referee;
  const auto document = read_input(zones);
  if (!document) return tl::make_unexpected(document.error());
  return maps::with_live_zones(referee, *document, zones);
}

/// What the confined process does: opens the sources, prints a verdict for each route. Its answer is the exit status.
Expected<std::string> judge_all(const VerifyOptions& options, const Vehicles& vehicles,
                                const std::vector<std::string>& routes) {
  const auto manifest = maps::read_region_manifest(options.region);
  if (!manifest) return Unexpected(manifest.error());
  const auto referee = open(*manifest, options.zones);
  if (!referee) return Unexpected(referee.error());
  maps::end_sources();
  int exit_status = 0;
  for (const std::string& route : routes) {
    exit_status = graver(exit_status, verify_line(**referee, route, *manifest, options.policy, vehicles));
  }
  return std::to_string(exit_status);
}

int verify(const VerifyOptions& options, const Globals& globals) {
  geo::Policy checked;
  for (const std::string& key_value : options.policy) {
    if (const auto set = override_policy(key_value, checked); !set) return report(set.error(), globals);
  }
  const auto vehicles = load_vehicles(options);
  if (!vehicles) return report(vehicles.error(), globals);
  const auto text = read_input(options.route);
  if (!text) return report(text.error(), globals);
  const std::vector<std::string> routes = split_routes(*text);
  if (routes.empty())
    return report(Error{.code = ErrorCode::bad_json, .message = "holds no route", .where = options.route}, globals);
  maps::ReadingLimits limits = reading_limits(options.reading);
  limits.processor = std::chrono::hours(24 * 365);  // judging many routes is no sign of a hostile source
  const auto answer = maps::run_confined(limits, [&] { return judge_all(options, *vehicles, routes); });
  if (!answer) return report(answer.error(), globals);
  tell_missing_layers(answer->layers, globals);
  return answer->text == "0" ? 0 : answer->text == "6" ? kViolation : kUnreadable;
}

}  // namespace

void add_verify(CLI::App& app, VerbContext context) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verb =
      app.add_subcommand("verify", "Judge routes on a region's source files, independently of the planner");
  verb->add_option("--region", options->region, "The region's region.toml")->required();
  verb->add_option("route", options->route, "A route, or one a line; - is standard input")->required();
  verb->add_option("--zones", options->zones,
                   "Live zones of the airspace version that the routes name (swiftlet.live_zones/1)");
  verb->add_option("--vehicle", options->vehicle,
                   "The vehicle's profile, by name or file, instead of the one routes name");
  verb->add_option("--policy", options->policy, "KEY=VALUE, overrides region and route; may be repeated")->take_all();
  add_reading_options(*verb, options->reading);
  verb->callback([options, context] { context.exit_status = verify(*options, context.globals); });
}

}  // namespace swiftlet::tools
