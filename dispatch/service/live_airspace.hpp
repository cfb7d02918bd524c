#pragma once

#include <memory>

#include "dispatch/core/operator_command.hpp"
#include "dispatch/core/state.hpp"
#include "dispatch/service/fleet_setup.hpp"
#include "dispatch/service/planner_pool.hpp"

namespace swiftlet::dispatch {

/// The version of the airspace in which missions are planned: what was compiled, with the zones that the journal says
/// have come and gone. Referee and airspace follow by the same document, each reading it itself. One thread's.
class LiveAirspace {
 public:
  explicit LiveAirspace(OpenedRegion region);

  /// Before the core sees a command: an insert_zone's document is read and placed, and the version that it leads to is
  /// named; likewise for remove_zone. Other commands are left as they are. Errors: bad_json, value_invalid,
  /// geometry_invalid, time_invalid (the document), bad_request (its id is not the target), conflict, not_found.
  [[nodiscard]] Expected<void> place(OperatorCommand& command, const DispatchState& state) const;

  /// At the start: the version in which the journal's zones hold, over what is compiled now. Errors: those of reading
  /// the zones.
  [[nodiscard]] Expected<void> restore(const DispatchState& state);

  /// Makes the version that the state names, if it is not that already; true if it was not. Errors: store_unavailable
  /// where the zones in the journal do not lead to it.
  [[nodiscard]] Expected<bool> follow(const DispatchState& state);

  /// How to make a planner for the present version. The referee's sources are read once, by the first that is called.
  [[nodiscard]] PlannerPool::MakePlanner planner() const;

  [[nodiscard]] const geo::AirspacePtr& version() const { return now_; }
  [[nodiscard]] const std::string& hash() const { return now_->hash; }

 private:
  struct Referees;

  OpenedRegion region_;
  geo::AirspacePtr now_;
  std::string document_;  ///< swiftlet.live_zones/1; empty where nothing has changed
  std::shared_ptr<Referees> referees_;
};

}  // namespace swiftlet::dispatch
