#include "tools/bench/sim_bench.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>

#include "sim/fleet/city_day.hpp"
#include "sim/route/route_study.hpp"
#include "sim/route/study_verdict.hpp"
#include "tools/bench/plan_scene.hpp"
#include "tools/bench/sim_flock.hpp"

namespace swiftlet::tools {
namespace {

constexpr std::size_t kPairs = 100;  // planning them is not measured
constexpr std::size_t kRuns = 10'000;
constexpr double kStudied_m = 2000.0;

struct FlightBar {
  std::size_t drones;
  double seconds;
  double bar;  ///< times real time; 0: none asked for
};
constexpr FlightBar kFlights[] = {{100, 600.0, 0.0}, {1000, 200.0, 500.0}, {5000, 60.0, 100.0}, {10'000, 30.0, 40.0}};

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void add_flights(const planner::Planner& planner, const planner::VehicleProfile& vehicle,
                 const std::vector<planner::Route>& routes, const SimBenchOptions& options, FigureSheet& sheet) {
  for (const FlightBar& flight : kFlights) {
    const FlockResult r =
        fly_flock(planner, vehicle, routes, flight.drones, flight.seconds, options.threads, options.seed);
    const std::string name = fmt::format("sim.in_flight.{}", flight.drones);
    // Some stand on their pads at any time: what counts is drone-seconds in the air.
    Figure times{.name = name + ".times_real_time",
                 .value = r.flown_s / static_cast<double>(flight.drones) / r.wall_s,
                 .unit = "ratio",
                 .lower_is_better = false};
    if (flight.bar > 0.0) times.bar = flight.bar;
    sheet.add(times);
    sheet.add({.name = name + ".cost_us_per_drone_second", .value = 1e6 * r.wall_s / r.flown_s, .unit = "us"});
    sheet.add({.name = name + ".share_in_flight",
               .value = r.flown_s / r.simulated_s / static_cast<double>(flight.drones),
               .unit = "ratio",
               .lower_is_better = false});
  }
}

void add_study(const geo::Airspace& airspace, const planner::VehicleProfile& vehicle,
               const std::vector<planner::Route>& routes, const SimBenchOptions& options, FigureSheet& sheet) {
  const planner::Route* route = &routes.front();
  for (const planner::Route& one : routes) {
    if (std::abs(one.length_m - kStudied_m) < std::abs(route->length_m - kStudied_m)) route = &one;
  }
  const double began = wall_now();
  const auto runs = sim::study_route(
      airspace, *route, vehicle,
      {.runs = kRuns, .seed = options.seed, .threads = options.threads, .conditions = {.forecast = airspace.wind}});
  const auto summary = sim::sum_up(*route, vehicle, runs, sim::usual_criteria());
  sheet.add({.name = "sim.route_study.10000_runs_s", .value = wall_now() - began, .unit = "s", .bar = 5.0});
  sheet.add({.name = "sim.route_study.length_m", .value = route->length_m, .unit = "m"});
  sheet.add({.name = "sim.route_study.failed", .value = static_cast<double>(summary.failed), .unit = "count"});
}

Expected<sim::FleetOutcome> rehearse(const planner::Planner& planner, const std::string& file, unsigned threads,
                                     std::uint64_t seed, sim::RouteStore* routes = nullptr) {
  const auto scenario = sim::read_scenario(std::filesystem::path(SWIFTLET_SOURCE_DIR) / "sim/scenarios" / file);
  if (!scenario) return Unexpected(scenario.error());
  const auto day = sim::set_up_day(*scenario, planner.airspace_ptr(), seed);
  if (!day) return Unexpected(day.error());
  auto outcome = sim::rehearse_day(*scenario, *day, planner, {.seed = seed, .threads = threads, .routes = routes});
  if (!outcome) return outcome;
  int undelivered = 0;
  for (const sim::OrderOutcome& order : outcome->orders)
    undelivered += !order.order_id.empty() && order.delivered_s < 0.0;
  outcome->faults["undelivered"] = static_cast<std::uint64_t>(undelivered);
  return outcome;
}

/// A directory that ends with its owner.
class FreshFolder {
 public:
  FreshFolder() : path_(std::filesystem::temp_directory_path() / fmt::format("swiftlet-bench-{}", ::getpid())) {}
  ~FreshFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The leader's day, its routes kept in that directory as `simulate fleet --routes` does.
Expected<sim::FleetOutcome> leaders_day(const planner::Planner& planner, const SimBenchOptions& options,
                                        const std::filesystem::path& routes) {
  sim::RouteStore store;
  if (auto opened = store.open(routes, planner.airspace().hash); !opened) return Unexpected(opened.error());
  auto day = rehearse(planner, "leader.toml", options.threads, options.seed, &store);
  if (auto saved = store.save(); !saved) return Unexpected(saved.error());
  return day;
}

/// The leader's day twice: once with every route to prove, and once with those of the first.
Expected<void> add_leader(const planner::Planner& planner, const SimBenchOptions& options, FigureSheet& sheet) {
  const auto count = [&](const char* name, double value) {
    sheet.add({.name = name, .value = value, .unit = "count", .bar = 0.0});
  };
  const FreshFolder folder;
  const auto cold = leaders_day(planner, options, folder.path());
  if (!cold) return Unexpected(cold.error());
  const auto leader = leaders_day(planner, options, folder.path());
  if (!leader) return Unexpected(leader.error());
  sheet.add({.name = "sim.leader.day_with_no_route_known_s", .value = cold->wall_s, .unit = "s"});
  count("sim.leader.logs_that_differ_with_routes_kept", cold->log_hash == leader->log_hash ? 0.0 : 1.0);
  sheet.add({.name = "sim.leader.day_s", .value = leader->wall_s, .unit = "s", .bar = 60.0});
  sheet.add({.name = "sim.leader.day_without_planning_s", .value = leader->wall_s - leader->planning_s, .unit = "s"});
  sheet.add({.name = "sim.leader.motion_s", .value = leader->motion_s, .unit = "s"});
  sheet.add({.name = "sim.leader.core_s", .value = leader->core_s, .unit = "s"});
  count("sim.leader.intrusions", static_cast<double>(leader->separation.intrusions()));
  count("sim.leader.accepted_and_not_delivered", static_cast<double>(leader->faults.at("undelivered")));
  return {};
}

Expected<void> add_days(const planner::Planner& planner, const SimBenchOptions& options, FigureSheet& sheet) {
  const auto one = rehearse(planner, "short_hour.toml", 1, options.seed);
  if (!one) return Unexpected(one.error());
  const auto two = rehearse(planner, "short_hour.toml", 2, options.seed);
  if (!two) return Unexpected(two.error());
  const auto count = [&](const char* name, double value) {
    sheet.add({.name = name, .value = value, .unit = "count", .bar = 0.0});
  };
  count("sim.day.logs_that_differ_with_two_threads", one->log_hash == two->log_hash ? 0.0 : 1.0);
  count("sim.day.broken_invariants", static_cast<double>(one->broken_invariants.size()));
  count("sim.day.accepted_and_not_delivered", static_cast<double>(one->faults.at("undelivered")));
  if (!options.full) return {};
  return add_leader(planner, options, sheet);
}

}  // namespace

Expected<FigureSheet> bench_sim(const SimBenchOptions& options) {
  const std::filesystem::path region =
      options.region.empty() ? std::filesystem::path(SWIFTLET_SOURCE_DIR) / "maps/regions/harbour/region.toml"
                             : std::filesystem::path(options.region);
  const auto opened = open_region("harbour", region);
  if (!opened) return Unexpected(opened.error());
  const auto vehicle = planner::load_vehicle("courier-4");
  if (!vehicle) return Unexpected(vehicle.error());
  const planner::Planner planner(opened->airspace, opened->referee);
  const auto routes = shuttle_routes(planner, *vehicle, kPairs, options.seed);
  if (routes.empty()) return fail(ErrorCode::value_invalid, "no two pads of the region have a route", region.string());
  FigureSheet sheet;
  add_study(*opened->airspace, *vehicle, routes, options, sheet);
  add_flights(planner, *vehicle, routes, options, sheet);
  if (auto days = add_days(planner, options, sheet); !days) return Unexpected(days.error());
  return sheet;
}

}  // namespace swiftlet::tools
