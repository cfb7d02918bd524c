#include "sim/fleet/city_day.hpp"

#include <fmt/core.h>

#include <chrono>

#include "sim/fleet/air_watch.hpp"
#include "sim/fleet/audit.hpp"
#include "sim/fleet/faults.hpp"
#include "sim/fleet/fleet_link.hpp"
#include "sim/fleet/merchant.hpp"
#include "sim/fleet/order_ends.hpp"
#include "sim/fleet/rehearsed_service.hpp"
#include "sim/fleet/scenario_operator.hpp"
#include "sim/fleet/weather.hpp"

namespace swiftlet::sim {
namespace {

using Fault = Scenario::ScriptedFault;

constexpr std::int64_t kEtaEvery_s = 30;
constexpr std::int64_t kAuditEvery_s = 60;
constexpr double kAfterHours_s = 7200.0;
constexpr std::size_t kMostComplaints = 20;
constexpr std::uint64_t kChanceKey = 4242;

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Has everybody act at his second, and carries what they say between them.
class CityDay {
 public:
  CityDay(const Scenario& scenario, const RehearsedDay& day, const planner::Planner& planner, const DayOptions& options)
      : scenario_(scenario),
        day_(day),
        options_(options),
        clock_{.begin = scenario.begin},
        service_(scenario, day, planner, options.routes != nullptr ? *options.routes : own_routes_),
        fleet_(day.config, planner.airspace().frame, scenario, WindProfile{}, options.seed),
        weather_(scenario, options.seed),
        chance_(options.seed, kChanceKey),
        link_(scenario, day, chance_),
        merchant_(scenario, day),
        operator_(scenario, day.config.airspace_hash, options.planner_with_zones) {
    outcome_.orders.resize(day.orders.size());
  }

  Expected<FleetOutcome> run() {
    if (auto opened = service_.journal().open(options_.log_file); !opened) return Unexpected(opened.error());
    const double began = wall_now();
    service_.core().start(clock_.now());
    settle();
    for (; !over(); ++clock_.second) {
      if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
        outcome_.complete = false;
        break;
      }
      turn();
      if (options_.progress && clock_.strikes_every(60)) options_.progress(clock_.now_s());
    }
    check();
    complain(note_ends(service_.state(), clock_, outcome_.orders));
    add_up();
    auto hash = service_.journal().finish(service_.state(), outcome_.separation);
    if (!hash) return Unexpected(hash.error());
    outcome_.log_hash = *hash;
    outcome_.wall_s = wall_now() - began;
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] bool over() {
    if (clock_.now_s() < scenario_.duration_s()) return false;
    if (clock_.now_s() >= scenario_.duration_s() + kAfterHours_s) return true;
    return fleet_.flying() == 0 && service_.journal().live_orders() == 0 && !merchant_.awaits_answers();
  }

  void turn() {
    const double core_began = wall_now();
    weather_.advance(clock_.now_s());
    go_wrong();
    complain(operator_.act(clock_, weather_.forecast(), service_.core(), service_.shelf()));
    strike_by_chance(scenario_, clock_.now_s(), chance_, fleet_, outcome_.faults);
    said_.clear();
    fleet_.act(clock_.now_s(), clock_.now(), said_);
    for (const OnboardFleet::Said& one : said_) link_.hear(one, clock_.now(), service_.core());
    merchant_.speak(clock_, service_.core(), outcome_.orders);
    service_.tick(clock_.now());
    settle();
    if (clock_.strikes_every(kEtaEvery_s)) sample_etas();
    if (clock_.strikes_every(kAuditEvery_s)) check();
    outcome_.core_s += wall_now() - core_began;
    const double planning_began = wall_now();
    service_.plan(weather_.forecast(), options_.threads);
    const double motion_began = wall_now();
    outcome_.planning_s += motion_began - planning_began;
    fleet_.fly(clock_.now_s(), weather_.east_m_s(), weather_.north_m_s(), scenario_.gust_strength, options_.threads);
    watch_air();
    outcome_.motion_s += wall_now() - motion_began;
  }

