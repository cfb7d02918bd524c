#pragma once

#include <memory>
#include <vector>

#include "dispatch/core/core.hpp"
#include "sim/fleet/day_journal.hpp"
#include "sim/fleet/route_shelf.hpp"

namespace swiftlet::sim {

/// The service's side of the day: the very core of production, its journal, and the planner that answers it a second
/// after it asked. It can be killed, and starts again from its journal alone.
class RehearsedService {
 public:
  RehearsedService(const Scenario& scenario, const RehearsedDay& day, const planner::Planner& planner,
                   RouteStore& routes);

  [[nodiscard]] dispatch::Core& core() { return *core_; }
  [[nodiscard]] const dispatch::DispatchState& state() const { return core_->state(); }
  [[nodiscard]] DayJournal& journal() { return journal_; }
  [[nodiscard]] RouteShelf& shelf() { return shelf_; }

  /// The plans of the second before go to the core, and it ticks.
  void tick(UtcTime now);
  /// What this turn's inputs have led to. Records are in the journal by then and plan jobs with the planner; the rest
  /// is for the caller.
  [[nodiscard]] dispatch::Effects settle(const DayClock& clock, FleetOutcome& outcome);
  /// What was asked for is planned, in this wind.
  void plan(const geo::Wind& forecast, unsigned threads);
  /// Kill −9: what was not journalled is gone, and a new core takes over from the journal. False where it is not in the
  /// state that the old one was in.
  [[nodiscard]] bool crash(UtcTime now);

 private:
  const RehearsedDay& day_;
  std::unique_ptr<dispatch::Core> core_;
  DayJournal journal_;
  RouteShelf shelf_;
  std::vector<dispatch::PlanJob> jobs_;
  std::vector<dispatch::PlanAnswer> answers_;
};

}  // namespace swiftlet::sim
