#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "geo/policy.hpp"
#include "geo/utc_time.hpp"
#include "geo/wind.hpp"
#include "planner/route.hpp"

namespace swiftlet::planner {

/// A pad of the region; slot counts from 0.
struct PadRef {
  std::string pad;
  int slot = 0;
  friend bool operator==(const PadRef&, const PadRef&) = default;
};

/// A bare point: on the ground, or on a deck that high above the ground.
struct GroundPoint {
  LonLat at;
  double deck_height_agl_m = 0.0;
  friend bool operator==(const GroundPoint&, const GroundPoint&) = default;
};

/// Already flying (start only).
struct AirbornePoint {
  GeoPoint at;
  double v_e_m_s = 0.0;
  double v_n_m_s = 0.0;
  double v_u_m_s = 0.0;
  friend bool operator==(const AirbornePoint&, const AirbornePoint&) = default;
};

using Place = std::variant<GroundPoint, PadRef, AirbornePoint>;

/// One plan request, checked: numbers finite and in range; pads not yet looked up.
struct PlanRequest {
  std::string id;
  Place from;
  Place to;
  UtcTime depart;
  Objective objective = Objective::time;
  double payload_kg = 0.0;
  std::optional<double> battery_wh;  ///< energy aboard at departure; a full battery if absent
  std::optional<geo::Wind> wind;     ///< the region's own if absent
  geo::Policy policy;                ///< the region's defaults with the request's overrides
  std::vector<std::string> authorisations;
  /// Touchdown by then, departing as late as that allows; `depart` is then the earliest departure.
  std::optional<UtcTime> arrive_by = {};
  std::optional<double> max_ground_risk = {};  ///< expected ground fatalities that the flight may not exceed
  int alternatives = 0;                        ///< really different routes wanted beside the best one
  bool explain = false;                        ///< the answer says what the planner did and what binds
};

/// More are not asked for.
constexpr int kMostAlternatives = 8;

/// How hard to search. Search effort is counted in work units so that answers do not depend on the machine.
struct PlanOptions {
  std::string planner = "auto";
  std::uint64_t seed = 1;
  std::optional<std::int64_t> effort = {};
  std::optional<std::chrono::milliseconds> deadline = {};
  std::optional<std::chrono::steady_clock::time_point> began =
      {};  ///< what the deadline counts from; the call if absent
};

}  // namespace swiftlet::planner
