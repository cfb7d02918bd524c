#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dispatch/core/effects.hpp"
#include "geo/pad.hpp"
#include "planner/planner.hpp"
#include "sim/flight_path.hpp"

namespace swiftlet::sim {

/// The planner behind the dispatch core, with a memory: a route between two slots that was proven once is given again
/// for another departure, as long as the same zones bind it then and the battery aboard is enough; its clock is moved
/// and nothing else. Payloads are rounded up to half a kilogram. Everything that is not remembered is planned by the
/// real planner and passed by the real referee. The same jobs get the same answers whatever the number of threads.
class RouteShelf {
 public:
  /// `laid_out` are pads that the airspace does not know: their slots are planned for as bare points.
  RouteShelf(const planner::Planner& planner, const std::map<std::string, planner::VehicleProfile>& profiles,
             const std::vector<geo::Pad>& laid_out);

  /// One answer a job, in the order of the jobs.
  [[nodiscard]] std::vector<dispatch::PlanAnswer> answer(const std::vector<dispatch::PlanJob>& jobs, unsigned threads);

  /// Plans in another version of the airspace from now on, and forgets what was proven in the old one. The planner must
  /// outlive this.
  void use(const planner::Planner& planner);

  [[nodiscard]] std::size_t planned() const { return planned_; }
  [[nodiscard]] std::size_t remembered() const { return remembered_; }

 private:
  [[nodiscard]] planner::Place plain(const planner::Place& place) const;
  [[nodiscard]] std::string key(const dispatch::PlanJob& job) const;
  [[nodiscard]] std::string zones(const planner::Route& route, UtcTime depart) const;
  [[nodiscard]] planner::Route plan(const dispatch::PlanJob& job, double payload_kg) const;
  /// The remembered route for this job, if it still holds for it.
  [[nodiscard]] const planner::Route* fitting(const planner::Route& route, const dispatch::PlanJob& job) const;

  const planner::Planner* planner_;
  const std::map<std::string, planner::VehicleProfile>& profiles_;
  std::map<std::string, const geo::Pad*> laid_out_;
  struct Kept {
    planner::Route route;
    std::string zones;
  };
  std::map<std::string, Kept> kept_;
  std::size_t planned_ = 0;
  std::size_t remembered_ = 0;
};

}  // namespace swiftlet::sim
