#pragma once

#include <filesystem>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// GeoJSON of 2008 may name its reference system by an address: {"crs": {"type": "link", …}}. No address is fetched,
/// and without it nobody knows where the coordinates are. Looks for such a member of a JSON file's outermost object,
/// without taking the file into memory; a file that is no JSON has none. Errors: unsupported_format.
[[nodiscard]] Expected<void> refuse_linked_crs(const std::filesystem::path& file);

}  // namespace swiftlet::maps
