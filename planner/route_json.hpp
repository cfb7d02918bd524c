#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "planner/plan_request.hpp"
#include "planner/route.hpp"

namespace swiftlet::planner {

/// The route as swiftlet.route/1; keys in the order of the contract.
[[nodiscard]] nlohmann::ordered_json to_json(const Route& route);

/// Reads a swiftlet.route/1, but for what explains it and its alternatives. Errors: bad_json, bad_request with the
/// field.
[[nodiscard]] Expected<Route> parse_route(std::string_view json);

/// Reads one plan request line. `defaults` supplies what the line leaves out (policy, depart, objective, vehicle …).
/// Errors: bad_json, bad_request, unknown_field, value_invalid, time_invalid; each names the field.
struct ParsedRequest {
  PlanRequest request;
  std::string vehicle;  ///< name or file; empty if the line names none
};
[[nodiscard]] Expected<ParsedRequest> parse_plan_request(std::string_view json, const PlanRequest& defaults);

/// "sha256:…" over the canonical bytes of a route without `planning`, `explain` and `alternatives`: what a drone checks
/// a mission against.
[[nodiscard]] std::string route_hash(const Route& route);

/// The text of to_json() and the route_hash(), in the time of one of them. Precondition: its texts are UTF-8.
struct RouteText {
  std::string json;
  std::string hash;
};
[[nodiscard]] RouteText route_text(const Route& route);

}  // namespace swiftlet::planner
