// How long a service takes to know again what it knew: a day's journal of so many records, on paper drones but with
// routes as long as a city's, is opened, read and applied. Prints medians as JSON; fails where all of it takes longer
// than the bar, or where reading the journal gives another state than living the day.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <functional>
#include <vector>

#include "dispatch/core/core.hpp"
#include "dispatch/store/journal.hpp"
#include "planner/route_json.hpp"
#include "tests/dispatch/fleet_drill.hpp"

namespace {

using namespace swiftlet;
using namespace swiftlet::dispatch;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kUsualRouteBytes = 12'500;
constexpr std::size_t kBatch = 500;

/// The route with so many more waypoints on its hops that it is as long as one between houses.
std::string among_houses(const std::string& text) {
  planner::Route route = planner::parse_route(text).value();
  const std::size_t parts = (kUsualRouteBytes + text.size() - 1) / std::max<std::size_t>(text.size(), 1);
  std::vector<planner::Waypoint> finer;
  for (std::size_t i = 0; i + 1 < route.waypoints.size(); ++i) {
    const planner::Waypoint& a = route.waypoints[i];
    const planner::Waypoint& b = route.waypoints[i + 1];
    for (std::size_t k = 0; k < parts; ++k) {
      const double share = static_cast<double>(k) / static_cast<double>(parts);
      planner::Waypoint w = a;
      w.position.lon_deg += share * (b.position.lon_deg - a.position.lon_deg);
      w.position.lat_deg += share * (b.position.lat_deg - a.position.lat_deg);
      w.position.alt_msl_m += share * (b.position.alt_msl_m - a.position.alt_msl_m);
      w.t_s += share * (b.t_s - a.t_s);
      finer.push_back(w);
    }
  }
  finer.push_back(route.waypoints.back());
  route.waypoints = std::move(finer);
  return planner::to_json(route).dump();
}

std::vector<Record> day_of(std::size_t records, std::uint64_t seed) {
  drill::FleetDrill drill(drill::small_town(8), seed);
  drill.connect_all();
  drill.run_for(3);
  for (std::uint64_t order = 0; drill.journal().size() < records; ++order) {
    const auto pad = [&] { return fmt::format("K{}", 1 + drill.random()() % 4); };
    (void)drill.send("M1", "order.create",
                     {{"client_order_id", fmt::format("c{}", order)},
                      {"pickup", {{"pad", pad()}}},
                      {"dropoff", {{"pad", pad()}}},
                      {"parcel", {{"mass_kg", 1.0}}}});
    for (int i = 0; i < 24; ++i) drill.step(5.0);
  }
  std::vector<Record> day(drill.journal().begin(), drill.journal().end());
  for (Record& record : day) {
    if (auto* mission = std::get_if<MissionIssued>(&record.body)) mission->route = among_houses(mission->route);
  }
  return day;
}

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

int run(std::size_t records, int runs, double bar_s, std::uint64_t seed) {
  const std::vector<Record> day = day_of(records, seed);
  std::size_t missions = 0;
  for (const Record& record : day) missions += std::holds_alternative<MissionIssued>(record.body);
  DispatchState lived;
  for (const Record& record : day) apply(lived, record);
  const auto file = std::filesystem::temp_directory_path() / fmt::format("swiftlet-restart-{}.db", ::getpid());
  {
    auto journal = Journal::open(file).value();
    for (std::size_t i = 0; i < day.size(); i += kBatch) {
      const std::span<const Record> batch(day.data() + i, std::min(kBatch, day.size() - i));
      if (!journal.append(batch, {})) return 1;
    }
  }
  std::vector<double> open_s;
  std::vector<double> replay_s;
  std::vector<double> cpus_s;
  bool same = true;
  for (int i = 0; i < runs; ++i) {
    const double cpu_before_s = cpu_s();
    const auto began = Clock::now();
    const auto journal = Journal::open(file).value();
    const auto opened = Clock::now();
    DispatchState state;
    if (!journal.replay([&](const Record& record) { apply(state, record); })) return 1;
    read_routes(state);
    open_s.push_back(std::chrono::duration<double>(opened - began).count());
    replay_s.push_back(std::chrono::duration<double>(Clock::now() - opened).count());
    cpus_s.push_back(cpu_s() - cpu_before_s);
    same = same && state_hash(state) == state_hash(lived);
  }
  const double all_s = median(open_s) + median(replay_s);
  fmt::print(
      "{{\"seed\":{},\"records\":{},\"orders\":{},\"missions\":{},\"journal_bytes\":{},\"open_s\":{:.3f},\"replay_s\":{"
      ":.3f},"
      "\"all_s\":{:.3f},\"cpu_s\":{:.3f},\"bar_s\":{:.1f},\"same_state\":{}}}\n",
      seed, day.size(), lived.orders.size(), missions, std::filesystem::file_size(file), median(open_s),
      median(replay_s), all_s, median(cpus_s), bar_s, same);
  for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + tail);
  return same && (bar_s <= 0.0 || all_s <= bar_s) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("How long the replay of a day's journal takes");
  std::size_t records = 120'000;
  int runs = 5;
  double bar_s = 0.0;
  std::uint64_t seed = 1;
  app.add_option("--records", records, "At least so many");
  app.add_option("--runs", runs, "Medians of so many")->check(CLI::Range(1, 1000));
  app.add_option("--bar-s", bar_s, "Fail where it takes longer; 0: only tell");
  app.add_option("--seed", seed, "Of the day");
  CLI11_PARSE(app, argc, argv);
  return run(records, runs, bar_s, seed);
}
