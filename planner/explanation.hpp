#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::planner {

/// What the planner did for an answer, and what binds it.
struct Explanation {
  /// The straight line from transit to transit, and the first thing that no altitude on it passes.
  struct Straight {
    bool free = false;
    std::optional<ErrorCause> blocked_by = {};
    std::optional<GeoPoint> at = {};
  };
  /// How an end is left or reached.
  struct End {
    double deck_msl_m = 0.0;
    double transit_msl_m = 0.0;
    double aside_m = 0.0;  ///< how far beside the place transit begins; 0: straight over it
  };
  /// What the lower bound of the time is made of.
  struct Bound {
    double ground_m = 0.0;  ///< no way over the ground is shorter
    double across_s = 0.0;
    double climb_s = 0.0;
    double landing_s = 0.0;
  };
  /// What the route touches: at its least distance, or at the limits of its band.
  struct Binding {
    std::string what;  ///< "lateral_clearance", "vertical_clearance", "min_height_agl", "max_height_agl", "geozone", …
    std::optional<ErrorCause> cause = {};
    double value_m = 0.0;
    double limit_m = 0.0;
  };

  std::optional<Straight> straight = {};
  std::optional<End> start = {};
  std::optional<End> goal = {};
  std::optional<Bound> bound = {};
  std::vector<Binding> binding = {};
  std::int64_t work_units = 0;  ///< what the searches spent
  int tracks = 0;               ///< ways that were timed
  std::string found_by = {};    ///< which search the route comes from
};

}  // namespace swiftlet::planner
