#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/policy.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::geo {

/// What a referee is shown of a route: the path as it will be published (already rounded), when each point is
/// reached, and what it claims to respect.
struct RouteUnderTest {
  std::string airspace_hash;
  std::vector<GeoPoint> path;  ///< straight in (lon, lat, alt_msl_m) between consecutive points
  std::vector<double> t_s;     ///< seconds after depart, one a point, never falling
  UtcTime depart;
  double time_uncertainty_s = 0.0;  ///< widens every interval of presence on both sides
  Policy policy;
  std::vector<std::string> authorisations;  ///< zone ids held
};

/// One rule broken. Rules: airspace_hash, path, out_of_region, lateral_clearance, terminal_radius,
/// min_height_agl, max_height_agl, below_ground, geozone; and claim, where a route states of itself what is not so
/// (found by swiftlet verify, which compares a report with the route).
struct Violation {
  std::string rule;
  int segment = 0;  ///< between path[segment] and path[segment + 1]
  GeoPoint at = {};
  std::optional<double> required_m = {};
  std::optional<double> actual_m = {};
  std::optional<ErrorCause> cause = {};
};

/// The obstacle that comes nearest to the path, and where on the path that is.
struct NearestObstacle {
  ErrorCause obstacle;
  GeoPoint at = {};
};

/// What a referee found. The measures are meaningful only where there are no violations.
struct RefereeReport {
  std::vector<Violation> violations;
  std::optional<double> min_lateral_clearance_m;   ///< over points lower than top + vertical clearance
  std::optional<double> min_vertical_clearance_m;  ///< over points nearer than the lateral clearance
  std::optional<NearestObstacle> nearest;
  double min_height_agl_m = 0.0;  ///< en route: terminal segments left out
  double max_height_agl_m = 0.0;
  std::vector<std::string> geozones;  ///< ids of the zones whose footprint the path enters, active or not

  [[nodiscard]] bool ok() const { return violations.empty(); }
};

/// Judges finished routes on the source data. An implementation shares no geometry code with the planner.
/// Thread-safe: judge may be called from several threads at once.
class Referee {
 public:
  virtual ~Referee() = default;
  [[nodiscard]] virtual RefereeReport judge(const RouteUnderTest& route) const = 0;

 protected:
  Referee() = default;
  Referee(const Referee&) = default;
  Referee& operator=(const Referee&) = default;
};

}  // namespace swiftlet::geo
