#pragma once

#include <filesystem>
#include <string>

#include "geo/config_table.hpp"
#include "maps/region_manifest.hpp"

// Private to maps: the [[ground_risk]] entries of region.toml.
namespace swiftlet::maps {

[[nodiscard]] GroundRiskSource read_ground_risk_source(const ConfigTable& entry, const std::filesystem::path& folder);

/// The entry as TOML, without the path.
[[nodiscard]] std::string to_toml(const GroundRiskSource& source);

}  // namespace swiftlet::maps
