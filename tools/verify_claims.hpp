#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/referee.hpp"

namespace swiftlet::tools {

/// What a published route says of itself that its own waypoints or the referee's measures contradict: one violation
/// of rule "claim" each, whose cause names the field and says what is true. A claim that is absent is not judged.
[[nodiscard]] std::vector<geo::Violation> false_claims(const nlohmann::json& source, const geo::RouteUnderTest& route,
                                                       const geo::RefereeReport& report);

}  // namespace swiftlet::tools
