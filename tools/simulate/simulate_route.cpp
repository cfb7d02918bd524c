#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "maps/airspace_store.hpp"
#include "maps/referee/referee.hpp"
#include "planner/planner.hpp"
#include "planner/route_json.hpp"
#include "sim/report/study_report.hpp"
#include "sim/route/study_json.hpp"
#include "tools/finite_range.hpp"
#include "tools/input_file.hpp"
#include "tools/number_arguments.hpp"
#include "tools/plan_arguments.hpp"
#include "tools/simulate/route_rehearsal.hpp"
#include "tools/simulate/run_watch.hpp"
#include "tools/simulate/simulate_verbs.hpp"
#include "tools/written_file.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

struct StudyArguments {
  PlanArguments plan;
  std::vector<std::string> routes;
  std::vector<std::string> vehicles;
  std::size_t runs = 1000;
  std::vector<std::string> criteria;
  std::string wind_profile = "region";
  std::string csv;
  std::string html;
  bool compare = false;  ///< said for clearness: several are compared in any case
  sim::StudyConditions conditions;
};

class RouteStudyRun {
 public:
  RouteStudyRun(const StudyArguments& arguments, const Globals& globals) : arguments_(arguments), globals_(globals) {}

  int run() {
    for (const std::string* file : {&arguments_.html, &arguments_.csv}) {
      if (file->empty()) continue;
      if (const auto may = may_be_written(*file); !may) return report(may.error(), globals_);
    }
    RunWatch watch("simulate route", globals_.log_level == "error");
    if (const auto ready = prepare(); !ready) return report(ready.error(), globals_);
    if (watch.interrupted()) return traits(ErrorCode::interrupted).exit_status;
    const unsigned threads = globals_.threads > 0 ? static_cast<unsigned>(globals_.threads)
                                                  : std::max(1U, std::thread::hardware_concurrency());
    watch.begin(arguments_.runs * candidates_.size());
    std::vector<const RehearsedRoute*> done;
    for (std::size_t k = 0; k < candidates_.size() && !watch.interrupted(); ++k) {
      RehearsedRoute& one = candidates_[k];
      const sim::StudyOptions options{.runs = arguments_.runs,
                                      .seed = globals_.seed,
                                      .threads = threads,
                                      .conditions = conditions_,
                                      .stop = &watch.stop(),
                                      .progress = [&](std::size_t runs) { watch.done(k * arguments_.runs + runs); }};
      one.runs = sim::study_route(*airspace_, one.route, one.vehicle, options);
      one.summary = sim::sum_up(one.route, one.vehicle, one.runs, criteria_);
      done.push_back(&one);
    }
    const double wall_s = watch.seconds();
    bool good = true;
    for (const RehearsedRoute* one : done) good = good && one->summary.good();
    if (!arguments_.csv.empty() && !done.empty()) {
      if (const auto written = write_whole(arguments_.csv, sim::study_csv(done.front()->runs)); !written) {
        return report(written.error(), globals_);
      }
    }
    if (!arguments_.html.empty() && !done.empty()) {
      const sim::Reproduction again{.version = SWIFTLET_VERSION, .command = command(), .seed = globals_.seed};
      const RehearsedRoute& first = *done.front();
      const auto page = sim::study_html(*airspace_, first.route, first.runs, first.summary, again);
      if (const auto written = write_whole(arguments_.html, page); !written) return report(written.error(), globals_);
    }
    const ordered_json out = rehearsal_json(*airspace_, done,
                                            {.conditions = conditions_,
                                             .seed = globals_.seed,
                                             .runs_asked = arguments_.runs,
                                             .complete = !watch.interrupted(),
                                             .wall_s = wall_s});
    if (globals_.json) {
      fmt::print("{}\n", out.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    } else {
      for (const RehearsedRoute* one : done) print(*one);
      for (const ordered_json& one : out["comparisons"]) {
        fmt::print("study {} against 0: {:+.2f} ± {:.2f} s, {:+.2f} ± {:.2f} Wh (mean of pairs, 95 %)\n",
                   one["study"].get<int>(), one["time_s"]["mean"].get<double>(),
                   one["time_s"]["half_width_95"].get<double>(), one["energy_wh"]["mean"].get<double>(),
                   one["energy_wh"]["half_width_95"].get<double>());
      }
      const std::size_t runs = done.empty() ? 0 : done.back()->runs.size();
      fmt::print("{} of {} runs each in {:.2f} s, seed {}\n", runs, arguments_.runs, wall_s, globals_.seed);
    }
    if (watch.interrupted()) return traits(ErrorCode::interrupted).exit_status;
    return good || arguments_.criteria.empty() ? 0 : traits(ErrorCode::unreachable).exit_status;
  }

 private:
  Expected<void> prepare() {
    criteria_ = sim::usual_criteria();
    for (const std::string& text : arguments_.criteria) {
      const auto equals = text.find('=');
      const auto limit =
          equals == std::string::npos ? std::nullopt : number_in(std::string_view(text).substr(equals + 1));
      if (!limit) return fail(ErrorCode::usage, fmt::format("{} must be KEY=NUMBER", text), "--criteria");
      if (auto set = sim::set_criterion(criteria_, text.substr(0, equals), *limit); !set) {
        return Unexpected(set.error());
      }
    }
    if (!arguments_.routes.empty() && !(arguments_.plan.from.empty() && arguments_.plan.to.empty())) {
      return fail(ErrorCode::usage, "a ROUTE.json has its own ends: give either routes, or --from and --to", "--from");
    }
    auto airspace = maps::load_airspace(arguments_.plan.airspace);
    if (!airspace) return Unexpected(airspace.error());
    airspace_ = *airspace;
    const auto defaults = request_defaults(arguments_.plan, *airspace_);
    if (!defaults) return Unexpected(defaults.error());
    conditions_ = arguments_.conditions;
    conditions_.forecast = defaults->wind.value_or(airspace_->wind);
    const auto profile = sim::wind_profile_named(arguments_.wind_profile, airspace_->wind_field.profile());
    if (!profile) return Unexpected(profile.error());
    conditions_.profile = *profile;
    conditions_.profile.at_height_m = conditions_.forecast.at_height_m;
    if (auto found = arguments_.routes.empty() ? plan_candidates(*defaults) : read_candidates(); !found) return found;
    for (const RehearsedRoute& one : candidates_) {
      if (conditions_.payload_kg <= one.vehicle.max_payload_kg) continue;
      return fail(ErrorCode::payload_too_heavy,
                  fmt::format("{:g} kg; {} carries at most {:g}", conditions_.payload_kg, one.vehicle.name,
                              one.vehicle.max_payload_kg),
                  "--payload");
    }
    return {};
  }

  Expected<void> plan_candidates(const planner::PlanRequest& defaults) {
    const auto line = single_request(arguments_.plan);
    if (!line) return Unexpected(line.error());
    auto parsed = planner::parse_plan_request(*line, defaults);
    if (!parsed) return Unexpected(parsed.error());
    const auto referee = maps::load_referee(arguments_.plan.airspace);
    if (!referee) return Unexpected(referee.error());
    const planner::Planner planner(airspace_, *referee);
    for (const std::string& name : vehicles()) {
      const auto vehicle = planner::load_vehicle(name);
      if (!vehicle) return Unexpected(vehicle.error());
      planner::PlanRequest request = parsed->request;
      request.payload_kg = std::min(conditions_.payload_kg, vehicle->max_payload_kg);
      request.wind = conditions_.forecast;
      planner::Route route = planner.plan(request, *vehicle);
      if (route.status != planner::RouteStatus::ok) {
        return Unexpected(route.error.value_or(Error{.code = ErrorCode::internal, .message = "no route"}));
      }
      candidates_.push_back({.route = std::move(route), .vehicle = *vehicle, .runs = {}, .summary = {}});
    }
    return {};
  }

  Expected<void> read_candidates() {
    for (const std::string& file : arguments_.routes) {
      const auto text = read_input(file);
      if (!text) return Unexpected(text.error());
      const auto route = flyable_route(*text, *airspace_, file);
      if (!route) return Unexpected(route.error());
      const auto names = arguments_.vehicles.empty() ? std::vector{route->vehicle} : vehicles();
      for (const std::string& name : names) {
        const auto vehicle = planner::load_vehicle(name);
        if (!vehicle) return Unexpected(vehicle.error());
        candidates_.push_back({.route = *route, .vehicle = *vehicle, .runs = {}, .summary = {}});
      }
    }
    return {};
  }

  [[nodiscard]] std::vector<std::string> vehicles() const {
    return arguments_.vehicles.empty() ? std::vector<std::string>{"courier-4"} : arguments_.vehicles;
  }

  [[nodiscard]] std::string command() const {
    std::string line = fmt::format("swiftlet simulate route --airspace {}", arguments_.plan.airspace);
    for (const std::string& route : arguments_.routes) line += " " + route;
    if (!arguments_.plan.from.empty())
      line += fmt::format(" --from {} --to {}", arguments_.plan.from, arguments_.plan.to);
    for (const std::string& vehicle : arguments_.vehicles) line += " --vehicle " + vehicle;
    return line +
           fmt::format(" --runs {} --payload {:g} --wind {:g},{:g} --seed {}", arguments_.runs, conditions_.payload_kg,
                       conditions_.forecast.speed_m_s, conditions_.forecast.from_deg, globals_.seed) +
           (arguments_.wind_profile == "region" ? "" : " --wind-profile " + arguments_.wind_profile);
  }

  static void print(const RehearsedRoute& c) {
    const sim::StudySummary& s = c.summary;
    const auto line = [](const char* what, const sim::Distribution& d) {
      fmt::print("  {:<22} mean {:9.2f}  p01 {:9.2f}  p50 {:9.2f}  p90 {:9.2f}  p99 {:9.2f}\n", what, d.mean, d.p01,
                 d.p50, d.p90, d.p99);
    };
    fmt::print("{} with {}: {:.0f} m, predicted {:.1f} s and {:.1f} Wh, {} runs\n", c.route.id, c.vehicle.name,
               c.route.length_m, c.route.duration_s, c.route.energy_wh, s.runs);
    if (s.failed == s.runs) {
      for (const auto& [end, count] : s.failures) fmt::print("  failed: {} × {}\n", count, sim::name(end));
      fmt::print("  no run arrived: there is nothing to measure\n  verdict: not good\n");
      return;
    }
    line("time s", s.time_s);
    line("flown − predicted s", s.time_error_s);
    line("energy Wh", s.energy_wh);
    line("flown − predicted Wh", s.energy_error_wh);
    line("left at touchdown Wh", s.left_wh);
    line("clearance margin m", s.margin_m);
    line("distance in space m", s.distance_m);
    line("off the path m", s.off_path_m);
    for (const auto& [end, count] : s.failures) fmt::print("  failed: {} × {}\n", count, sim::name(end));
    for (const sim::Sensitivity& one : s.sensitivities) {
      fmt::print("  {:<20} explains {:4.0f} % of time, {:4.0f} % of energy\n", one.input, 100.0 * one.time_index,
                 100.0 * one.energy_index);
    }
    for (const sim::Criterion& one : s.criteria) {
      fmt::print("  {:<24} {:10.4f} {} {:g}: {}\n", one.key, one.value, one.at_most ? "at most" : "at least", one.limit,
                 one.holds() ? "holds" : "DOES NOT HOLD");
    }
    fmt::print("  verdict: {}\n", s.good() ? "good" : "not good");
  }

  const StudyArguments& arguments_;
  const Globals& globals_;
  geo::AirspacePtr airspace_;
  std::vector<RehearsedRoute> candidates_;
  std::vector<sim::Criterion> criteria_;
  sim::StudyConditions conditions_;
};

}  // namespace

