#pragma once

#include <nlohmann/json.hpp>

#include "planner/route.hpp"

// Private to the planner's JSON writers; stands in no public header.
namespace swiftlet::planner {

/// A route's `explain`.
[[nodiscard]] nlohmann::ordered_json explanation_json(const Explanation& explanation);

/// Why an alternative is one: its `differs`.
[[nodiscard]] nlohmann::ordered_json difference_json(const Difference& difference);

/// Adds what may be tried to an error's `hint`.
void add_hints(const Hints& hints, nlohmann::ordered_json& hint);

}  // namespace swiftlet::planner
