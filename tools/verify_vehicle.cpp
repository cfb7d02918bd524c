#include "tools/verify_vehicle.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "planner/energy.hpp"
#include "tools/verify_claims.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::json;

constexpr double kShare = 1.01;  ///< waypoints are rounded, and instants lie between them
constexpr double kInstant_s = 0.002;
constexpr double kMetres = 0.02;
constexpr double kRounding_wh = 0.02;

geo::Violation beyond(const char* field, std::string truth, std::size_t segment, const GeoPoint& at) {
  return {
      .rule = "claim", .segment = static_cast<int>(segment), .at = at, .cause = ErrorCause{field, std::move(truth)}};
}

/// The first segment that takes less time than the vehicle needs for it.
std::optional<geo::Violation> too_fast(const geo::RouteUnderTest& route, const planner::VehicleProfile& v) {
  const double ground_m_s = kShare * (v.max_airspeed_m_s + v.max_wind_m_s);
  for (std::size_t i = 0; i + 1 < route.path.size(); ++i) {
    const GeoPoint& a = route.path[i];
    const GeoPoint& b = route.path[i + 1];
    const double taken_s = route.t_s[i + 1] - route.t_s[i] + kInstant_s;
    if (const double across = ground_distance_m(a, b); across > ground_m_s * taken_s + kMetres) {
      return beyond("t_s",
                    fmt::format("{:.1f} m across in {:.2f} s: {} reaches {:.1f} m/s at most, with the wind", across,
                                taken_s, v.name, v.max_airspeed_m_s + v.max_wind_m_s),
                    i, a);
    }
    if (v.autopilot) continue;  // it climbs and descends by parameters of its own
    const double up_m = b.alt_msl_m - a.alt_msl_m;
    const double vertical_m_s = up_m > 0.0 ? v.climb_speed_m_s : v.descent_speed_m_s;
    if (std::abs(up_m) > kShare * vertical_m_s * taken_s + kMetres) {
      return beyond("t_s",
                    fmt::format("{:+.1f} m in {:.2f} s: {} {} at {} m/s at most", up_m, taken_s, v.name,
                                up_m > 0.0 ? "climbs" : "descends", vertical_m_s),
                    i, a);
    }
  }
  return std::nullopt;
}

/// Autopilots are sent the speeds that a route states.
std::optional<geo::Violation> speed_never_flown(const json& source, const geo::RouteUnderTest& route,
                                                const planner::VehicleProfile& v) {
  const double most_m_s = kShare * (v.max_airspeed_m_s + v.max_wind_m_s);
  const json& waypoints = source["waypoints"];
  for (std::size_t i = 0; i < waypoints.size(); ++i) {
    const auto speed = waypoints[i].find("ground_speed_m_s");
    if (speed == waypoints[i].end() || !speed->is_number()) continue;
    if (const double m_s = speed->get<double>(); !(m_s >= 0.0 && m_s <= most_m_s)) {
      return beyond("ground_speed_m_s",
                    fmt::format("{} m/s: {} flies over the ground at 0 to {:.1f} m/s", m_s, v.name, most_m_s), i,
                    route.path[i]);
    }
  }
  return std::nullopt;
}

std::optional<double> number(const json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

}  // namespace

std::vector<geo::Violation> beyond_the_vehicle(const json& source, const geo::RouteUnderTest& route,
                                               const planner::VehicleProfile& vehicle) {
  std::vector<geo::Violation> violations;
  if (route.path.size() < 2) return violations;
  if (auto fast = too_fast(route, vehicle)) violations.push_back(std::move(*fast));
  if (auto speed = speed_never_flown(source, route, vehicle)) violations.push_back(std::move(*speed));
  const auto energy_wh = number(source, "energy_wh");
  if (!energy_wh) return violations;
  const planner::PowerModel empty(vehicle, 0.0);
  const double least_wh = empty.least_w(vehicle.max_airspeed_m_s) * route.t_s.back() / 3600.0;
  if (*energy_wh < least_wh / kShare) {
    violations.push_back(beyond("energy_wh",
                                fmt::format("{} Wh: {} takes {:.1f} Wh at the very least in {:.0f} s", *energy_wh,
                                            vehicle.name, least_wh, route.t_s.back()),
                                0, route.path.front()));
  }
  const auto certificate = source.find("certificate");
  if (certificate == source.end() || !certificate->is_object()) return violations;
  const auto reserve_wh = number(*certificate, "energy_reserve_wh");
  if (!reserve_wh) return violations;
  const double most_wh = vehicle.battery_wh - *energy_wh;
  // What was aboard, and what of it the route's own policy leaves for a hold and for nothing at all.
  const double aboard_wh = *reserve_wh + *energy_wh;
  const double least_left_wh =
      route.policy.energy_reserve_fraction * aboard_wh + route.policy.hold_s * empty.hover_w() / 3600.0;
  if (*reserve_wh > most_wh + kRounding_wh) {
    violations.push_back(beyond("energy_reserve_wh",
                                fmt::format("{} Wh: a full battery of {} has {:.1f} Wh left after {} Wh", *reserve_wh,
                                            vehicle.name, most_wh, *energy_wh),
                                0, route.path.front()));
  } else if (*reserve_wh < least_left_wh / kShare) {
    violations.push_back(beyond(
        "energy_reserve_wh",
        fmt::format("{} Wh of {:.1f} Wh: the policy keeps {:.1f} Wh at least", *reserve_wh, aboard_wh, least_left_wh),
        0, route.path.front()));
  }
  return violations;
}

}  // namespace swiftlet::tools
