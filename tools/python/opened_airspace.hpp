#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "geo/airspace_view.hpp"
#include "geo/referee.hpp"
#include "planner/planner.hpp"
#include "planner/view_cache.hpp"

namespace swiftlet::python {

/// An airspace as Python holds it: what was compiled, and what is made of it when it is first asked for (views, the
/// referee, the planner), kept for the next call. Safe to use from any number of threads.
class OpenedAirspace {
 public:
  /// Errors: those of maps::load_airspace.
  [[nodiscard]] static Expected<std::shared_ptr<OpenedAirspace>> open(const std::filesystem::path& dir);
  /// The version in which a document of live zones holds. Errors: those of maps::apply_live_zones and
  /// maps::with_live_zones; value_invalid where this version has live zones of its own.
  [[nodiscard]] Expected<std::shared_ptr<OpenedAirspace>> with_live_zones(const std::string& document,
                                                                          const std::string& where) const;

  [[nodiscard]] const geo::AirspacePtr& airspace() const { return airspace_; }
  [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }
  /// Reads the sources on the first call. Errors: those of maps::load_referee.
  [[nodiscard]] Expected<std::shared_ptr<const geo::Referee>> referee() const;
  /// Errors: those of referee().
  [[nodiscard]] Expected<const planner::Planner*> planner() const;
  /// The last few are kept. Errors: those of geo::check_policy.
  [[nodiscard]] Expected<std::shared_ptr<const geo::AirspaceView>> view(const geo::ViewOptions& options) const;
  /// The one that answers what does not depend on a policy.
  [[nodiscard]] std::shared_ptr<const geo::AirspaceView> own_view() const;

 private:
  OpenedAirspace(std::filesystem::path dir, geo::AirspacePtr airspace, std::shared_ptr<const geo::Referee> referee)
      : dir_(std::move(dir)), airspace_(std::move(airspace)), views_(airspace_), referee_(std::move(referee)) {}

  std::filesystem::path dir_;
  geo::AirspacePtr airspace_;
  mutable planner::ViewCache views_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const geo::Referee> referee_;
  mutable std::unique_ptr<const planner::Planner> planner_;
};

}  // namespace swiftlet::python
