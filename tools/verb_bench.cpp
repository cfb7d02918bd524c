#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tools/bench/dispatch_bench.hpp"
#include "tools/bench/plan_bench.hpp"
#include "tools/bench/sim_bench.hpp"
#include "tools/bench/traffic_bench.hpp"
#include "tools/verb.hpp"

namespace swiftlet::tools {

namespace {

void tell(const Expected<FigureSheet>& sheet, std::uint64_t seed, const VerbContext& context) {
  if (!sheet) {
    context.exit_status = report(sheet.error(), context.globals);
  } else if (context.globals.json) {
    fmt::print("{}\n", sheet->to_json(seed).dump());
  } else {
    fmt::print("{}", sheet->table());
  }
}

void add_dispatch(CLI::App& bench, const VerbContext& context) {
  const auto options = std::make_shared<DispatchBenchOptions>();
  options->region = SWIFTLET_SOURCE_DIR "/maps/regions/harbour/region.toml";
  CLI::App* verb = bench.add_subcommand("dispatch", "The service under load: durable orders, saturation, restart");
  verb->add_option("--region", options->region, "A region.toml or a compiled airspace; the bundled one if left out");
  verb->add_option("--orders-per-s", options->orders_per_s, "Offered, open loop")->capture_default_str();
  verb->add_option("--seconds", options->seconds, "Of steady load")->capture_default_str()->check(CLI::Range(1, 3600));
  verb->add_option("--merchants", options->merchants, "At once")->capture_default_str()->check(CLI::Range(1, 1000));
  verb->add_flag("--full", options->full, "60 s of steady load, as the bar is stated");
  verb->callback([=] {
    options->seed = context.globals.seed;
    tell(bench_dispatch(*options), options->seed, context);
  });
}

void add_traffic(CLI::App& bench, const VerbContext& context) {
  const auto options = std::make_shared<TrafficBenchOptions>();
  CLI::App* verb = bench.add_subcommand("traffic", "Deconfliction: a new flight against live reservations");
  verb->add_option("--reservations", options->reservations, "Flights in the air or about to leave")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  verb->callback([=] {
    options->seed = context.globals.seed;
    tell(bench_traffic(*options), options->seed, context);
  });
}

}  // namespace

void add_bench(CLI::App& app, VerbContext context) {
  CLI::App* bench = app.add_subcommand("bench", "Measure against the bars that were asked for");
  bench->require_subcommand(1);
  const auto options = std::make_shared<PlanBenchOptions>();
  options->ceilings_agl_m = {120.0, 50.0, 40.0, 35.0};
  CLI::App* plan = bench->add_subcommand("plan", "Planning: time, cost, bounds, proofs");
  plan->add_option("--region", options->regions,
                   "NAME=REGION.toml; may be repeated; the bundled one and Lyon if left out");
  plan->add_option("--ceiling", options->ceilings_agl_m, "max_height_agl_m; may be repeated")->capture_default_str();
  plan->add_option("--hard", options->hard_count, "Requests a ceiling that are blocked on the straight line");
  plan->add_option("--any", options->any_count, "Requests a ceiling of any kind");
  plan->add_option("--against", "ompl: OMPL's planners in the same run")
      ->check(CLI::IsMember({"ompl"}))
      ->each([options](const std::string&) { options->against_ompl = true; });
  plan->add_flag("--full", options->full, "The long campaign; makes the stored references anew");
  plan->add_option("--reference-s", options->reference_s, "Seconds of each search that a reference takes (full run)");
  plan->add_option("--reference-count", options->reference_count, "References a region and ceiling (full run)");
  plan->add_option("--references", options->references,
                   "File of references; tests/reference/plan_best_known.json if left out");
  plan->callback([=] {
    options->seed = context.globals.seed;
    tell(bench_plan(*options), options->seed, context);
  });
  add_dispatch(*bench, context);
  add_traffic(*bench, context);

  const auto sim_options = std::make_shared<SimBenchOptions>();
  CLI::App* sim = bench->add_subcommand("sim", "Simulation: drones in flight against the clock, route study, days");
  sim->add_option("--region", sim_options->region, "REGION.toml; the bundled one if left out");
  sim->add_flag("--full", sim_options->full, "The leader's day too, with no route known and with its routes kept");
  sim->callback([=] {
    sim_options->seed = context.globals.seed;
    if (context.globals.threads > 0) sim_options->threads = static_cast<unsigned>(context.globals.threads);
    tell(bench_sim(*sim_options), sim_options->seed, context);
  });
}

}  // namespace swiftlet::tools
