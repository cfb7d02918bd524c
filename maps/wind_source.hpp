#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "geo/config_table.hpp"
#include "maps/region_manifest.hpp"

// Private to maps: the [[wind]] entry of region.toml.
namespace swiftlet::maps {

[[nodiscard]] WindSource read_wind_source(const ConfigTable& entry, const std::filesystem::path& folder);

/// The entry as TOML, without the path.
[[nodiscard]] std::string to_toml(const WindSource& source);

}  // namespace swiftlet::maps
