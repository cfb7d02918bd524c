#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/airspace.hpp"
#include "planner/route.hpp"
#include "planner/vehicle.hpp"
#include "sim/route/clearance_probe.hpp"
#include "sim/route/study_conditions.hpp"

namespace swiftlet::sim {

enum class RunEnd { landed, battery_cut_off, never_arrived, left_terminal, hit_obstacle };
[[nodiscard]] std::string_view name(RunEnd end);

/// How one run went.
struct RunResult {
  StudyDraw draw = {};
  RunEnd end = RunEnd::landed;
  bool done = false;
  double time_s = 0.0;
  double energy_wh = 0.0;
  double left_wh = 0.0;             ///< at touchdown, as the profile counts energy
  double off_path_m = 0.0;          ///< the most
  double terminal_drift_m = 0.0;    ///< the most across, over start and end
  double least_height_agl_m = 0.0;  ///< in transit, looked at once a second
  ClearanceProbe::Least clearance = {};
};

struct StudyOptions {
  std::size_t runs = 1000;
  std::uint64_t seed = 1;
  unsigned threads = 1;
  StudyConditions conditions = {};
  /// Stops early where it turns true: what is done is kept.
  const std::atomic<bool>* stop = nullptr;
  /// Told how many runs are done, now and then, by any thread.
  std::function<void(std::size_t)> progress = {};
};

/// Flies one route many times. Precondition: the route's status is ok, it begins and ends on decks, and it was proven
/// on this airspace. The result has `runs` entries; those that were stopped have done == false. The same options give
/// the same bits whatever the number of threads. Throws std::invalid_argument for a profile that cannot fly.
[[nodiscard]] std::vector<RunResult> study_route(const geo::Airspace& airspace, const planner::Route& route,
                                                 const planner::VehicleProfile& vehicle, const StudyOptions& options);

}  // namespace swiftlet::sim
