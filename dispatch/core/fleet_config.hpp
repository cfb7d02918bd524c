#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "geo/pad.hpp"
#include "geo/policy.hpp"
#include "planner/traffic/traffic_rules.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::dispatch {

struct RegisteredDrone {
  std::string id = {};
  std::string profile = {};  ///< key into FleetConfig::profiles
  std::string home_pad = {};
  int home_slot = 0;  ///< its own; no other drone's
};

/// What a delivery costs: base + per kilometre of the proven route from pick-up to drop-off.
struct Tariff {
  std::int64_t base_minor = 290;
  std::int64_t per_km_minor = 60;
  std::string currency = "EUR";
};

/// Requests that a merchant may make, a wall second and at once.
struct RateLimit {
  double rate_per_s = 50.0;
  double burst = 200.0;
};

/// How orders find their drones. `optimal` is what is flown; the others are there to compare with.
enum class AssignmentPolicy {
  optimal,       ///< least total cost over drones free now or soon, committed as late as readiness allows
  greedy,        ///< order by order the drone that is soonest at the pick-up, committed as late
  nearest_idle,  ///< order by order the nearest drone that stands idle, at once
};

/// What the core may be told before it starts and is never changed: the world's fixed things and the service's terms.
/// Replay does not depend on it.
struct FleetConfig {
  std::string airspace_name = {};
  std::string airspace_hash = {};
  LonLat frame_origin = {};  ///< of the airspace's local frame, in which zones are placed
  geo::Policy policy = {};
  std::vector<geo::Pad> pads = {};
  std::map<std::string, planner::VehicleProfile> profiles = {};
  std::vector<RegisteredDrone> drones = {};
  std::vector<std::string> merchants = {};                ///< those that the configuration names
  std::map<std::string, RateLimit> merchant_limits = {};  ///< of those that have one of their own
  Tariff tariff = {};
  double patience_s = 3600.0;  ///< an order that nothing can move for so long is ended, and told so
  double speed = 1.0;          ///< service seconds a wall second
  double rate_per_s = 50.0;    ///< of merchants without a limit of their own
  double burst = 200.0;
  std::string server = "swiftlet";
  AssignmentPolicy assignment = AssignmentPolicy::optimal;
  planner::TrafficRules traffic = {};
  bool deconflict = true;  ///< flights reserve their air and wait for it; false only to compare with

  [[nodiscard]] const geo::Pad* find_pad(std::string_view id) const;
  [[nodiscard]] RateLimit limit_of(const std::string& merchant) const;
  [[nodiscard]] const RegisteredDrone* find_drone(std::string_view id) const;
};

}  // namespace swiftlet::dispatch
