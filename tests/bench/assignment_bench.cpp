// Why: an assignment is as good as the orders that it does not let get cold. The same days, drawn from the same seeds,
// are flown by three policies on the very core that the service runs; what differs is the policy alone.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/dispatch/fleet_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using nlohmann::json;

constexpr int kHubs = 5;
constexpr int kDronesAHub = 8;
constexpr int kKiosks = 20;
constexpr double kLoad = 0.85;
constexpr double kLate_s = 600.0;
constexpr double kGround_s = 9.0 + 9.0 + 9.0 + 3 * 3.0;  // loading, release, swap; departures

struct Demand {
  double at_s = 0.0;
  double prepared_s = 0.0;
  std::string pickup;
  std::string dropoff;
};

FleetConfig city(AssignmentPolicy policy) {
  FleetConfig config = drill::small_town(0);
  config.assignment = policy;
  config.speed = 10.0;  // silence counts in wall seconds: so drones need not report every second
  config.pads.clear();
  std::mt19937_64 random(77);  // the city is the same for every day
  std::uniform_real_distribution<double> lon(4.80, 4.85);
  std::uniform_real_distribution<double> lat(45.74, 45.775);
  const auto add = [&](const std::string& id, geo::PadKind kind, int slots) {
    geo::Pad made{.id = id, .name = id, .kind = kind, .slots = {}};
    const double x = lon(random);
    const double y = lat(random);
    for (int i = 0; i < slots; ++i) {
      made.slots.push_back({.lon_deg = x + 0.0003 * i, .lat_deg = y, .alt_msl_m = 10.0});
    }
    config.pads.push_back(made);
  };
  for (int h = 0; h < kHubs; ++h) add(fmt::format("H{}", h + 1), geo::PadKind::hub, kDronesAHub);
  for (int k = 0; k < kKiosks; ++k) add(fmt::format("K{:02}", k + 1), geo::PadKind::kiosk, 4);
  for (int h = 0; h < kHubs; ++h) {
    for (int i = 0; i < kDronesAHub; ++i) {
      config.drones.push_back({.id = fmt::format("D{}{}", h + 1, i + 1),
                               .profile = "paper-4",
                               .home_pad = fmt::format("H{}", h + 1),
                               .home_slot = i});
    }
  }
  return config;
}

double flight_s(const FleetConfig& config, const std::string& from, const std::string& to) {
  planner::PlanRequest request;
  request.from = planner::PadRef{.pad = from, .slot = 0};
  request.to = planner::PadRef{.pad = to, .slot = 0};
  return drill::straight_route(config, request).duration_s;
}

/// How long a drone of the hub that is nearest to the pick-up is busy with a delivery, on average over all pairs.
double mean_cycle_s(const FleetConfig& config) {
  double sum = 0.0;
  int count = 0;
  for (int a = 1; a <= kKiosks; ++a) {
    for (int b = 1; b <= kKiosks; ++b) {
      if (a == b) continue;
      const std::string from = fmt::format("K{:02}", a);
      const std::string to = fmt::format("K{:02}", b);
      std::string hub = "H1";
      for (int h = 2; h <= kHubs; ++h) {
        const std::string other = fmt::format("H{}", h);
        if (flight_s(config, other, from) < flight_s(config, hub, from)) hub = other;
      }
      sum += flight_s(config, hub, from) + flight_s(config, from, to) + flight_s(config, to, hub) + kGround_s;
      ++count;
    }
  }
  return sum / count;
}

std::vector<Demand> draw_day(const FleetConfig& config, std::uint64_t seed, double hours) {
  std::mt19937_64 random(seed);
  const double rate_per_s = kLoad * kHubs * kDronesAHub / mean_cycle_s(config);
  std::exponential_distribution<double> gap(rate_per_s);
  std::lognormal_distribution<double> preparation(std::log(420.0), 0.5);
  std::uniform_int_distribution<int> kiosk(1, kKiosks);
  std::vector<Demand> day;
  for (double t = gap(random); t < hours * 3600.0; t += gap(random)) {
    const int from = kiosk(random);
    int to = kiosk(random);
    while (to == from) to = kiosk(random);
    day.push_back({.at_s = t,
                   .prepared_s = std::min(preparation(random), 1500.0),
                   .pickup = fmt::format("K{:02}", from),
                   .dropoff = fmt::format("K{:02}", to)});
  }
  return day;
}

struct Outcome {
  int orders = 0;
  int late = 0;
  int refused = 0;
  double sum_s = 0.0;
  std::vector<double> waits_s;
};

