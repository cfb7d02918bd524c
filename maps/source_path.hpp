#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "geo/config_table.hpp"

// Private to maps: how a region file names its sources.
namespace swiftlet::maps {

/// The path under a key, which must be there, from the region file's folder on.
[[nodiscard]] std::filesystem::path source_path(const ConfigTable& entry, const char* key,
                                                const std::filesystem::path& folder);

/// The files that belong to a source besides itself, as far as they are there: of a shapefile its attributes, index,
/// reference system and encoding. Their names differ from its own in nothing but the extension.
[[nodiscard]] std::vector<std::filesystem::path> side_files(const std::filesystem::path& source);

/// A text as TOML writes it.
[[nodiscard]] std::string quoted_toml(const std::string& text);

}  // namespace swiftlet::maps
