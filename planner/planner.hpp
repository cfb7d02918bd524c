#pragma once

#include <functional>
#include <memory>

#include "geo/airspace.hpp"
#include "geo/referee.hpp"
#include "planner/plan_request.hpp"
#include "planner/route.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// What an answer says of itself before anything is planned: the request's own, in which airspace and by what planner.
[[nodiscard]] Route unanswered(const geo::Airspace& airspace, const PlanRequest& request, const std::string& vehicle,
                               const PlanOptions& options);

/// Plans proven routes through one airspace. No route with status ok leaves plan() that the referee has not passed.
/// Thread-safe: plan() may be called from several threads at once. Views are derived once a policy and cached.
class Planner {
 public:
  Planner(geo::AirspacePtr airspace, std::shared_ptr<const geo::Referee> referee);
  ~Planner();
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  /// Always an answer: what cannot be planned comes back as a route whose status and error say why.
  [[nodiscard]] Route plan(const PlanRequest& request, const VehicleProfile& vehicle,
                           const PlanOptions& options = {}) const;

  /// Makes what the first plan of such a request would wait for: the view under its policy and its meshes, as long as
  /// `go_on`, asked between them, says so.
  void prepare(const PlanRequest& like, const VehicleProfile& vehicle, const std::function<bool()>& go_on) const;

  /// Whether the referee passes a route again that was proven before, and measures what its certificate says. Made for
  /// routes that were kept; false for one of another version of the airspace.
  [[nodiscard]] bool passes_again(const Route& route) const;

  [[nodiscard]] const geo::Airspace& airspace() const { return *airspace_ptr(); }
  [[nodiscard]] const geo::AirspacePtr& airspace_ptr() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::planner
