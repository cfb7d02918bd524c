#pragma once

#include <map>
#include <string>
#include <vector>

#include "dispatch/core/effects.hpp"
#include "geo/pad.hpp"
#include "planner/planner.hpp"

namespace swiftlet::sim {

/// The planner behind the dispatch core, with a memory: a route between two slots that was proven once is given again
/// where the planner would answer the same: in the same version of the airspace, wind and policy, under the same
/// zones, for the same vehicle. Its clock is moved to another departure and nothing else; where zones or a forecast
/// change meanwhile, the departure has to be the same too. The battery aboard has to be enough. Payloads are rounded up
/// to half a kilogram. Everything that is not remembered is planned by the real planner and passed by the real referee.
/// The same jobs get the same answers whatever the number of threads and whatever was asked before.
class RouteShelf {
 public:
  /// `laid_out` are pads that the airspace does not know: their slots are planned for as bare points.
  RouteShelf(const planner::Planner& planner, const std::map<std::string, planner::VehicleProfile>& profiles,
             const std::vector<geo::Pad>& laid_out);

  /// One answer a job, in the order of the jobs.
  [[nodiscard]] std::vector<dispatch::PlanAnswer> answer(const std::vector<dispatch::PlanJob>& jobs, unsigned threads);

  /// Plans in another version of the airspace from now on. The planner must outlive this.
  void use(const planner::Planner& planner) { planner_ = &planner; }

  [[nodiscard]] std::size_t planned() const { return planned_; }
  [[nodiscard]] std::size_t remembered() const { return remembered_; }

 private:
  [[nodiscard]] planner::Place plain(const planner::Place& place) const;
  /// Everything that the planner's answer depends on; empty for what is not remembered.
  [[nodiscard]] std::string key(const dispatch::PlanJob& job) const;
  /// Of that, policy, zones and wind; the departure too where they change while the flight may be under way.
  [[nodiscard]] std::string air_and_zones(const dispatch::PlanJob& job) const;
  [[nodiscard]] planner::Route plan(const dispatch::PlanJob& job, double payload_kg) const;
  /// Plans what no key of these jobs has been planned for yet, and keeps what is proven. Returns, by job, the refusals
  /// that answer one as it stands: of the payload's class and a full battery.
  [[nodiscard]] std::map<std::size_t, planner::Route> prove(const std::vector<dispatch::PlanJob>& jobs,
                                                            const std::vector<std::string>& keys, unsigned threads);
  /// A remembered route for this job's departure and battery.
  [[nodiscard]] planner::Route again(const planner::Route& known, const dispatch::PlanJob& job) const;
  /// The remembered route for this job, if the battery aboard is enough.
  [[nodiscard]] const planner::Route* fitting(const std::string& key, const dispatch::PlanJob& job) const;

  const planner::Planner* planner_;
  const std::map<std::string, planner::VehicleProfile>& profiles_;
  std::map<std::string, const geo::Pad*> laid_out_;
  std::map<std::string, planner::Route> kept_;
  std::size_t planned_ = 0;
  std::size_t remembered_ = 0;
};

}  // namespace swiftlet::sim
