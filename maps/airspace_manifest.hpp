#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "geo/error.hpp"
#include "maps/compile.hpp"
#include "maps/region_manifest.hpp"

// manifest.json of a compiled airspace, "swiftlet.airspace/3": what people and other programs may want to know of it.
namespace swiftlet::maps {

inline constexpr const char* kManifestName = "manifest.json";
/// What has been measured of an airspace after it was built (swiftlet map info --free-area).
inline constexpr const char* kFreeAreaName = "free_area.json";

/// The manifest of a compiled airspace. Errors: file_not_found, airspace_damaged, unsupported_format (another version
/// of the format: build it again).
[[nodiscard]] Expected<nlohmann::ordered_json> read_airspace_manifest(const std::filesystem::path& dir);

/// Everything but sources and files.
[[nodiscard]] nlohmann::ordered_json describe(const CompiledRegion& region);
/// The k-th source and its copy: name, entry, licence, size, SHA-256. Errors: file_unreadable.
[[nodiscard]] Expected<nlohmann::ordered_json> describe_source(const RegionManifest& manifest, std::size_t k,
                                                               const std::filesystem::path& kept);
/// A compiled file: size and XXH3 checksum, which tells of damage. Errors: file_not_found, file_unreadable.
[[nodiscard]] Expected<nlohmann::ordered_json> describe_file(const std::filesystem::path& file);

/// What is wrong with a compiled file, if anything.
[[nodiscard]] std::optional<Error> check_file(const nlohmann::ordered_json& manifest, const std::string& name,
                                              const std::filesystem::path& file);
/// What is wrong with the kept copies of the sources.
[[nodiscard]] std::vector<Error> check_sources(const nlohmann::ordered_json& manifest,
                                               const std::filesystem::path& sources);

}  // namespace swiftlet::maps