Outcome fly_day(AssignmentPolicy policy, const std::vector<Demand>& day, std::uint64_t seed) {
  const FleetConfig config = city(policy);
  FleetDrill drill(config, seed);
  drill.steps_a_report() = 10;
  drill.connect_all();
  drill.run_for(2);
  const UtcTime begin = drill.now();
  Outcome outcome;
  std::size_t next = 0;
  const auto some_live = [&] {
    const auto merchant = drill.core().state().merchants.find("M1");
    return merchant != drill.core().state().merchants.end() && !merchant->second.live.empty();
  };
  while (next < day.size() || some_live()) {
    for (; next < day.size() && day[next].at_s <= seconds_between(begin, drill.now()); ++next) {
      const Demand& d = day[next];
      (void)drill.send("M1", "order.create",
                       {{"client_order_id", std::to_string(next)},
                        {"pickup", {{"pad", d.pickup}}},
                        {"dropoff", {{"pad", d.dropoff}}},
                        {"parcel", {{"mass_kg", 1.0}}},
                        {"ready_at", format_rfc3339(after(begin, d.at_s + d.prepared_s))}});
    }
    drill.step();
    if (seconds_between(begin, drill.now()) > (day.back().at_s + 4 * 3600.0)) break;
  }
  for (const auto& [id, order] : drill.core().state().orders) {
    ++outcome.orders;
    const Demand& d = day[static_cast<std::size_t>(std::stoul(order.client_order_id))];
    const UtcTime ideal = after(order.ready_at(), 9.0 + 3.0 + flight_s(config, d.pickup, d.dropoff) + 9.0);
    const double late_s = order.delivered_at ? seconds_between(ideal, *order.delivered_at) : 1e6;
    outcome.late += late_s > kLate_s ? 1 : 0;
    outcome.sum_s += late_s;
    outcome.waits_s.push_back(late_s);
  }
  outcome.refused = static_cast<int>(day.size()) - outcome.orders;
  return outcome;
}

void add(Outcome& sum, const Outcome& day) {
  sum.orders += day.orders;
  sum.late += day.late;
  sum.refused += day.refused;
  sum.sum_s += day.sum_s;
  sum.waits_s.insert(sum.waits_s.end(), day.waits_s.begin(), day.waits_s.end());
}

json figure(const char* name, double value, const char* unit, double bar, bool lower) {
  return {{"name", name},
          {"value", value},
          {"unit", unit},
          {"bar", bar},
          {"better", lower ? "lower" : "higher"},
          {"holds", lower ? value <= bar : value >= bar},
          {"source", "run"}};
}

int run(std::uint64_t seeds, double hours) {
  const char* names[] = {"optimal", "greedy", "nearest_idle"};
  std::array<Outcome, 3> outcomes;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto day = draw_day(city(AssignmentPolicy::optimal), seed, hours);
    for (std::size_t p = 0; p < 3; ++p) {
      const Outcome outcome = fly_day(static_cast<AssignmentPolicy>(p), day, seed);
      fmt::print(stderr, "seed {} {:>12}: {} orders, {} over 10 min late, mean {:.0f} s\n", seed, names[p],
                 outcome.orders, outcome.late, outcome.sum_s / std::max(outcome.orders, 1));
      add(outcomes[p], outcome);
    }
  }
  json peers = json::array();
  for (std::size_t p = 0; p < 3; ++p) {
    auto& waits = outcomes[p].waits_s;
    std::sort(waits.begin(), waits.end());
    peers.push_back({{"policy", names[p]},
                     {"orders", outcomes[p].orders},
                     {"refused", outcomes[p].refused},
                     {"late", outcomes[p].late},
                     {"mean_s", outcomes[p].sum_s / std::max(outcomes[p].orders, 1)},
                     {"p95_s", waits.empty() ? 0.0 : waits[waits.size() * 95 / 100]}});
  }
  const auto fewer = [&](const Outcome& other) {
    return other.late == 0 ? 0.0 : 1.0 - static_cast<double>(outcomes[0].late) / other.late;
  };
  const json out{
      {"schema", "swiftlet.bench/1"},
      {"seed", 1},
      {"policies", peers},
      {"figures",
       {figure("dispatch.assignment.fewer_late_than_nearest_idle", fewer(outcomes[2]), "share", 0.85, false),
        figure("dispatch.assignment.fewer_late_than_greedy", fewer(outcomes[1]), "share", 0.25, false),
        figure("dispatch.assignment.late_share",
               static_cast<double>(outcomes[0].late) / std::max(outcomes[0].orders, 1), "share", 0.02, true)}}};
  fmt::print("{}\n", out.dump());
  return 0;
}

}  // namespace
}  // namespace swiftlet::dispatch

int main(int argc, char** argv) {
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 3;
  const double hours = argc > 2 ? std::strtod(argv[2], nullptr) : 3.0;
  return swiftlet::dispatch::run(seeds, hours);
}
