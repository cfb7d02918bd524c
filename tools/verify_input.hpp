#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "geo/referee.hpp"

namespace swiftlet::tools {

/// A published route (swiftlet.route/1) as `swiftlet verify` reads it: with a reader of its own, so that a fault in
/// the planner's writer is not undone by the planner's reader.
struct RouteToVerify {
  std::string id;
  std::string status;   ///< only "ok" has a path
  std::string vehicle;  ///< its type, by name; empty where the route does not say
  geo::RouteUnderTest route;
};

/// One setting of a policy as given on the command line, KEY=VALUE. Errors: usage, with the known keys.
[[nodiscard]] Expected<void> override_policy(std::string_view key_value, geo::Policy& policy);

/// Reads one route. Where it has no `policy`, `defaults` hold; a `policy` object overrides field by field. Errors:
/// bad_request (naming the field), time_invalid.
[[nodiscard]] Expected<RouteToVerify> read_route(const nlohmann::json& source, const geo::Policy& defaults);

/// One JSON object over any number of lines, or one a line. Each element is the text of one object.
[[nodiscard]] std::vector<std::string> split_routes(const std::string& text);

}  // namespace swiftlet::tools
