#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "maps/compile.hpp"
#include "maps/region_manifest.hpp"

// The compiled form: one directory with terrain and its enclosing surfaces as GeoTIFF, obstacles, zones and pads as
// GeoPackage (both open in QGIS), a manifest with hashes, counts and warnings, and a copy of the sources that the
// referee judges on.
namespace swiftlet::maps {

/// Writes a compiled region to `dir`, whole or not at all: everything is written beside it first and then moved into
/// place. An older airspace there is replaced; any other existing directory is left alone. Errors: output_refused.
[[nodiscard]] Expected<void> store_airspace(const RegionManifest& manifest, const CompiledRegion& region,
                                            const std::filesystem::path& dir);

/// Compiles the region and stores it. Errors: those of compile and store_airspace; nothing is written on any of them.
[[nodiscard]] Expected<void> compile_region(const RegionManifest& manifest, const std::filesystem::path& dir);

/// Loads a compiled airspace; every file is checked against its hash. Errors: file_not_found, airspace_damaged,
/// unsupported_format (another version of the format: build it again).
[[nodiscard]] Expected<geo::AirspacePtr> load_airspace(const std::filesystem::path& dir);

/// The manifest of a compiled airspace: "swiftlet.airspace/1". Errors: file_not_found, airspace_damaged.
[[nodiscard]] Expected<nlohmann::ordered_json> read_airspace_manifest(const std::filesystem::path& dir);

}  // namespace swiftlet::maps
