#include "sim/fleet/rehearsed_service.hpp"

#include <utility>

namespace swiftlet::sim {

RehearsedService::RehearsedService(const Scenario& scenario, const RehearsedDay& day, const planner::Planner& planner,
                                   RouteStore& routes)
    : day_(day),
      core_(std::make_unique<dispatch::Core>(day.config)),
      journal_(scenario),
      shelf_(planner, day.config.profiles, day.laid_out, routes) {}

void RehearsedService::tick(UtcTime now) {
  for (const dispatch::PlanAnswer& answer : std::exchange(answers_, {})) core_->on_plan_answer(now, answer);
  core_->tick(now);
}

dispatch::Effects RehearsedService::settle(const DayClock& clock, FleetOutcome& outcome) {
  dispatch::Effects effects = core_->take_effects();
  journal_.take(std::exchange(effects.records, {}), core_->state(), day_, clock, outcome);
  for (dispatch::PlanJob& job : std::exchange(effects.plans, {})) jobs_.push_back(std::move(job));
  return effects;
}

void RehearsedService::plan(const geo::Wind& forecast, unsigned threads) {
  if (jobs_.empty()) return;
  for (dispatch::PlanJob& job : jobs_) job.request.wind = forecast;
  answers_ = shelf_.answer(std::exchange(jobs_, {}), threads);
}

bool RehearsedService::crash(UtcTime now) {
  const std::string before = dispatch::state_hash(core_->state());
  core_ = std::make_unique<dispatch::Core>(day_.config);
  for (const dispatch::Record& record : journal_.kept()) core_->replay(record);
  const bool replays = dispatch::state_hash(core_->state()) == before;
  jobs_.clear();
  answers_.clear();
  core_->start(now);
  return replays;
}

}  // namespace swiftlet::sim
