#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "maps/airspace_store.hpp"
#include "maps/referee/referee.hpp"
#include "sim/fleet/city_day.hpp"
#include "sim/report/study_report.hpp"
#include "tools/simulate/fleet_sweep.hpp"
#include "tools/simulate/run_watch.hpp"
#include "tools/simulate/simulate_verbs.hpp"
#include "tools/simulate/zoned_planners.hpp"
#include "tools/written_file.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

constexpr int kTrackEvery_s = 5;

struct FleetArguments {
  std::string scenario;
  std::string airspace;
  std::string log;
  std::string csv;
  std::string html;
  std::string tracks;
  std::string czml;
  std::string routes;
  SweepArguments sweep;
};

/// The routes that a directory keeps from day to day, if one is given: read before anything is run, and written after.
class KeptRoutes {
 public:
  [[nodiscard]] Expected<void> open(const std::string& directory, const std::string& airspace_hash) {
    if (directory.empty()) return {};
    return store_.emplace().open(directory, airspace_hash);
  }
  [[nodiscard]] sim::RouteStore* get() { return store_ ? &*store_ : nullptr; }
  [[nodiscard]] Expected<void> save() {
    if (!store_) return {};
    for (const Error& damage : store_->damages()) fmt::print(stderr, "swiftlet: warning: {}\n", describe(damage));
    return store_->save();
  }

 private:
  std::optional<sim::RouteStore> store_;
};

void print(const ordered_json& out) {
  const auto& orders = out["orders"];
  fmt::print("{}: {} orders placed, {} accepted, {} lost\n", out["scenario"].get<std::string>(),
             orders["placed"].get<int>(), orders["accepted"].get<int>(), orders["lost"].get<int>());
  for (const auto& [state, count] : orders["ended"].items()) fmt::print("  {:<12} {}\n", state, count.get<int>());
  for (const auto& [code, count] : orders["refused"].items())
    fmt::print("  refused: {} × {}\n", count.get<int>(), code);
  const auto& time = orders["delivery_time_s"];
  fmt::print("  delivery: mean {:.0f} s, P90 {:.0f} s; within the promised 90 % interval {:.1f} %\n",
             time["mean"].get<double>(), time["p90"].get<double>(),
             100.0 * orders["promise_kept_90_share"].get<double>());
  fmt::print("  promised: P95 of the error {:.0f} s, mean width of the 90 % interval {:.0f} s\n",
             orders["promise_error_s"]["p95"].get<double>(), orders["promise_width_90_s"].get<double>());
  fmt::print("  {:<18} {:>8} {:>8} {:>8} {:>8} {:>10} {:>10}\n", "ETA, time to go", "samples", "bias s", "P50 s",
             "P90 s", "80 % holds", "90 % holds");
  const auto print_eta = [](const ordered_json& line, const char* key) {
    if (line["samples"] == 0) return;
    fmt::print("  {:<18} {:>8} {:>8.1f} {:>8.1f} {:>8.1f} {:>9.1f}% {:>9.1f}%\n", line[key].get<std::string>(),
               line["samples"].get<std::size_t>(), line["bias_s"].get<double>(), line["p50_s"].get<double>(),
               line["p90_s"].get<double>(), 100.0 * line["covered_80"].get<double>(),
               100.0 * line["covered_90"].get<double>());
  };
  for (const auto& line : out["eta"]) print_eta(line, "horizon");
  for (const auto& line : out["eta_by_stage"]) print_eta(line, "stage");
  const auto& fleet = out["fleet"];
  fmt::print("  {} drones, {:.1f} flight hours ({:.1f} % of the time in the air), {:.0f} Wh, {} swaps, {} came down\n",
             fleet["drones"].get<int>(), fleet["flight_hours"].get<double>(),
             100.0 * fleet["in_air_share"].get<double>(), fleet["energy_wh"].get<double>(),
             fleet["battery_swaps"].get<int>(), fleet["came_down"].get<int>());
  fmt::print("  {} intrusions ({:.4f} a flight hour)\n", out["separation"]["intrusions"].get<int>(),
             out["separation"]["intrusions_per_flight_hour"].get<double>());
  for (const auto& line : out["service"]["broken_invariants"]) fmt::print("  BROKEN: {}\n", line.get<std::string>());
  fmt::print("  log {} of {} records\n", out["log"]["hash"].get<std::string>(), out["log"]["records"].get<int>());
  const auto& wall = out["wall"];
  fmt::print("  {:.0f} s in {:.1f} s: motion {:.1f}, core {:.1f}, planning {:.1f} ({} routes, {} remembered)\n",
             out["simulated_s"].get<double>(), wall["total_s"].get<double>(), wall["motion_s"].get<double>(),
             wall["core_s"].get<double>(), wall["planning_s"].get<double>(), out["routes"]["planned"].get<int>(),
             out["routes"]["remembered"].get<int>());
}

Expected<void> write_tracks(const FleetArguments& arguments, const sim::Scenario& scenario,
                            const sim::RehearsedDay& day, const sim::FleetOutcome& outcome,
                            const geo::Airspace& airspace) {
  std::vector<std::string> names;
  for (const auto& drone : day.config.drones) names.push_back(drone.id);
  if (!arguments.tracks.empty()) {
    auto written = write_whole(arguments.tracks, sim::tracks_ndjson(outcome.tracks, names));
    if (!written) return written;
  }
  if (arguments.czml.empty()) return {};
  const auto czml = sim::tracks_czml(outcome.tracks, names, airspace, scenario.begin, outcome.simulated_s);
  if (!czml) return Unexpected(czml.error());
  return write_whole(arguments.czml, *czml);
}

