#include "sim/fleet/fleet_outcome.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "geo/content_hash.hpp"
#include "sim/route/statistics.hpp"

namespace swiftlet::sim {
namespace {

using nlohmann::ordered_json;

double rounded(double value, double scale = 1e3) { return std::round(value * scale) / scale + 0.0; }

ordered_json as_json(std::vector<double> values) {
  const Distribution d = distribution(std::move(values));
  return {{"count", d.count},      {"mean", rounded(d.mean)}, {"p05", rounded(d.p05)}, {"p50", rounded(d.p50)},
          {"p90", rounded(d.p90)}, {"p95", rounded(d.p95)},   {"p99", rounded(d.p99)}, {"max", rounded(d.most)}};
}

struct Horizon {
  const char* name;
  double from_s;
  double to_s;
  bool airborne_only;
};
constexpr std::array<Horizon, 7> kHorizons{{{"0-1 min", 0.0, 60.0, false},
                                            {"1-3 min", 60.0, 180.0, false},
                                            {"3-5 min", 180.0, 300.0, false},
                                            {"5-10 min", 300.0, 600.0, false},
                                            {"10-20 min", 600.0, 1200.0, false},
                                            {"20 min and more", 1200.0, 1e9, false},
                                            {"parcel in the air", 0.0, 1e9, true}}};

template <class Belongs>
ordered_json eta_line(const FleetOutcome& outcome, const char* key, std::string_view name, Belongs belongs) {
  std::vector<double> sizes;
  double bias = 0.0;
  double in80 = 0.0;
  double in90 = 0.0;
  double width = 0.0;
  for (const EtaSample& sample : outcome.etas) {
    const double truth = outcome.orders[sample.order].delivered_s;
    if (truth < 0.0 || !belongs(sample, truth - static_cast<double>(sample.at_s))) continue;
    const double error = static_cast<double>(sample.eta_s) - truth;
    sizes.push_back(std::abs(error));
    bias += error;
    width += static_cast<double>(sample.p95_s) - static_cast<double>(sample.p05_s);
    in80 += static_cast<double>(sample.p10_s) <= truth && truth <= static_cast<double>(sample.p90_s);
    in90 += static_cast<double>(sample.p05_s) <= truth && truth <= static_cast<double>(sample.p95_s);
  }
  const double n = std::max<double>(1.0, static_cast<double>(sizes.size()));
  const Distribution d = distribution(std::move(sizes));
  ordered_json line{{key, name}, {"samples", d.count}};
  for (const auto& [figure, value] : {std::pair("bias_s", bias / n),
                                      {"mean_error_s", d.mean},
                                      {"p50_s", d.p50},
                                      {"p90_s", d.p90},
                                      {"p99_s", d.p99},
                                      {"covered_80", in80 / n},
                                      {"covered_90", in90 / n},
                                      {"width_90_s", width / n}}) {
    line[figure] = d.count == 0 ? ordered_json(nullptr) : ordered_json(rounded(value));
  }
  return line;
}

ordered_json eta_table(const FleetOutcome& outcome) {
  ordered_json table = ordered_json::array();
  for (const Horizon& horizon : kHorizons) {
    table.push_back(eta_line(outcome, "horizon", horizon.name, [&](const EtaSample& sample, double ahead_s) {
      return ahead_s >= horizon.from_s && ahead_s < horizon.to_s && (!horizon.airborne_only || sample.airborne());
    }));
  }
  return table;
}

ordered_json stage_table(const FleetOutcome& outcome) {
  using enum dispatch::OrderState;
  ordered_json table = ordered_json::array();
  for (const auto stage : {accepted, assigned, to_pickup, loading, airborne, arriving}) {
    table.push_back(eta_line(outcome, "stage", dispatch::name(stage),
                             [&](const EtaSample& sample, double) { return sample.stage == stage; }));
  }
  return table;
}

}  // namespace

bool EtaSample::airborne() const {
  return stage == dispatch::OrderState::airborne || stage == dispatch::OrderState::arriving;
}

ordered_json fleet_json(const Scenario& s, const RehearsedDay& day, const FleetOutcome& o, std::uint64_t seed,
                        const std::string& version) {
  std::map<std::string, int> states;
  std::map<std::string, int> refusals;
  std::vector<double> delivery;
  std::vector<double> late;
  std::vector<double> off;
  double width = 0.0;
  double in_promise = 0.0;
  int placed = 0;
  int accepted = 0;
  int lost = 0;
  for (std::size_t k = 0; k < o.orders.size(); ++k) {
    const OrderOutcome& one = o.orders[k];
    if (!one.placed) continue;
    ++placed;
    if (one.order_id.empty()) {
      ++refusals[one.refusal.empty() ? "unanswered" : one.refusal];
      lost += one.refusal.empty();
      continue;
    }
    ++accepted;
    ++states[one.state];
    lost += one.state.empty() || one.state == "unknown";
    if (one.delivered_s < 0.0) continue;
    delivery.push_back(one.delivered_s - day.orders[k].at_s);
    late.push_back(one.delivered_s - one.promised_s);
    off.push_back(std::abs(late.back()));
    width += one.promised_p95_s - one.promised_p05_s;
    in_promise += one.promised_p05_s <= one.delivered_s && one.delivered_s <= one.promised_p95_s;
  }
  const double delivered = std::max<double>(1.0, static_cast<double>(delivery.size()));
  const double flight_h = o.flown_s / 3600.0;
  const auto per_flight_h = [&](double value) { return flight_h > 0.0 ? rounded(value / flight_h, 1e6) : 0.0; };
  ordered_json intrusions = ordered_json::array();
  for (std::size_t k = 0; k < o.intrusions_told.size(); ++k) {
    const Intrusion& one = o.separation.first()[k];
    intrusions.push_back(
        {{"at_s", rounded(one.at_s)}, {"distance_m", rounded(one.distance_m)}, {"who", o.intrusions_told[k]}});
  }
  const auto delayed =
      std::count_if(o.traffic_delays_s.begin(), o.traffic_delays_s.end(), [](double delay) { return delay > 0.0; });
  ordered_json reasons = ordered_json::object();
  for (const auto& [code, count] : refusals) reasons[code] = count;
  ordered_json ends = ordered_json::object();
  for (const auto& [state, count] : states) ends[state] = count;
  ordered_json faults = ordered_json::object();
  for (const auto& [kind, count] : o.faults) faults[kind] = count;
  const double drone_s = static_cast<double>(day.config.drones.size()) * std::max(o.simulated_s, 1.0);
  return {
      {"schema", "swiftlet.simulate_fleet/1"},
      {"scenario", s.name},
      {"complete", o.complete},
      {"seed", seed},
      {"simulated_s", o.simulated_s},
      {"orders",
       {{"placed", placed},
        {"accepted", accepted},
        {"refused", reasons},
        {"ended", ends},
        {"lost", lost},
        {"delivery_time_s", as_json(std::move(delivery))},
        {"after_promise_s", as_json(std::move(late))},
        {"promise_error_s", as_json(std::move(off))},
        {"promise_width_90_s", rounded(width / delivered)},
        {"promise_kept_90_share", rounded(in_promise / delivered)}}},
      {"eta", eta_table(o)},
      {"eta_by_stage", stage_table(o)},
      {"fleet",
       {{"drones", day.config.drones.size()},
        {"flight_hours", rounded(flight_h)},
        {"in_air_share", rounded(o.flown_s / drone_s)},
        {"energy_wh", rounded(o.used_wh)},
        {"battery_swaps", o.swaps},
        {"came_down", o.came_down}}},
      {"separation",
       {{"intrusions", o.separation.intrusions()},
        {"intrusions_per_flight_hour", per_flight_h(static_cast<double>(o.separation.intrusions()))},
        {"steps_looked_at", o.separation.drone_steps()},
        {"least_distance_m",
         std::isfinite(o.separation.least_m()) ? ordered_json(rounded(o.separation.least_m())) : ordered_json(nullptr)},
        {"first", std::move(intrusions)}}},
      {"traffic",
       {{"deconfliction", s.deconfliction},
        {"delayed_departures", delayed},
        {"departure_delay_s", as_json(o.traffic_delays_s)}}},
      {"faults", faults},
      {"service", {{"crashes", o.crashes}, {"alarms", o.alarms}, {"broken_invariants", o.broken_invariants}}},
      {"routes", {{"planned", o.planned}, {"remembered", o.remembered}}},
      {"log", {{"records", o.records}, {"hash", o.log_hash}}},
      {"reproduction",
       {{"version", version},
        {"airspace_hash", day.config.airspace_hash},
        {"scenario_hash", content_hash(s.text)},
        {"seed", seed}}},
      {"wall", {{"total_s", o.wall_s}, {"motion_s", o.motion_s}, {"core_s", o.core_s}, {"planning_s", o.planning_s}}}};
}

std::string fleet_csv(const RehearsedDay& day, const FleetOutcome& outcome) {
  std::string out =
      "id,placed_s,from,to,mass_kg,order_id,state,refusal,promised_s,promised_p05_s,promised_p95_s,taken_off_s,"
      "delivered_s\n";
  for (std::size_t k = 0; k < outcome.orders.size(); ++k) {
    const WishedOrder& w = day.orders[k];
    const OrderOutcome& o = outcome.orders[k];
    out += fmt::format("{},{:.0f},{},{},{:.2f},{},{},{},{:.1f},{:.1f},{:.1f},{:.1f},{:.1f}\n", w.id, w.at_s, w.pickup,
                       w.dropoff, w.mass_kg, o.order_id, o.state, o.refusal, o.promised_s, o.promised_p05_s,
                       o.promised_p95_s, o.taken_off_s, o.delivered_s);
  }
  return out;
}

}  // namespace swiftlet::sim
