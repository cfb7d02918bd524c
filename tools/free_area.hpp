#pragma once

#include <nlohmann/json_fwd.hpp>

#include "geo/airspace.hpp"

namespace swiftlet::tools {

/// What views of an airspace prove free under low ceilings (50, 40 and 35 m where the policy's floor is below them): a
/// list with max_height_agl_m, proven_m2, possible_m2, proven_share_at_least, components, largest_component_m2. Empty
/// for airspaces of more than kMostCells, for which it would take minutes.
[[nodiscard]] nlohmann::ordered_json free_area(const geo::AirspacePtr& airspace);
constexpr std::size_t kMostCells = 20'000'000;

void print_free_area(const nlohmann::ordered_json& shares);

}  // namespace swiftlet::tools
