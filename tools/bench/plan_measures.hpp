#pragma once

#include "tools/bench/figures.hpp"
#include "tools/bench/plan_scene.hpp"

namespace swiftlet::tools {

/// What many answers to one set of requests have in common.
struct PlanMeasures {
  std::vector<double> time_us;  ///< to the refereed answer: the median of three runs, time of one core
  std::vector<double> first_us;
  std::vector<double> referee_us_for_2_km;
  std::vector<double> gap_percent;
  std::vector<double> infeasible_us;
  std::size_t asked = 0;
  std::size_t ok = 0;
  std::size_t undecided = 0;
  std::size_t refused_by_referee = 0;
  std::size_t other = 0;  ///< neither ok, undecided, refused by the referee nor infeasible
  std::size_t bounds_above_cost = 0;

  void add(const PlanMeasures& other_measures);
};

/// Plans every request three times, one after another, after the view has been derived; judges every route once more
/// for the referee's own time.
[[nodiscard]] PlanMeasures measure(const PlanScene& scene, const planner::Planner& planner,
                                   const std::vector<planner::PlanRequest>& requests);

/// The bars of issue "Planner" on one set of measures, as figures named prefix.*.
void add_figures(const std::string& prefix, const PlanMeasures& hard, const PlanMeasures& any, FigureSheet& sheet);

/// Whether the answers are the same bytes, but for `planning`, with one and with two threads.
[[nodiscard]] bool same_bytes_with_two_threads(const PlanScene& scene, const planner::Planner& planner,
                                               const std::vector<planner::PlanRequest>& requests);

}  // namespace swiftlet::tools