void add_simulate_route(CLI::App& simulate, VerbContext context) {
  const auto a = std::make_shared<StudyArguments>();
  CLI::App* verb = simulate.add_subcommand("route", "One route, thousands of runs: times, energy, clearance, verdict");
  verb->add_option("routes", a->routes, "ROUTE.json; several are compared with the first, run by run");
  verb->add_option("--airspace", a->plan.airspace, "Compiled airspace directory")->required();
  verb->add_option("--from", a->plan.from, "LON,LAT or pad:ID, where no ROUTE.json is given");
  verb->add_option("--to", a->plan.to, "LON,LAT or pad:ID");
  verb->add_option("--depart", a->plan.depart, "Departure, RFC 3339; now if left out");
  verb->add_option("--objective", a->plan.objective, "time, energy or length");
  verb->add_option("--policy", a->plan.policy, "KEY=VALUE, overrides the region's policy; may be repeated");
  verb->add_option("--vehicle", a->vehicles, "Profile by name or file; several are compared with the first");
  verb->add_option("--runs", a->runs, "How many")->check(CLI::Range(1, 10'000'000))->capture_default_str();
  verb->add_option("--wind", a->plan.wind, "What the planner saw: SPEED_M_S,FROM_DEG; the region's if left out");
  verb->add_option("--wind-profile", a->wind_profile,
                   "How it grows with height: region (as planners reckon), constant, log or power")
      ->capture_default_str();
  const auto condition = [&](const char* option, std::string_view key, const char* text) {
    const sim::ConditionField& field = *sim::find_condition(key);
    verb->add_option(option, a->conditions.*field.member, text)
        ->check(FiniteRange(field.min, field.max))
        ->capture_default_str();
  };
  condition("--wind-error", "wind_error_m_s", "Error of an old forecast, each axis, m/s");
  condition("--gust-spread", "gust_spread", "Spread of the gusts' strength (of its logarithm)");
  condition("--payload", "payload_kg", "Planned payload, kg");
  condition("--payload-error", "payload_error_kg", "Spread of the true payload, kg");
  condition("--ageing", "ageing_most", "Packs have lost up to this share of their capacity");
  condition("--temperature", "temperature_deg_c", "Of the packs, degrees Celsius");
  condition("--departure-window", "departure_window_s", "Departures lie evenly in it, s");
  verb->add_option("--criteria", a->criteria,
                   "KEY=LIMIT, may be repeated: failed_share, reserve_used_share, time_bias_s, time_error_p90_s, "
                   "energy_error_p90_share, least_distance_m, margin_p01_m, terminal_drift_p99_m. With any given, exit "
                   "status 4 where the verdict is not good");
  verb->add_option("--html", a->html, "File for a report of the first route: one page that loads nothing");
  verb->add_option("--csv", a->csv, "File for a line a run (of the first route)");
  verb->add_flag("--compare", a->compare, "Several routes or vehicles are compared in any case; for clearness' sake");
  verb->callback([=] { context.exit_status = RouteStudyRun(*a, context.globals).run(); });
}

}  // namespace swiftlet::tools
