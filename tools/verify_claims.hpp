#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geo/referee.hpp"

namespace swiftlet::tools {

/// What a published route says of itself that its own waypoints or the referee's measures contradict: one violation
/// of rule "claim" each, whose cause names the field and says what is true. A claim that is absent is not judged.
[[nodiscard]] std::vector<geo::Violation> false_claims(const nlohmann::json& source, const geo::RouteUnderTest& route,
                                                       const geo::RefereeReport& report);

/// Over the WGS84 ellipsoid.
[[nodiscard]] double ground_distance_m(const GeoPoint& a, const GeoPoint& b);

/// The claims that a route can make and this one does not, or that nothing here can judge, each with the reason.
[[nodiscard]] std::vector<std::string> unjudged_claims(const nlohmann::json& source);

}  // namespace swiftlet::tools
