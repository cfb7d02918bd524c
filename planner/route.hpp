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

namespace swiftlet::planner {

enum class Objective { time, energy, length, risk };
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
  double ground_risk = 0.0;  ///< expected ground fatalities; 0 where the region has no ground_risk layer
  double cost = 0.0;
  double lower_bound = 0.0;
  Certificate certificate;
  PlanningReport planning;
};

}  // namespace swiftlet::planner
