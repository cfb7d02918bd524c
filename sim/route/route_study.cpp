#include "sim/route/route_study.hpp"

#include <algorithm>
#include <cmath>

#include "sim/motion/fleet_motion.hpp"
#include "sim/parallel_chunks.hpp"

namespace swiftlet::sim {
namespace {

constexpr std::size_t kChunk = 32;
constexpr int kStepsASecond = 10;
/// A run that has not arrived by then is stuck in wind.
constexpr double kPatience = 3.0;
constexpr double kPatience_s = 300.0;

struct Scene {
  const geo::Airspace& airspace;
  const planner::VehicleProfile& vehicle;
  const geo::Policy& policy;
  const StudyOptions& options;
  std::shared_ptr<const FlightPath> path;
  const ClearanceProbe& probe;
};

void look_at_height(const Scene& scene, const geo::Enu3& p, RunResult& result) {
  const auto ground = scene.airspace.terrain.height_msl_m(p.head<2>());
  if (ground) result.least_height_agl_m = std::min(result.least_height_agl_m, p.z() - *ground);
}

RunResult fly(const Scene& scene, FleetMotion& motion, std::uint64_t run) {
  RunResult result;
  result.draw = draw_conditions(scene.options.conditions, scene.vehicle, scene.options.seed, run);
  result.least_height_agl_m = scene.policy.max_height_agl_m;
  const BatteryPack pack(scene.vehicle.battery_wh, value(result.draw, StudyInput::ageing),
                         value(result.draw, StudyInput::temperature));
  // The seed of the gusts is the run's, so that a comparison meets the same ones.
  motion.fit(0, scene.vehicle, pack, scene.options.seed * 0x100000001b3ULL + run);
  motion.set_wind(0, value(result.draw, StudyInput::wind_east), value(result.draw, StudyInput::wind_north));
  motion.set_wake(0, 1.0, value(result.draw, StudyInput::gust_strength));
  motion.depart(0, scene.path, value(result.draw, StudyInput::payload));

  const double most_s = kPatience * scene.path->duration_s() + kPatience_s;
  const auto most_steps = static_cast<int>(most_s / FleetMotion::kStep_s);
  int step = 0;
  while (motion.flying(0)) {
    if (++step > most_steps) {
      result.end = RunEnd::never_arrived;
      break;
    }
    const double clock_s = motion.path_clock_s(0);
    motion.step(0);
    const geo::Enu3 p = motion.p_enu(0);
    const geo::Enu3 wanted = motion.wanted_enu(0);
    result.off_path_m = std::max(result.off_path_m, (p - wanted).norm());
    scene.probe.observe(clock_s, wanted, p, result.clearance);
    if (scene.probe.in_terminal(wanted.head<2>())) {
      result.terminal_drift_m = std::max(result.terminal_drift_m, (p - wanted).head<2>().norm());
    } else if (step % kStepsASecond == 0) {
      look_at_height(scene, p, result);
    }
    if (motion.cut_off(0)) {
      result.end = RunEnd::battery_cut_off;
      break;
    }
  }
  result.time_s = step * FleetMotion::kStep_s;
  result.energy_wh = motion.used_wh(0);
  result.left_wh = motion.battery_wh(0);
  if (result.end == RunEnd::landed && result.clearance.distance_m <= 0.0) result.end = RunEnd::hit_obstacle;
  if (result.end == RunEnd::landed && result.terminal_drift_m > scene.policy.terminal_radius_m) {
    result.end = RunEnd::left_terminal;
  }
  result.done = true;
  return result;
}

}  // namespace

std::string_view name(RunEnd end) {
  switch (end) {
    case RunEnd::landed:
      return "landed";
    case RunEnd::battery_cut_off:
      return "battery_cut_off";
    case RunEnd::never_arrived:
      return "never_arrived";
    case RunEnd::left_terminal:
      return "left_terminal";
    case RunEnd::hit_obstacle:
      return "hit_obstacle";
  }
  return "";
}

std::vector<RunResult> study_route(const geo::Airspace& airspace, const planner::Route& route,
                                   const planner::VehicleProfile& vehicle, const StudyOptions& options) {
  (void)VehicleLimits(vehicle);  // throws here rather than in a thread
  const auto path = std::make_shared<const FlightPath>(route, airspace.frame);
  const ClearanceProbe probe(airspace, route.policy, *path);
  const Scene scene{.airspace = airspace,
                    .vehicle = vehicle,
                    .policy = route.policy,
                    .options = options,
                    .path = path,
                    .probe = probe};
  const WindProfile profile(options.conditions.profile);
  std::vector<RunResult> results(options.runs);
  std::atomic<std::size_t> done{0};
  parallel_chunks(options.runs, kChunk, options.threads, [&](std::size_t begin, std::size_t end) {
    if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) return;
    FleetMotion motion(1, profile);
    for (std::size_t run = begin; run < end; ++run) results[run] = fly(scene, motion, run);
    const std::size_t now = done += end - begin;
    if (options.progress) options.progress(now);
  });
  return results;
}

}  // namespace swiftlet::sim
