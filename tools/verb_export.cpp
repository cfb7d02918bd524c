#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "maps/referee/referee.hpp"
#include "planner/autopilot_timing.hpp"
#include "planner/mission/route_mission.hpp"
#include "planner/route_json.hpp"
#include "planner/vehicle.hpp"
#include "tools/export/route_formats.hpp"
#include "tools/finite_range.hpp"
#include "tools/input_file.hpp"
#include "tools/plan_arguments.hpp"
#include "tools/verb.hpp"
#include "tools/written_file.hpp"

namespace swiftlet::tools {
namespace {

namespace mission = planner::mission;
using planner::Route;

struct ExportOptions {
  std::string route;
  std::string format;
  std::string out;
  std::string region;
  std::string zones;
  double tolerance_m = 0.01;
  [[nodiscard]] bool is_mission() const { return format == "waypoints" || format == "qgc-plan"; }
};

using Referee = std::shared_ptr<const geo::Referee>;

/// The referee on the region's own sources, with the live zones that the route was planned with; null without a region.
Expected<Referee> open_referee(const ExportOptions& options) {
  if (options.region.empty()) return nullptr;
  const auto manifest = maps::read_region_manifest(options.region);
  if (!manifest) return Unexpected(manifest.error());
  auto opened = maps::open_referee(*manifest);
  if (!opened) return Unexpected(opened.error());
  const Referee referee = std::move(*opened);
  if (options.zones.empty()) return referee;
  const auto document = read_input(options.zones);
  if (!document) return Unexpected(document.error());
  return maps::with_live_zones(referee, *document, options.zones);
}

/// Whether the referee finds a path of some of the route's waypoints free.
Expected<void> judge(const geo::Referee& referee, const Route& route, const std::vector<std::size_t>& waypoints,
                     const std::string& which, const std::string& where) {
  geo::RouteUnderTest claim{.airspace_hash = route.airspace_hash,
                            .path = {},
                            .t_s = {},
                            .depart = route.depart,
                            .time_uncertainty_s = route.time_uncertainty_s,
                            .policy = route.policy,
                            .authorisations = route.authorisations};
  for (const std::size_t k : waypoints) {
    claim.path.push_back(route.waypoints[k].position);
    claim.t_s.push_back(route.waypoints[k].t_s);
  }
  const geo::RefereeReport report = referee.judge(claim);
  if (report.ok()) return {};
  const geo::Violation& found = report.violations.front();
  Error error{.code = ErrorCode::referee_refused,
              .message = fmt::format("{}: the referee finds {} on segment {}", which, found.rule, found.segment),
              .where = where,
              .position = found.at,
              .cause = found.cause};
  if (found.rule == "airspace_hash") error.hint = "a route planned with live zones is judged with them: --zones";
  return Unexpected(std::move(error));
}

/// A route that comes with its region is judged before anything flies it; and what is left of a route when waypoints
/// are left out is another path, judged like any other.
Expected<void> judge_all(const Route& route, const ExportOptions& options) {
  const bool thinned = options.is_mission() && options.tolerance_m > ExportOptions().tolerance_m;
  if (options.region.empty() && thinned) {
    return fail(ErrorCode::usage,
                fmt::format("--tolerance-m {} changes the path by more than the certificate allows: give --region, so "
                            "that the referee can judge what is left",
                            options.tolerance_m));
  }
  const auto referee = open_referee(options);
  if (!referee) return Unexpected(referee.error());
  if (*referee == nullptr) return {};
  std::vector<std::size_t> all(route.waypoints.size());
  std::iota(all.begin(), all.end(), 0U);
  if (auto whole = judge(**referee, route, all, "the route breaks the region's rules", options.route); !whole) {
    return whole;
  }
  if (!thinned) return {};
  return judge(**referee, route, mission::kept_waypoints(route, options.tolerance_m),
               fmt::format("with waypoints left out within {} m, try a smaller one", options.tolerance_m),
               "--tolerance-m");
}

mission::Airframe airframe_of(const planner::VehicleProfile& vehicle) {
  const double motors = vehicle.autopilot ? vehicle.autopilot->frame.motors : 6.0;
  return motors >= 8.0   ? mission::Airframe::octorotor
         : motors >= 6.0 ? mission::Airframe::hexarotor
                         : mission::Airframe::quadrotor;
}

Expected<std::string> exported_mission(const Route& route, const ExportOptions& options) {
  // A vehicle that is not known here flies a mission all the same: then it is one for ArduPilot.
  const auto vehicle = planner::load_vehicle(route.vehicle);
  mission::MissionOptions wanted = vehicle ? planner::mission_options_of(*vehicle) : mission::MissionOptions();
  wanted.tolerance_m = options.tolerance_m;
  const auto made = mission::to_mission(route, wanted);
  if (!made) return Unexpected(made.error());
  if (options.format == "waypoints") return mission::to_waypoints_text(*made);
  const bool px4 = vehicle && vehicle->autopilot && vehicle->autopilot->kind == planner::autopilot::Kind::px4;
  return mission::to_plan_json(*made, px4 ? mission::Firmware::px4 : mission::Firmware::ardupilot,
                               vehicle ? airframe_of(*vehicle) : mission::Airframe::quadrotor);
}

Expected<std::string> exported(const ExportOptions& options) {
  const auto text = read_input(options.route);
  if (!text) return Unexpected(text.error());
  auto route = planner::parse_route(*text);
  if (!route) {
    Error error = route.error();
    error.where = options.route + (error.where.empty() ? "" : ": " + error.where);
    return Unexpected(std::move(error));
  }
  if (route->status != planner::RouteStatus::ok) {
    return fail(ErrorCode::bad_request, fmt::format("its status is {}: there is no path", name(route->status)),
                options.route);
  }
  if (!options.region.empty()) {
    const auto manifest = maps::read_region_manifest(options.region);
    if (!manifest) return Unexpected(manifest.error());
    const auto& datum = manifest->ellipsoid_minus_datum_m;
    if (route->ellipsoid_minus_datum_m && datum && std::abs(*route->ellipsoid_minus_datum_m - *datum) > 1e-6) {
      return fail(ErrorCode::bad_request,
                  fmt::format("its ellipsoid_minus_datum_m = {} is not the region's, {}",
                              *route->ellipsoid_minus_datum_m, *datum),
                  options.route);
    }
    route->ellipsoid_minus_datum_m = datum ? datum : route->ellipsoid_minus_datum_m;
  }
  if (const auto ok = judge_all(*route, options); !ok) return Unexpected(ok.error());
  const std::string& format = options.format;
  if (format == "geojson") return route_geojson(*route);
  if (format == "csv") return route_csv(*route);
  if (format == "gpx") return route_gpx(*route);
  if (format == "svg") return route_sketch_svg(*route);
  if (options.is_mission()) return exported_mission(*route, options);
  if (!route->ellipsoid_minus_datum_m) {
    return fail(ErrorCode::value_invalid,
                fmt::format("{} needs heights above the ellipsoid, and the route's region does not state "
                            "ellipsoid_minus_datum_m",
                            format),
                options.route);
  }
  return format == "kml" ? route_kml(*route) : route_czml(*route);
}

int run(const ExportOptions& options, const Globals& globals) {
  const auto text = exported(options);
  if (!text) return report(text.error(), globals);
  if (options.out.empty()) {
    fmt::print("{}", *text);
    return 0;
  }
  const auto written = write_whole(options.out, *text);
  return written ? 0 : report(written.error(), globals);
}

}  // namespace

void add_export(CLI::App& app, VerbContext context) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* verb = app.add_subcommand("export", "A route in the format of another program or of an autopilot");
  verb->add_option("route", options->route, "A route; - is standard input")->required();
  verb->add_option("--format", options->format, "geojson, kml, gpx, czml, csv, svg, qgc-plan or waypoints")
      ->required()
      ->check(CLI::IsMember({"geojson", "kml", "gpx", "czml", "csv", "svg", "qgc-plan", "waypoints"}));
  verb->add_option("--out", options->out, "File to write instead of standard output");
  verb->add_option("--region", options->region,
                   "The region's region.toml: for its datum, and for the referee, who judges the route");
  verb->add_option("--zones", options->zones, "Live zones that the route was planned with (swiftlet.live_zones/1)")
      ->needs("--region");
  verb->add_option("--tolerance-m", options->tolerance_m,
                   "Missions: how far the path may be from the route's own; more than 0.01 is judged again")
      ->check(FiniteRange(0.0, 10.0));
  verb->callback([options, context] { context.exit_status = run(*options, context.globals); });
}

}  // namespace swiftlet::tools
