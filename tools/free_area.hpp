#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "geo/airspace.hpp"

namespace swiftlet::tools {

/// What views of an airspace prove free under low ceilings (50, 40 and 35 m where the policy's floor is below them): a
/// list with max_height_agl_m, proven_m2, possible_m2, proven_share_at_least, components, largest_component_m2. Empty
/// for airspaces of more than kMostCells, for which it would take minutes.
[[nodiscard]] nlohmann::ordered_json free_area(const geo::AirspacePtr& airspace);
constexpr std::size_t kMostCells = 20'000'000;

/// What was measured of an airspace before and lies in its directory; null where there is nothing of that hash.
[[nodiscard]] nlohmann::ordered_json stored_free_area(const std::filesystem::path& dir, const std::string& hash);
/// Keeps a measurement beside the airspace, whole or not at all; false where the directory cannot be written.
[[nodiscard]] bool store_free_area(const std::filesystem::path& dir, const std::string& hash,
                                   const nlohmann::ordered_json& shares);

void print_free_area(const nlohmann::ordered_json& shares);

}  // namespace swiftlet::tools
