#pragma once

#include <memory>
#include <mutex>

#include "dispatch/core/operator_command.hpp"
#include "dispatch/core/state.hpp"
#include "dispatch/service/planner_pool.hpp"
#include "geo/airspace.hpp"
#include "geo/referee.hpp"

namespace swiftlet::dispatch {

/// The airspace as operators have changed it: the compiled one and the versions that their zones make of it.
class LiveAirspace {
 public:
  LiveAirspace(geo::AirspacePtr compiled, std::filesystem::path airspace_dir);

  [[nodiscard]] const geo::AirspacePtr& version() const { return version_; }

  /// Puts into a command about a zone what the core needs: the zone in the airspace's frame, the hash of the version
  /// that the command makes. Other commands stay as they are. Errors: those of maps::read_live_zone, bad_request (the
  /// target is not the zone's id), conflict, not_found.
  [[nodiscard]] Expected<void> place(OperatorCommand& command) const;

  /// Goes to the version that the state names. True if it is another one. Errors: internal, where the state's zones do
  /// not lead to the version it names.
  [[nodiscard]] Expected<bool> follow(const DispatchState& state);

  /// Makes planners for the version of this moment; the referee's reading of the sources is shared by all of them.
  [[nodiscard]] PlannerPool::MakePlanner maker() const;

 private:
  struct Judge {
    std::filesystem::path airspace_dir;
    std::mutex mutex = {};
    std::shared_ptr<const geo::Referee> referee = {};  ///< of the compiled airspace, once somebody needed it
  };

  geo::AirspacePtr compiled_;
  geo::AirspacePtr version_;
  std::shared_ptr<Judge> judge_;
};

}  // namespace swiftlet::dispatch
