#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "geo/policy.hpp"
#include "geo/referee.hpp"
#include "geo/utc_time.hpp"
#include "planner/explanation.hpp"

namespace swiftlet::planner {

enum class Objective { time, energy, length, risk };
/// What one thing costs by each objective.
struct Costs {
  double time_s;
  double energy_wh;
  double length_m;
  std::optional<double> ground_risk;  ///< expected fatalities; nothing where the region knows no densities
};
/// By one of them, in its unit. Precondition: for risk, it is known.
[[nodiscard]] double cost_in(Objective objective, const Costs& costs);

enum class RouteStatus { ok, infeasible, refused, deadline };
enum class Phase { takeoff, climb, cruise, descent, landing };

[[nodiscard]] std::string_view name(Objective objective);
[[nodiscard]] std::string_view name(RouteStatus status);
[[nodiscard]] std::string_view name(Phase phase);

/// A point of the flown curve. Straight in (lon, lat, alt_msl_m) to the next one.
struct Waypoint {
  GeoPoint position;  ///< rounded to 10⁻⁸ degrees and 1 mm before it was certified
  double height_agl_m = 0.0;
  double t_s = 0.0;  ///< since the weight left the deck
  double ground_speed_m_s = 0.0;
  Phase phase = Phase::cruise;
};

/// What was proven about a route, by the referee, on the sources.
struct Certificate {
  std::string airspace_hash;
  std::optional<double> min_lateral_clearance_m;
  std::optional<double> min_vertical_clearance_m;
  std::optional<geo::NearestObstacle> nearest;
  double min_height_agl_m = 0.0;
  double max_height_agl_m = 0.0;
  std::vector<std::string> geozones;
  double energy_reserve_wh = 0.0;
};

struct PlanningReport {
  std::string planner;
  std::int64_t time_us = 0;
  std::int64_t first_solution_us = 0;
  std::string stopped;  ///< "deadline" where an outer stop cut the search; else empty
};

/// What may be tried instead of a request that was not answered with a route, as far as the planner has looked.
struct Hints {
  std::optional<UtcTime> depart_after = {};     ///< what stands in the way is no longer in force
  std::optional<double> max_height_agl_m = {};  ///< under this ceiling start and goal may be connected
  std::string pad = {};                         ///< the nearest one at which a flight may begin or end
};

/// Why an alternative is another way than the first route and all alternatives before it.
struct Difference {
  std::string kind;              ///< "side": something closed lies between the two; "layer": higher or lower
  std::optional<ErrorCause> of;  ///< what lies between
  std::string side;              ///< side: where it is passed, "left" or "right"; layer: "above" or "below"
  double apart_m = 0.0;          ///< the greatest distance of the alternative from the nearest point of the first route
};

/// The answer to a plan request: swiftlet.route/1. Where status is not ok there are no waypoints and there is an error.
struct Route {
  std::string id;
  RouteStatus status = RouteStatus::ok;
  std::optional<Error> error;
  std::string airspace_name;
  std::string airspace_hash;
  std::optional<double>
      ellipsoid_minus_datum_m;  ///< of the region, where it states it: for exports in ellipsoid heights
  std::string vehicle;
  Objective objective = Objective::time;
  UtcTime depart;
  geo::Policy policy;                       ///< everything it keeps to, the region's defaults included
  std::vector<std::string> authorisations;  ///< ids of the zones that it may enter
  double time_uncertainty_s = 0.0;  ///< how far reality may run ahead of or behind t_s without entering a zone in force
  std::vector<Waypoint> waypoints;
  double length_m = 0.0;
  double duration_s = 0.0;
  double energy_wh = 0.0;
  std::optional<double> ground_risk;  ///< expected ground fatalities; nothing where the region knows no densities
  double cost = 0.0;
  double lower_bound = 0.0;
  Certificate certificate;
  std::vector<std::string> warnings;  ///< what the answer rests on and is not as it should be
  PlanningReport planning;
  Hints hints;
  std::optional<Explanation> explanation;  ///< where it was asked for
  std::vector<Route> alternatives;         ///< each proven by itself, the cheapest first
  std::optional<Difference> differs;       ///< of an alternative
};

}  // namespace swiftlet::planner
