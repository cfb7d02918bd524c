#include "tools/verify_claims.hpp"

#include <fmt/core.h>

#include <GeographicLib/Geodesic.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace swiftlet::tools {
namespace {

using nlohmann::json;

constexpr double kSeconds = 0.002;
constexpr double kMetres = 0.01;
constexpr double kGap = 1e-5;
constexpr double kLength = 1e-3;  ///< of the length: between a local frame's metres and the ellipsoid's
/// A speed at a waypoint is an instant's, between two of them an average's.
constexpr double kSpeedShare = 1.1;
constexpr double kSpeed_m_s = 1.0;

/// The number at object.field, if the route makes that claim; any other kind of value is a false claim by itself.
class Claims {
 public:
  explicit Claims(const json& source) : source_(source) {}

  [[nodiscard]] std::optional<double> number(const json& object, const char* field) {
    const auto found = object.find(field);
    if (found == object.end() || found->is_null()) return std::nullopt;
    if (found->is_number()) return found->get<double>();
    refute(field, "is no number", 0);
    return std::nullopt;
  }
  void refute(const std::string& field, const std::string& truth, int segment, const GeoPoint& at = {}) {
    violations.push_back({.rule = "claim", .segment = segment, .at = at, .cause = ErrorCause{field, truth}});
  }
  void compare(const json& object, const char* field, std::optional<double> truth, double tolerance) {
    const auto claimed = number(object, field);
    if (!claimed || (truth && std::abs(*claimed - *truth) <= tolerance)) return;
    refute(field,
           truth ? fmt::format("{} is claimed, {:.3f} is true", *claimed, *truth)
                 : fmt::format("{} is claimed, nothing is so near", *claimed),
           0);
  }
  const json& source() const { return source_; }

  std::vector<geo::Violation> violations;

 private:
  const json& source_;
};

/// Nobody arrives faster than flown at the greater of the two speeds that the waypoints state.
void check_speeds(Claims& claims, const geo::RouteUnderTest& route) {
  const json& waypoints = claims.source()["waypoints"];
  for (std::size_t i = 0; i + 1 < route.path.size(); ++i) {
    const auto here = claims.number(waypoints[i], "ground_speed_m_s");
    const auto there = claims.number(waypoints[i + 1], "ground_speed_m_s");
    if (!here || !there) continue;
    const double distance_m = ground_distance_m(route.path[i], route.path[i + 1]);
    const double allowed_m =
        (kSpeedShare * std::max(*here, *there) + kSpeed_m_s) * (route.t_s[i + 1] - route.t_s[i]) + kMetres;
    if (distance_m <= allowed_m) continue;
    claims.refute("t_s",
                  fmt::format("{:.1f} m in {:.2f} s is more than the stated ground speed", distance_m,
                              route.t_s[i + 1] - route.t_s[i]),
                  static_cast<int>(i), route.path[i]);
    return;
  }
}

void check_length(Claims& claims, const geo::RouteUnderTest& route) {
  double length_m = 0.0;
  for (std::size_t i = 0; i + 1 < route.path.size(); ++i) {
    length_m += std::hypot(ground_distance_m(route.path[i], route.path[i + 1]),
                           route.path[i + 1].alt_msl_m - route.path[i].alt_msl_m);
  }
  claims.compare(claims.source(), "length_m", length_m, kLength * length_m + kMetres);
}

void check_end(Claims& claims, const geo::RouteUnderTest& route) {
  claims.compare(claims.source(), "duration_s", route.t_s.back(), kSeconds);
  const auto speed = claims.number(claims.source()["waypoints"].back(), "ground_speed_m_s");
  if (speed && *speed > kSpeed_m_s) {
    claims.refute("duration_s", fmt::format("the route ends at {} m/s: it does not land", *speed),
                  static_cast<int>(route.path.size()) - 2, route.path.back());
  }
}

/// What each objective's cost is the same as.
constexpr std::array kCosts{std::pair("time", "duration_s"), std::pair("energy", "energy_wh"),
                            std::pair("length", "length_m"), std::pair("risk", "ground_risk")};

void check_cost(Claims& claims) {
  const json& source = claims.source();
  const auto cost = claims.number(source, "cost");
  const auto bound = claims.number(source, "lower_bound");
  const auto objective = source.find("objective");
  // Fatalities are far below a thousandth.
  const bool risk = objective != source.end() && *objective == "risk";
  const double slack = risk ? kGap * std::abs(cost.value_or(0.0)) : kSeconds;
  if (cost && bound && *bound > *cost + slack) {
    claims.refute("lower_bound", fmt::format("{} is above the cost, {}", *bound, *cost), 0);
  }
  if (cost && bound && *bound > 0.0) {
    claims.compare(source, "gap", *cost / *bound - 1.0, kGap * std::max(1.0, *cost / *bound));
  }
  for (const auto& [word, field] : kCosts) {
    if (objective == source.end() || *objective != word || !cost) continue;
    if (const auto spent = claims.number(source, field)) claims.compare(source, "cost", *spent, slack);
  }
  const auto energy = claims.number(claims.source(), "energy_wh");
  if (energy && !(*energy > 0.0)) claims.refute("energy_wh", fmt::format("{} Wh fly nowhere", *energy), 0);
}

/// What the certificate says is near: the obstacle and the zones are the referee's, and a clearance is null only where
/// there is nothing to be clear of.
void check_nearest(Claims& claims, const json& certificate, const geo::RefereeReport& report) {
  for (const auto& [field, truth] : {std::pair("min_lateral_clearance_m", report.min_lateral_clearance_m),
                                     {"min_vertical_clearance_m", report.min_vertical_clearance_m}}) {
    const auto claimed = certificate.find(field);
    if (claimed != certificate.end() && claimed->is_null() && truth) {
      claims.refute(field, fmt::format("null is claimed, {:.3f} is true", *truth), 0);
    }
  }
  const auto nearest = certificate.find("nearest");
  if (nearest != certificate.end()) {
    const bool none = nearest->is_null();
    const bool same = report.nearest && nearest->is_object() &&
                      nearest->value("id", json()) == report.nearest->obstacle.id &&
                      nearest->value("kind", json()) == report.nearest->obstacle.kind;
    if (none ? report.nearest.has_value() : !same) {
      claims.refute("nearest",
                    report.nearest ? fmt::format("{} {} is", report.nearest->obstacle.kind, report.nearest->obstacle.id)
                                   : "nothing is near",
                    0);
    }
  }
  const auto zones = certificate.find("geozones");
  if (zones != certificate.end() && *zones != json(report.geozones)) {
    claims.refute("geozones", fmt::format("{} is true", json(report.geozones).dump()), 0);
  }
}

}  // namespace

