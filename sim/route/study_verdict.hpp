#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "planner/route.hpp"
#include "sim/route/route_study.hpp"
#include "sim/route/statistics.hpp"

namespace swiftlet::sim {

/// One demand on a route, and how it was met.
struct Criterion {
  std::string key;
  double limit = 0.0;
  bool at_most = true;
  double value = 0.0;
  [[nodiscard]] bool holds() const { return at_most ? value <= limit : value >= limit; }
};

/// What is asked where nobody asks otherwise: failed_share ≤ 0.001, reserve_used_share ≤ 0.01, time_error_p90_s ≤ 10,
/// energy_error_p90_share ≤ 0.15, least_distance_m ≥ 5, margin_p01_m ≥ −3, terminal_drift_p99_m ≤ 4.
[[nodiscard]] std::vector<Criterion> usual_criteria();

/// Sets the limit of one. Errors: unknown_field with the nearest one, value_invalid.
[[nodiscard]] Expected<void> set_criterion(std::vector<Criterion>& criteria, std::string_view key, double limit);

/// What one input alone explains of an output, and its slope.
struct Sensitivity {
  std::string_view input;
  double time_index = 0.0;
  double time_slope = 0.0;  ///< seconds a unit
  double energy_index = 0.0;
  double energy_slope = 0.0;  ///< watt-hours a unit
  double reserve_index = 0.0;
};

struct StudySummary {
  std::size_t runs = 0;  ///< done
  std::size_t failed = 0;
  std::vector<std::pair<RunEnd, std::size_t>> failures = {};
  std::size_t reserve_used = 0;
  double reserve_wh = 0.0;  ///< what may not be used
  // Of the runs that landed:
  Distribution time_s, time_error_s, time_error_size_s, energy_wh, energy_error_wh, energy_error_size_wh, left_wh;
  // Of all runs:
  Distribution off_path_m, terminal_drift_m, margin_m, distance_m, height_agl_m;
  std::size_t worst_run = 0;  ///< of the margin
  ClearanceProbe::Least worst = {};
  std::vector<Sensitivity> sensitivities = {};
  std::vector<Criterion> criteria = {};
  [[nodiscard]] bool good() const;
};

[[nodiscard]] StudySummary sum_up(const planner::Route& route, const planner::VehicleProfile& vehicle,
                                  const std::vector<RunResult>& runs, std::vector<Criterion> criteria);

/// b − a of the same runs, where both landed.
struct PairedDifference {
  std::size_t pairs = 0;
  double time_mean_s = 0.0, time_half_width_s = 0.0;  ///< 95 % interval of the mean: mean ± half width
  double energy_mean_wh = 0.0, energy_half_width_wh = 0.0;
};
[[nodiscard]] PairedDifference compare(const std::vector<RunResult>& a, const std::vector<RunResult>& b);

}  // namespace swiftlet::sim
