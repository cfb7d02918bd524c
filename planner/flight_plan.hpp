#pragma once

#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "planner/flight_check.hpp"
#include "planner/view_cache.hpp"
#include "planner/waypoints.hpp"

namespace swiftlet::planner {

/// Both ends of a flight, looked up and proven.
struct FlightEnds {
  Terminal start;
  Terminal rest;  ///< where an airborne start has braked to rest; else the same as start
  Terminal goal;
  [[nodiscard]] bool brakes() const { return rest.transit_enu() != start.transit_enu(); }
};

/// A flight that the view has proven, not yet judged by the referee.
struct FlightPlan {
  Trajectory trajectory;
  double energy_wh = 0.0;
  std::optional<double> ground_risk = {};  ///< expected fatalities; nothing where the region knows no densities
  LowerBounds bounds;
  FlightEnds ends = {};
  std::vector<geo::Enu2> corners = {};                         ///< of the track that it rounds
  std::string_view found_by = {};                              ///< the search that the track comes from
  int track = 0;                                               ///< which of the tracks that were timed it rounds
  int tracks = 0;                                              ///< that were timed to find it
  std::shared_ptr<const SearchSpace> space = {};               ///< that it was planned in
  double longest_s = std::numeric_limits<double>::infinity();  ///< what the space holds for
  double strongest_wind_m_s = 0.0;                             ///< 0 where it was judged before
};

/// Errors: those of resolve and find_terminal; bad_request where both ends are one place. `may_prove` as in find_track.
[[nodiscard]] tl::expected<FlightEnds, SearchFailure> flight_ends(const geo::AirspaceView& view,
                                                                  const PlanRequest& request,
                                                                  const FlightLimits& limits, bool may_prove);

/// The track rounded, proven by the view and timed; nothing where it cannot be proven. Precondition: it is flyable.
[[nodiscard]] std::optional<Trajectory> flown(const geo::AirspaceView& view, const FlightLimits& limits,
                                              const FlightEnds& ends, const Track& track,
                                              const std::optional<Layer>& layer = {});

/// The same with energy and risk, but no bounds. In wind above the vehicle's limit too: its strongest is stated.
[[nodiscard]] std::optional<FlightPlan> planned(const geo::AirspaceView& view, const PlanRequest& request,
                                                const FlightLimits& limits, const FlightEnds& ends, const Track& track,
                                                const std::optional<Layer>& layer = {});

/// In the objective's unit. Precondition: for risk, the region knows densities.
[[nodiscard]] double flight_cost(const FlightPlan& plan, Objective objective);

using FlightSink = std::function<void(const FlightPlan& flight)>;

/// Plans one flight in one search space: terminals, tracks, curves, times, energy; the best for the objective. `whole`
/// is the view of the longest flight: it alone proves absence, and its bounds hold for flights of any duration.
/// `first`, if given, is shown the first flight that is found, before anything better is looked for; its bounds are 0.
[[nodiscard]] tl::expected<FlightPlan, SearchFailure> plan_flight(const SearchSpace& space, const PlanRequest& request,
                                                                  const FlightLimits& limits,
                                                                  const PlanOptions& options, SearchBudget& budget,
                                                                  const geo::AirspaceView& whole,
                                                                  const FlightSink& first = {});

}  // namespace swiftlet::planner
