#include "tools/bench/traffic_bench.hpp"

#include <cmath>
#include <ctime>
#include <random>

#include "planner/traffic/reservation_index.hpp"

namespace swiftlet::tools {
namespace {

using geo::Enu3;

constexpr double kBar_ms = 10.0;
constexpr double kSpread_s = 200.0;  // departures of those in the air
constexpr double kLatest_s = 1800.0;
constexpr int kCorners = 6;

/// Of this thread's own work: other programs on the machine do not count.
double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// Up, over the ground with a few corners at cruise, down; about 2 to 3 km, every 60 m a waypoint as smoothed routes
/// have.
planner::Route drawn_route(const geo::LocalFrame& frame, std::mt19937_64& random, double side_m) {
  std::uniform_real_distribution<double> place(0.0, side_m);
  std::uniform_real_distribution<double> turn(-0.5, 0.5);
  std::uniform_real_distribution<double> height(32.0, 45.0);
  planner::Route route;
  double t_s = 0.0;
  Enu3 p(place(random), place(random), 0.0);
  const auto add = [&](double ground_speed_m_s) {
    planner::Waypoint w;
    w.position = frame.to_geo(p);
    w.t_s = t_s;
    w.ground_speed_m_s = ground_speed_m_s;
    route.waypoints.push_back(w);
  };
  add(0.0);
  p.z() = height(random);
  t_s += p.z() / 3.0;
  add(15.0);  // as fast from end to end over the ground
  double heading = 6.283 * turn(random) * 2.0;
  for (int leg = 0; leg < kCorners; ++leg, heading += turn(random)) {
    for (int k = 0; k < 7; ++k) {
      p += 60.0 * Enu3(std::cos(heading), std::sin(heading), 0.0);
      t_s += 4.0;
      add(15.0);
    }
  }
  t_s += p.z() / 2.0;
  p.z() = 0.0;
  add(0.0);
  route.duration_s = t_s;
  return route;
}

}  // namespace

FigureSheet bench_traffic(const TrafficBenchOptions& options) {
  std::mt19937_64 random(options.seed);
  std::uniform_real_distribution<double> when(0.0, kSpread_s);
  const geo::LocalFrame frame({4.85, 45.76});
  planner::ReservationIndex index;
  const auto first_free_s = [&](const planner::OperationalIntent& intent, double wish_s) {
    return planner::first_free(index.forbidden_departures(intent, wish_s, wish_s + kLatest_s), wish_s,
                               wish_s + kLatest_s, 1.0);
  };
  double volumes = 0.0;
  double met = 0.0;
  while (index.reservations() < static_cast<std::size_t>(options.reservations)) {
    const auto intent = planner::operational_intent(drawn_route(frame, random, options.side_m), frame, {});
    if (const auto departs_s = first_free_s(intent, when(random))) (void)index.reserve(intent, *departs_s);
  }
  std::vector<double> choose_ms;
  std::vector<double> meet_ms;
  std::vector<double> delay_s;
  for (int k = 0; k < options.questions; ++k) {
    const planner::Route route = drawn_route(frame, random, options.side_m);
    const double wish_s = when(random);
    const double began = cpu_ms();
    const auto intent = planner::operational_intent(route, frame, {});
    const auto departs_s = first_free_s(intent, wish_s);
    const double chosen = cpu_ms();
    const bool meets = index.first_conflict(intent, wish_s).has_value();
    meet_ms.push_back(cpu_ms() - chosen);
    choose_ms.push_back(chosen - began);
    if (departs_s) delay_s.push_back(*departs_s - wish_s);
    volumes += static_cast<double>(intent.volumes.size());
    met += meets ? 1.0 : 0.0;
  }
  FigureSheet sheet;
  const auto add = [&](const char* name, double value, const char* unit, std::optional<double> bar = {}) {
    sheet.add({.name = name, .value = value, .unit = unit, .bar = bar});
  };
  add("traffic.reservations", static_cast<double>(index.reservations()), "count");
  add("traffic.reserved_volumes", static_cast<double>(index.volumes()), "count");
  add("traffic.volumes_a_flight", volumes / options.questions, "count");
  add("traffic.free_departure.p50_ms", quantile(choose_ms, 0.5), "ms");
  add("traffic.free_departure.p99_ms", quantile(choose_ms, 0.99), "ms");
  add("traffic.free_departure.worst_ms", quantile(choose_ms, 1.0), "ms", kBar_ms);
  add("traffic.first_conflict.p99_ms", quantile(meet_ms, 0.99), "ms");
  add("traffic.would_meet_share", met / options.questions, "ratio");
  add("traffic.departure_delay.p50_s", quantile(delay_s, 0.5), "s");
  add("traffic.departure_delay.p90_s", quantile(delay_s, 0.9), "s");
  return sheet;
}

}  // namespace swiftlet::tools
