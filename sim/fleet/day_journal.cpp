#include "sim/fleet/day_journal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace swiftlet::sim {

DayJournal::DayJournal(const Scenario& scenario)
    : keeps_(std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const Scenario::ScriptedFault& fault) {
        return fault.kind == Scenario::ScriptedFault::Kind::service_crash;
      })) {}

void DayJournal::take(std::vector<dispatch::Record> records, const dispatch::DispatchState& state,
                      const RehearsedDay& day, const DayClock& clock, FleetOutcome& outcome) {
  for (dispatch::Record& record : records) {
    log_.add(record);
    if (std::holds_alternative<dispatch::OrderAccepted>(record.body)) ++live_orders_;
    if (const auto* mission = std::get_if<dispatch::MissionIssued>(&record.body)) {
      outcome.traffic_delays_s.push_back(mission->traffic_delay_s);
    }
    if (const auto* moved = std::get_if<dispatch::OrderMoved>(&record.body)) {
      if (dispatch::is_terminal(moved->to)) --live_orders_;
      if (moved->to == dispatch::OrderState::airborne) {
        const auto known = day.number_of.find(state.orders.at(moved->order_id).client_order_id);
        if (known != day.number_of.end()) outcome.orders[known->second].taken_off_s = clock.seconds_to(record.at);
      }
    }
    if (keeps_) kept_.push_back(std::move(record));
  }
  outcome.records = log_.lines();
}

Expected<std::string> DayJournal::finish(const dispatch::DispatchState& state, const SeparationRecord& separation) {
  log_.add_line(fmt::format(R"({{"kind":"end","intrusions":{},"flown_steps":{},"state":"{}"}})",
                            separation.intrusions(), separation.drone_steps(), dispatch::state_hash(state)));
  return log_.finish();
}

}  // namespace swiftlet::sim