  /// Everything that the core wants done after this turn's inputs.
  void settle() {
    const dispatch::Effects effects = service_.settle(clock_, outcome_);
    for (const dispatch::OutgoingFrame& one : effects.to_drones) {
      link_.deliver(one, clock_, fleet_, service_.core());
    }
    for (const dispatch::OutgoingFrame& one : effects.to_merchants) {
      merchant_.take_reply(clock_, one.frame, outcome_.orders);
    }
    for (const dispatch::OperatorResult& result : effects.to_operators) {
      ++outcome_.faults[result.state == "done" ? "operator_act" : "operator_act_refused"];
    }
    for (const dispatch::Notice& notice : effects.notices) {
      outcome_.alarms += notice.level == dispatch::NoticeLevel::alarm;
    }
  }

  void go_wrong() {
    for (const Fault& fault : faults_due(scenario_, clock_.second)) {
      if (fault.kind == Fault::Kind::service_crash) {
        crash();
      } else {
        strike(fault, day_.config.drones, clock_.now_s(), fleet_, outcome_.faults);
      }
    }
  }

  void crash() {
    ++outcome_.crashes;
    if (!service_.crash(clock_.now())) complain({"the journal does not replay to the same state"});
    link_.reconnect(clock_.now_s(), fleet_);
    merchant_.ask_again(clock_, service_.core());
    settle();
  }

  void sample_etas() {
    const int waiting = merchant_.take_etas(clock_, service_.core(), outcome_.etas);
    if (!clock_.strikes_every(60)) return;
    outcome_.flying_by_minute.push_back(static_cast<int>(fleet_.flying()));
    outcome_.waiting_by_minute.push_back(waiting);
  }

  void watch_air() {
    const auto was_at = [&](std::size_t i) {
      return what_it_was_at(day_.config.drones[i].id, fleet_.position(i), service_.state());
    };
    const auto& known = outcome_.separation.first();
    for (auto left = air_watch_.look(fleet_, clock_.now_s(), options_.threads, outcome_.separation); left > 0; --left) {
      const Intrusion& one = known[known.size() - left];
      outcome_.intrusions_told.push_back(was_at(one.a) + ", " + was_at(one.b));
    }
    if (options_.track_every_s <= 0 || !clock_.strikes_every(options_.track_every_s)) return;
    record_tracks(fleet_, clock_.second + 1, outcome_.tracks);
  }

  void check() { complain(audit(service_.state(), service_.journal().live_orders())); }

  void complain(const std::vector<std::string>& broken) {
    for (const std::string& what : broken) {
      if (outcome_.broken_invariants.size() == kMostComplaints) return;
      outcome_.broken_invariants.push_back(fmt::format("{}: {}", format_rfc3339(clock_.now()), what));
    }
  }

  /// The day's sums.
  void add_up() {
    outcome_.simulated_s = clock_.now_s();
    outcome_.flown_s = fleet_.flown_s();
    outcome_.used_wh = fleet_.used_wh();
    outcome_.swaps = fleet_.swaps();
    outcome_.came_down = fleet_.came_down();
    outcome_.planned = service_.shelf().planned();
    outcome_.remembered = service_.shelf().remembered();
  }

  const Scenario& scenario_;
  const RehearsedDay& day_;
  const DayOptions& options_;
  DayClock clock_;
  RouteStore own_routes_;
  RehearsedService service_;
  OnboardFleet fleet_;
  Weather weather_;
  RandomStream chance_;
  FleetLink link_;
  Merchant merchant_;
  ScenarioOperator operator_;
  AirWatch air_watch_;
  std::vector<OnboardFleet::Said> said_;
  FleetOutcome outcome_;
};

}  // namespace

Expected<FleetOutcome> rehearse_day(const Scenario& scenario, const RehearsedDay& day, const planner::Planner& planner,
                                    const DayOptions& options) {
  return CityDay(scenario, day, planner, options).run();
}

}  // namespace swiftlet::sim
