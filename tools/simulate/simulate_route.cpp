#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

#include "maps/airspace_store.hpp"
#include "maps/referee/referee.hpp"
#include "planner/planner.hpp"
#include "planner/route_json.hpp"
#include "sim/report/study_report.hpp"
#include "sim/route/route_study.hpp"
#include "sim/route/study_json.hpp"
#include "sim/route/study_verdict.hpp"
#include "tools/number_arguments.hpp"
#include "tools/plan_arguments.hpp"
#include "tools/simulate/run_watch.hpp"
#include "tools/simulate/simulate_verbs.hpp"
#include "tools/simulate/written_file.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

struct StudyArguments {
  PlanArguments plan;
  std::vector<std::string> routes;
  std::vector<std::string> vehicles;
  std::size_t runs = 1000;
  std::vector<std::string> criteria;
  std::string wind_profile = "constant";
  std::string csv;
  std::string html;
  bool compare = false;  ///< said for clearness: several are compared in any case
  sim::StudyConditions conditions;
};

/// One route with the vehicle that flies it.
struct Candidate {
  planner::Route route;
  planner::VehicleProfile vehicle;
};

class RouteStudyRun {
 public:
  RouteStudyRun(const StudyArguments& arguments, const Globals& globals) : arguments_(arguments), globals_(globals) {}

