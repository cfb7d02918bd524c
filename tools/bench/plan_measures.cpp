#include "tools/bench/plan_measures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <thread>

#include "planner/route_json.hpp"

namespace swiftlet::tools {
namespace {

using planner::Route;
using planner::RouteStatus;

/// What this thread has had of a core: on a machine that others use too, the wall's clock measures them.
double core_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

double referee_us(const PlanScene& scene, const Route& route) {
  geo::RouteUnderTest claim{.airspace_hash = route.airspace_hash,
                            .path = {},
                            .t_s = {},
                            .depart = route.depart,
                            .time_uncertainty_s = route.time_uncertainty_s,
                            .policy = route.policy,
                            .authorisations = route.authorisations};
  for (const planner::Waypoint& w : route.waypoints) {
    claim.path.push_back(w.position);
    claim.t_s.push_back(w.t_s);
  }
  std::array<double, 3> taken{};
  for (double& us : taken) {
    const double began_us = core_us();
    static_cast<void>(scene.region.referee->judge(claim));
    us = core_us() - began_us;
  }
  std::sort(taken.begin(), taken.end());
  return taken[1];
}

void append(std::vector<double>& to, const std::vector<double>& from) { to.insert(to.end(), from.begin(), from.end()); }

std::string lasting(const Route& route) {
  auto json = planner::to_json(route);
  json.erase("planning");
  return json.dump();
}

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void PlanMeasures::add(const PlanMeasures& o) {
  append(time_us, o.time_us);
  append(first_us, o.first_us);
  append(referee_us_for_2_km, o.referee_us_for_2_km);
  append(gap_percent, o.gap_percent);
  append(infeasible_us, o.infeasible_us);
  asked += o.asked;
  ok += o.ok;
  undecided += o.undecided;
  refused_by_referee += o.refused_by_referee;
  other += o.other;
  bounds_above_cost += o.bounds_above_cost;
}

PlanMeasures measure(const PlanScene& scene, const planner::Planner& planner,
                     const std::vector<planner::PlanRequest>& requests) {
  PlanMeasures m;
  // The first request derives the view.
  if (!requests.empty()) static_cast<void>(planner.plan(requests.front(), scene.vehicle));
  for (const planner::PlanRequest& request : requests) {
    std::array<double, 3> time{};
    std::array<double, 3> first{};
    Route route;
    for (std::size_t run = 0; run < time.size(); ++run) {
      const double began_us = core_us();
      route = planner.plan(request, scene.vehicle);
      time[run] = core_us() - began_us;
      // Others may use the machine: of the core's time, the share that stood on the wall's clock.
      first[run] = time[run] * static_cast<double>(route.planning.first_solution_us) /
                   static_cast<double>(std::max<std::int64_t>(1, route.planning.time_us));
    }
    std::sort(time.begin(), time.end());
    std::sort(first.begin(), first.end());
    ++m.asked;
    if (route.status == RouteStatus::ok) {
      ++m.ok;
      m.time_us.push_back(time[1]);
      m.first_us.push_back(first[1]);
      m.referee_us_for_2_km.push_back(referee_us(scene, route) * 2000.0 / route.length_m);
      if (route.lower_bound > 0.0) m.gap_percent.push_back(100.0 * (route.cost / route.lower_bound - 1.0));
      if (route.lower_bound > route.cost) ++m.bounds_above_cost;
    } else if (route.status == RouteStatus::infeasible) {
      m.infeasible_us.push_back(time[1]);
    } else if (route.error && route.error->code == ErrorCode::undecided_at_resolution) {
      ++m.undecided;
      fmt::print(stderr, "swiftlet: bench: {}: {}\n", request.id, describe(*route.error));
    } else if (route.error && route.error->code == ErrorCode::referee_refused) {
      ++m.refused_by_referee;
    } else {
      ++m.other;
    }
  }
  return m;
}

void add_figures(const std::string& prefix, const PlanMeasures& hard, const PlanMeasures& any, FigureSheet& sheet) {
  const auto add = [&](const char* what, double value, const char* unit, std::optional<double> bar = {}) {
    sheet.add({.name = prefix + "." + what, .value = value, .unit = unit, .bar = bar});
  };
  add("hard_queries", static_cast<double>(hard.asked), "count");
  add("p50_us", quantile(hard.time_us, 0.5), "us", 1500.0);
  add("p99_us", quantile(hard.time_us, 0.99), "us", 8000.0);
  add("worst_us", quantile(hard.time_us, 1.0), "us", 30000.0);
  add("first_proven_p50_us", quantile(hard.first_us, 0.5), "us", 600.0);
  add("referee_2km_p50_us", quantile(hard.referee_us_for_2_km, 0.5), "us", 200.0);
  add("gap_p50_percent", quantile(hard.gap_percent, 0.5), "percent",
      prefix.starts_with("plan.lyon") ? std::optional(3.0) : std::nullopt);
  add("gap_p90_percent", quantile(hard.gap_percent, 0.9), "percent");
  add("bounds_above_cost", static_cast<double>(hard.bounds_above_cost + any.bounds_above_cost), "count", 0.0);
  add("any_queries", static_cast<double>(any.asked), "count");
  add("any_p50_us", quantile(any.time_us, 0.5), "us");
  add("any_p99_us", quantile(any.time_us, 0.99), "us");
  add("undecided_percent", percent(hard.undecided + any.undecided, hard.asked + any.asked), "percent", 0.1);
  add("refused_by_referee", static_cast<double>(hard.refused_by_referee + any.refused_by_referee), "count", 0.0);
  add("other_errors", static_cast<double>(hard.other + any.other), "count", 0.0);
  std::vector<double> infeasible = hard.infeasible_us;
  append(infeasible, any.infeasible_us);
  if (infeasible.empty()) return;
  add("infeasible_queries", static_cast<double>(infeasible.size()), "count");
  add("infeasible_p50_us", quantile(infeasible, 0.5), "us");
  add("infeasible_worst_us", quantile(infeasible, 1.0), "us", 5000.0);
}

bool same_bytes_with_two_threads(const PlanScene& scene, const planner::Planner& planner,
                                 const std::vector<planner::PlanRequest>& requests) {
  std::vector<std::string> alone(requests.size());
  std::vector<std::string> together(requests.size());
  for (std::size_t k = 0; k < requests.size(); ++k) alone[k] = lasting(planner.plan(requests[k], scene.vehicle));
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < 2; ++t) {
      workers.emplace_back([&, t] {
        for (std::size_t k = t; k < requests.size(); k += 2)
          together[k] = lasting(planner.plan(requests[k], scene.vehicle));
      });
    }
  }
  return alone == together;
}

}  // namespace swiftlet::tools
