#include "sim/route/study_verdict.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "geo/config_table.hpp"

namespace swiftlet::sim {
namespace {

template <class Get>
std::vector<double> column(const std::vector<const RunResult*>& runs, Get&& get) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const RunResult* run : runs) values.push_back(get(*run));
  return values;
}

std::vector<double> sizes(std::vector<double> values) {
  for (double& v : values) v = std::abs(v);
  return values;
}

double measured(const StudySummary& s, const planner::Route& route, const std::string& key) {
  const auto share = [&](std::size_t of) {
    return s.runs > 0 ? static_cast<double>(of) / static_cast<double>(s.runs) : 1.0;
  };
  if (key == "failed_share") return share(s.failed);
  if (key == "reserve_used_share") return share(s.reserve_used);
  if (key == "time_bias_s") return std::abs(s.time_error_s.mean);
  if (key == "time_error_p90_s") return s.time_error_size_s.p90;
  if (key == "energy_error_p90_share") return s.energy_error_size_wh.p90 / std::max(route.energy_wh, 1e-9);
  if (key == "least_distance_m") return s.distance_m.least;
  if (key == "margin_p01_m") return s.margin_m.p01;
  return s.terminal_drift_m.p99;
}

std::vector<Sensitivity> sensitivities(const std::vector<const RunResult*>& landed) {
  const auto time = column(landed, [](const RunResult& r) { return r.time_s; });
  const auto energy = column(landed, [](const RunResult& r) { return r.energy_wh; });
  const auto left = column(landed, [](const RunResult& r) { return r.left_wh; });
  std::vector<Sensitivity> found;
  for (std::size_t k = 0; k < kStudyInputs.size(); ++k) {
    const auto input = column(landed, [k](const RunResult& r) { return r.draw[k]; });
    found.push_back({.input = kStudyInputs[k],
                     .time_index = first_order_index(input, time),
                     .time_slope = slope(input, time),
                     .energy_index = first_order_index(input, energy),
                     .energy_slope = slope(input, energy),
                     .reserve_index = first_order_index(input, left)});
  }
  return found;
}

}  // namespace

std::vector<Criterion> usual_criteria() {
  return {{.key = "failed_share", .limit = 0.001},
          {.key = "reserve_used_share", .limit = 0.01},
          {.key = "time_bias_s", .limit = 5.0},
          {.key = "time_error_p90_s", .limit = 10.0},
          {.key = "energy_error_p90_share", .limit = 0.15},
          {.key = "least_distance_m", .limit = 5.0, .at_most = false},
          {.key = "margin_p01_m", .limit = -3.0, .at_most = false},
          {.key = "terminal_drift_p99_m", .limit = 4.0}};
}

Expected<void> set_criterion(std::vector<Criterion>& criteria, std::string_view key, double limit) {
  std::vector<std::string> known;
  for (Criterion& criterion : criteria) {
    if (criterion.key == key) {
      if (!std::isfinite(limit)) return fail(ErrorCode::value_invalid, "must be a finite number", std::string(key));
      criterion.limit = limit;
      return {};
    }
    known.push_back(criterion.key);
  }
  const std::string near = nearest_word(key, known);
  return fail(ErrorCode::unknown_field,
              fmt::format("no criterion; known are {}{}", fmt::join(known, ", "),
                          near.empty() ? "" : fmt::format("; did you mean {}?", near)),
              std::string(key));
}

bool StudySummary::good() const {
  return runs > 0 && std::all_of(criteria.begin(), criteria.end(), [](const Criterion& c) { return c.holds(); });
}

StudySummary sum_up(const planner::Route& route, const planner::VehicleProfile& vehicle,
                    const std::vector<RunResult>& runs, std::vector<Criterion> criteria) {
  StudySummary s;
  s.reserve_wh = route.policy.energy_reserve_fraction * vehicle.battery_wh;
  std::vector<const RunResult*> done;
  std::vector<const RunResult*> landed;
  std::vector<std::size_t> ends(5, 0);
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const RunResult& run = runs[k];
    if (!run.done) continue;
    done.push_back(&run);
    ++ends[static_cast<std::size_t>(run.end)];
    if (run.end == RunEnd::landed) landed.push_back(&run);
    if (run.left_wh < s.reserve_wh) ++s.reserve_used;
    if (done.size() == 1 || run.clearance.margin_m < s.worst.margin_m) {
      s.worst = run.clearance;
      s.worst_run = k;
    }
  }
  s.runs = done.size();
  s.failed = done.size() - landed.size();
  for (std::size_t e = 1; e < ends.size(); ++e) {
    if (ends[e] > 0) s.failures.emplace_back(static_cast<RunEnd>(e), ends[e]);
  }
  const auto time_error = column(landed, [&](const RunResult& r) { return r.time_s - route.duration_s; });
  const auto energy_error = column(landed, [&](const RunResult& r) { return r.energy_wh - route.energy_wh; });
  s.time_s = distribution(column(landed, [](const RunResult& r) { return r.time_s; }));
  s.time_error_s = distribution(time_error);
  s.time_error_size_s = distribution(sizes(time_error));
  s.energy_wh = distribution(column(landed, [](const RunResult& r) { return r.energy_wh; }));
  s.energy_error_wh = distribution(energy_error);
  s.energy_error_size_wh = distribution(sizes(energy_error));
  s.left_wh = distribution(column(landed, [](const RunResult& r) { return r.left_wh; }));
  s.off_path_m = distribution(column(done, [](const RunResult& r) { return r.off_path_m; }));
  s.terminal_drift_m = distribution(column(done, [](const RunResult& r) { return r.terminal_drift_m; }));
  s.margin_m = distribution(column(done, [](const RunResult& r) { return r.clearance.margin_m; }));
  s.distance_m = distribution(column(done, [](const RunResult& r) { return r.clearance.distance_m; }));
  s.height_agl_m = distribution(column(done, [](const RunResult& r) { return r.least_height_agl_m; }));
  s.sensitivities = sensitivities(landed);
  for (Criterion& criterion : criteria) criterion.value = measured(s, route, criterion.key);
  s.criteria = std::move(criteria);
  return s;
}

PairedDifference compare(const std::vector<RunResult>& a, const std::vector<RunResult>& b) {
  std::vector<double> time;
  std::vector<double> energy;
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
    const bool both = a[k].done && b[k].done && a[k].end == RunEnd::landed && b[k].end == RunEnd::landed;
    if (!both) continue;
    time.push_back(b[k].time_s - a[k].time_s);
    energy.push_back(b[k].energy_wh - a[k].energy_wh);
  }
  PairedDifference difference{.pairs = time.size()};
  if (time.empty()) return difference;
  constexpr double kZ975 = 1.959963984540;
  const double root = std::sqrt(static_cast<double>(time.size()));
  const Distribution t = distribution(std::move(time));
  const Distribution e = distribution(std::move(energy));
  difference.time_mean_s = t.mean;
  difference.time_half_width_s = kZ975 * t.sd / root;
  difference.energy_mean_wh = e.mean;
  difference.energy_half_width_wh = kZ975 * e.sd / root;
  return difference;
}

}  // namespace swiftlet::sim