std::vector<geo::Violation> false_claims(const json& source, const geo::RouteUnderTest& route,
                                         const geo::RefereeReport& report) {
  Claims claims(source);
  if (route.path.size() < 2) return {};
  check_end(claims, route);
  check_length(claims, route);
  check_speeds(claims, route);
  check_cost(claims);
  const auto certificate = source.find("certificate");
  if (certificate != source.end() && !certificate->is_object() && !certificate->is_null()) {
    claims.refute("certificate", "is no object", 0);
  }
  if (certificate != source.end() && certificate->is_object()) {
    claims.compare(*certificate, "min_lateral_clearance_m", report.min_lateral_clearance_m, kMetres);
    claims.compare(*certificate, "min_vertical_clearance_m", report.min_vertical_clearance_m, kMetres);
    claims.compare(*certificate, "min_height_agl_m", report.min_height_agl_m, kMetres);
    claims.compare(*certificate, "max_height_agl_m", report.max_height_agl_m, kMetres);
    check_nearest(claims, *certificate, report);
    const auto hash = certificate->find("airspace_hash");
    if (hash != certificate->end() && *hash != route.airspace_hash) {
      claims.refute("certificate.airspace_hash", "is not the route's own", 0);
    }
  }
  return std::move(claims.violations);
}

double ground_distance_m(const GeoPoint& a, const GeoPoint& b) {
  double distance_m = 0.0;
  GeographicLib::Geodesic::WGS84().Inverse(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg, distance_m);
  return distance_m;
}

std::vector<std::string> unjudged_claims(const json& source) {
  std::vector<std::string> claims;
  const auto ask = [&](const json& object, const std::string& field) {
    const auto found = object.find(field);
    if (found == object.end() || found->is_null()) claims.push_back(field + ": the route does not say");
  };
  for (const char* field : {"length_m", "duration_s", "energy_wh", "cost", "lower_bound", "certificate"}) {
    ask(source, field);
  }
  const auto certificate = source.find("certificate");
  if (certificate != source.end() && certificate->is_object()) {
    for (const char* field : {"airspace_hash", "min_height_agl_m", "max_height_agl_m", "energy_reserve_wh"}) {
      ask(*certificate, field);
    }
  }
  const auto risk = source.find("ground_risk");
  if (risk != source.end() && risk->is_number()) claims.emplace_back("ground_risk: the referee reads no densities");
  return claims;
}

}  // namespace swiftlet::tools
