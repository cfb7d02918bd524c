#pragma once

#include <string>
#include <vector>

#include "dispatch/core/record.hpp"
#include "dispatch/core/state.hpp"
#include "sim/fleet/day_clock.hpp"
#include "sim/fleet/event_log.hpp"
#include "sim/fleet/fleet_outcome.hpp"

namespace swiftlet::sim {

/// The core's records of a day, in their order: written to the event log, read for the day's outcome, and kept where
/// the scenario will have the service start again from them.
class DayJournal {
 public:
  explicit DayJournal(const Scenario& scenario);

  /// Errors: output_refused.
  [[nodiscard]] Expected<void> open(const std::string& log_file) { return log_.open(log_file); }
  /// `state` is the core's after all of `records`.
  void take(std::vector<dispatch::Record> records, const dispatch::DispatchState& state, const RehearsedDay& day,
            const DayClock& clock, FleetOutcome& outcome);
  /// The log's last line, and its hash. Errors: output_refused.
  [[nodiscard]] Expected<std::string> finish(const dispatch::DispatchState& state, const SeparationRecord& separation);

  /// Everything so far; empty where the scenario has no service_crash.
  [[nodiscard]] const std::vector<dispatch::Record>& kept() const { return kept_; }
  /// Orders accepted and not at their end.
  [[nodiscard]] std::int64_t live_orders() const { return live_orders_; }

 private:
  bool keeps_ = false;
  EventLog log_;
  std::vector<dispatch::Record> kept_;
  std::int64_t live_orders_ = 0;
};

}  // namespace swiftlet::sim