int simulate_fleet(const FleetArguments& arguments, const Globals& globals) {
  if (!arguments.sweep.shard.empty() && arguments.sweep.sweeps.empty()) {
    return report({.code = ErrorCode::usage, .message = "only a sweep has shards: give --sweep", .where = "--shard"},
                  globals);
  }
  for (const std::string* file : {&arguments.html, &arguments.csv, &arguments.tracks, &arguments.czml}) {
    if (file->empty()) continue;
    if (const auto may = may_be_written(*file); !may) return report(may.error(), globals);
  }
  const auto scenario = sim::read_scenario(arguments.scenario);
  if (!scenario) return report(scenario.error(), globals);
  const auto airspace = maps::load_airspace(arguments.airspace);
  if (!airspace) return report(airspace.error(), globals);
  const auto day = sim::set_up_day(*scenario, *airspace, globals.seed);
  if (!day) return report(day.error(), globals);
  const auto referee = maps::load_referee(arguments.airspace);
  if (!referee) return report(referee.error(), globals);
  const planner::Planner planner(*airspace, *referee);
  KeptRoutes routes;
  if (const auto opened = routes.open(arguments.routes, (*airspace)->hash); !opened) {
    return report(opened.error(), globals);
  }
  if (!arguments.sweep.sweeps.empty()) {
    const auto status = sweep_fleet(arguments.scenario, arguments.sweep, planner, routes.get(), globals);
    if (const auto saved = routes.save(); !saved && status) return report(saved.error(), globals);
    return status ? *status : report(status.error(), globals);
  }
  RunWatch watch("simulate fleet", globals.log_level == "error");
  watch.begin(static_cast<std::size_t>(scenario->duration_s()));
  const unsigned threads =
      globals.threads > 0 ? static_cast<unsigned>(globals.threads) : std::max(1U, std::thread::hardware_concurrency());
  const auto outcome =
      sim::rehearse_day(*scenario, *day, planner,
                        {.seed = globals.seed,
                         .threads = threads,
                         .log_file = arguments.log,
                         .track_every_s = arguments.tracks.empty() && arguments.czml.empty() ? 0 : kTrackEvery_s,
                         .stop = &watch.stop(),
                         .progress = [&](double simulated_s) { watch.done(static_cast<std::size_t>(simulated_s)); },
                         .planner_with_zones = zoned_planners(*airspace, *referee, arguments.scenario),
                         .routes = routes.get()});
  if (!outcome) return report(outcome.error(), globals);
  const ordered_json out = sim::fleet_json(*scenario, *day, *outcome, globals.seed, SWIFTLET_VERSION);
  if (!arguments.csv.empty()) {
    if (const auto written = write_whole(arguments.csv, sim::fleet_csv(*day, *outcome)); !written) {
      return report(written.error(), globals);
    }
  }
  if (const auto written = write_tracks(arguments, *scenario, *day, *outcome, **airspace); !written) {
    return report(written.error(), globals);
  }
  if (!arguments.html.empty()) {
    const sim::Reproduction again{.version = SWIFTLET_VERSION,
                                  .command = fmt::format("swiftlet simulate fleet {} --airspace {} --seed {}",
                                                         arguments.scenario, arguments.airspace, globals.seed),
                                  .seed = globals.seed};
    const auto page = sim::fleet_html(*scenario, *day, *outcome, out, again);
    if (const auto written = write_whole(arguments.html, page); !written) return report(written.error(), globals);
  }
  if (globals.json) {
    fmt::print("{}\n", out.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  } else {
    print(out);
  }
  if (const auto saved = routes.save(); !saved) return report(saved.error(), globals);
  if (watch.interrupted()) return traits(ErrorCode::interrupted).exit_status;
  return outcome->broken_invariants.empty() ? 0 : 1;
}

}  // namespace

void add_simulate_fleet(CLI::App& simulate, VerbContext context) {
  const auto a = std::make_shared<FleetArguments>();
  CLI::App* verb =
      simulate.add_subcommand("fleet", "A whole day under the very dispatch core: orders, drones, weather, faults");
  verb->add_option("scenario", a->scenario, "SCENARIO.toml; sim/scenarios has some")->required();
  verb->add_option("--airspace", a->airspace, "Compiled airspace directory")->required();
  verb->add_option("--log", a->log, "File for the core's records, one JSON object a line");
  verb->add_option("--html", a->html, "File for a report: one page that loads nothing");
  verb->add_option("--tracks", a->tracks, "File for where everything in the air was every 5 s, one JSON object a line");
  verb->add_option("--czml", a->czml, "File with the same for Cesium");
  verb->add_option("--sweep", a->sweep.sweeps,
                   "SECTION.KEY=FROM..TO:COUNT, may be repeated: a day for every combination, instead of one");
  verb->add_option("--out", a->sweep.out, "Directory of a sweep's results; what is there is not run again");
  verb->add_option("--shard", a->sweep.shard,
                   "I/N: only every N-th point, beginning with the I-th; shards share --out");
  verb->add_option("--csv", a->csv, "File for a line an order");
  verb->add_option("--routes", a->routes,
                   "Directory that keeps proven routes from day to day; results are the same with and without it");
  verb->callback([=] { context.exit_status = simulate_fleet(*a, context.globals); });
}

}  // namespace swiftlet::tools