  int run() {
    RunWatch watch("simulate route", globals_.log_level == "error");
    if (const auto ready = prepare(); !ready) return report(ready.error(), globals_);
    if (watch.interrupted()) return traits(ErrorCode::interrupted).exit_status;
    const unsigned threads = globals_.threads > 0 ? static_cast<unsigned>(globals_.threads)
                                                  : std::max(1U, std::thread::hardware_concurrency());
    watch.begin(arguments_.runs * candidates_.size());
    ordered_json studies = ordered_json::array();
    ordered_json comparisons = ordered_json::array();
    std::vector<std::vector<sim::RunResult>> all;
    std::vector<sim::StudySummary> summaries;
    for (std::size_t k = 0; k < candidates_.size() && !watch.interrupted(); ++k) {
      const Candidate& candidate = candidates_[k];
      sim::StudyOptions options{.runs = arguments_.runs,
                                .seed = globals_.seed,
                                .threads = threads,
                                .conditions = conditions_,
                                .stop = &watch.stop(),
                                .progress = [&](std::size_t done) { watch.done(k * arguments_.runs + done); }};
      all.push_back(sim::study_route(*airspace_, candidate.route, candidate.vehicle, options));
      summaries.push_back(sim::sum_up(candidate.route, candidate.vehicle, all.back(), criteria_));
      studies.push_back(sim::study_json(*airspace_, candidate.route, conditions_, summaries.back()));
      if (k > 0) comparisons.push_back(sim::comparison_json(sim::compare(all.front(), all.back()), k));
    }
    const double wall_s = watch.seconds();
    bool good = true;
    for (const sim::StudySummary& summary : summaries) good = good && summary.good();
    if (!arguments_.csv.empty()) {
      if (const auto written = write_whole(arguments_.csv, sim::study_csv(all.front())); !written) {
        return report(written.error(), globals_);
      }
    }
    if (!arguments_.html.empty() && !summaries.empty()) {
      const sim::Reproduction again{.version = SWIFTLET_VERSION, .command = command(), .seed = globals_.seed};
      const auto page = sim::study_html(*airspace_, candidates_.front().route, all.front(), summaries.front(), again);
      if (const auto written = write_whole(arguments_.html, page); !written) return report(written.error(), globals_);
    }
    if (globals_.json) {
      const ordered_json out{{"schema", "swiftlet.simulate_route/1"},
                             {"airspace", {{"name", airspace_->name}, {"hash", airspace_->hash}}},
                             {"seed", globals_.seed},
                             {"runs_asked", arguments_.runs},
                             {"complete", !watch.interrupted()},
                             {"studies", studies},
                             {"comparisons", comparisons},
                             {"reproduction", {{"version", SWIFTLET_VERSION}, {"seed", globals_.seed}}},
                             {"wall_s", wall_s}};
      fmt::print("{}\n", out.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    } else {
      for (std::size_t k = 0; k < summaries.size(); ++k) print(candidates_[k], summaries[k]);
      for (const ordered_json& one : comparisons) {
        fmt::print("study {} against 0: {:+.2f} ± {:.2f} s, {:+.2f} ± {:.2f} Wh (mean of pairs, 95 %)\n",
                   one["study"].get<int>(), one["time_s"]["mean"].get<double>(),
                   one["time_s"]["half_width_95"].get<double>(), one["energy_wh"]["mean"].get<double>(),
                   one["energy_wh"]["half_width_95"].get<double>());
      }
      fmt::print("{} runs each in {:.2f} s, seed {}\n", arguments_.runs, wall_s, globals_.seed);
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
    const auto law = sim::wind_law(arguments_.wind_profile);
    if (!law) return Unexpected(law.error());
    conditions_.profile.law = *law;
    return arguments_.routes.empty() ? plan_candidates(*defaults) : read_candidates();
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
      candidates_.push_back({.route = std::move(route), .vehicle = *vehicle});
    }
    return {};
  }

  Expected<void> read_candidates() {
    for (const std::string& file : arguments_.routes) {
      std::ifstream in(file, std::ios::binary);
      if (!in || std::filesystem::is_directory(file)) return fail(ErrorCode::file_not_found, "cannot be read", file);
      auto route = planner::parse_route(std::string(std::istreambuf_iterator<char>(in), {}));
      if (!route) {
        Error error = route.error();
        error.where = error.where.empty() ? file : file + ": " + error.where;
        return Unexpected(std::move(error));
      }
      if (route->status != planner::RouteStatus::ok || route->waypoints.size() < 2) {
        return fail(ErrorCode::value_invalid, "is no route that can be flown: its status is not ok", file);
      }
      if (route->airspace_hash != airspace_->hash) {
        return fail(ErrorCode::value_invalid,
                    fmt::format("was proven on airspace {}, this one is {}", route->airspace_hash, airspace_->hash),
                    file);
      }
      const auto names = arguments_.vehicles.empty() ? std::vector{route->vehicle} : vehicles();
      for (const std::string& name : names) {
        const auto vehicle = planner::load_vehicle(name);
        if (!vehicle) return Unexpected(vehicle.error());
        candidates_.push_back({.route = *route, .vehicle = *vehicle});
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
    return line + fmt::format(" --runs {} --payload {:g} --wind {:g},{:g} --seed {}", arguments_.runs,
                              conditions_.payload_kg, conditions_.forecast.speed_m_s, conditions_.forecast.from_deg,
                              globals_.seed);
  }

  static void print(const Candidate& c, const sim::StudySummary& s) {
    const auto line = [](const char* what, const sim::Distribution& d) {
      fmt::print("  {:<22} mean {:9.2f}  p01 {:9.2f}  p50 {:9.2f}  p90 {:9.2f}  p99 {:9.2f}\n", what, d.mean, d.p01,
                 d.p50, d.p90, d.p99);
    };
    fmt::print("{} with {}: {:.0f} m, predicted {:.1f} s and {:.1f} Wh, {} runs\n", c.route.id, c.vehicle.name,
               c.route.length_m, c.route.duration_s, c.route.energy_wh, s.runs);
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
  std::vector<Candidate> candidates_;
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
  verb->add_option("--wind-profile", a->wind_profile, "constant, log or power")->capture_default_str();
  const auto spread = [&](const char* option, double& value, double most, const char* text) {
    verb->add_option(option, value, text)->check(CLI::Range(0.0, most))->capture_default_str();
  };
  spread("--wind-error", a->conditions.wind_error_m_s, 20.0, "Error of an old forecast, each axis, m/s");
  spread("--gust-spread", a->conditions.gust_spread, 2.0, "Spread of the gusts' strength (of its logarithm)");
  spread("--payload", a->conditions.payload_kg, 1000.0, "Planned payload, kg");
  spread("--payload-error", a->conditions.payload_error_kg, 1000.0, "Spread of the true payload, kg");
  spread("--ageing", a->conditions.ageing_most, 0.5, "Packs have lost up to this share of their capacity");
  verb->add_option("--temperature", a->conditions.temperature_deg_c, "Of the packs, degrees Celsius")
      ->check(CLI::Range(-40.0, 60.0))
      ->capture_default_str();
  spread("--departure-window", a->conditions.departure_window_s, 86400.0, "Departures lie evenly in it, s");
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
