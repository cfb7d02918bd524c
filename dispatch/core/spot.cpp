#include "dispatch/core/spot.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>

namespace swiftlet::dispatch {

std::string Spot::key() const {
  if (pad.empty()) return fmt::format("@{:.8f},{:.8f}", at.lon_deg, at.lat_deg);
  std::string key;
  key.reserve(pad.size() + 4);
  return key.append(pad).append(1, '/').append(std::to_string(slot));
}

planner::Place Spot::place() const {
  if (pad.empty()) return planner::GroundPoint{.at = at};
  return planner::PadRef{.pad = pad, .slot = slot};
}

double distance_m(LonLat a, LonLat b) {
  constexpr double kMetresPerDegree = 111'195.0;
  const double mean_lat = (a.lat_deg + b.lat_deg) / 2.0 * std::numbers::pi / 180.0;
  return kMetresPerDegree * std::hypot((b.lon_deg - a.lon_deg) * std::cos(mean_lat), b.lat_deg - a.lat_deg);
}

}  // namespace swiftlet::dispatch
