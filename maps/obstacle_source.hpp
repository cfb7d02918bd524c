#pragma once

#include <filesystem>
#include <string>

#include "geo/config_table.hpp"
#include "maps/region_manifest.hpp"

// Private to maps: an [[obstacles]] entry of region.toml.
namespace swiftlet::maps {

/// Reads an entry; problems are noted in its table. A path that ends in .osm.pbf, .pbf or .osm is an OpenStreetMap
/// extract; `raster` in place of `path` names a raster of heights above the ground.
[[nodiscard]] ObstacleSource read_obstacle_source(const ConfigTable& entry, const std::filesystem::path& folder);

/// The entry as TOML that reads back to the same values; `path` is already quoted. A quoted path that is empty still
/// gives the same text for the same values.
[[nodiscard]] std::string to_toml(const ObstacleSource& source, const std::string& path);

}  // namespace swiftlet::maps
