#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "maps/airspace_manifest.hpp"
#include "maps/compile.hpp"
#include "maps/fresh_directory.hpp"
#include "maps/region_manifest.hpp"

// The compiled form, one directory: airspace.bin, which is mapped and used as it lies on disk; terrain, floor and
// ceiling as cloud-optimised GeoTIFF and obstacles, zones and pads as GeoPackage, which open in QGIS; a manifest with
// hashes, sources, licences, policy, counts and warnings; and a copy of the sources, which the referee judges on.
namespace swiftlet::maps {

/// A directory beside the one that an airspace shall have, for writing it before it is moved there. What has not been
/// placed is removed at the end of its life.
class StagedAirspace {
 public:
  /// Makes the directory. Errors: output_refused where `dir` exists and is neither empty nor an airspace.
  [[nodiscard]] static Expected<StagedAirspace> beside(const std::filesystem::path& dir);
  [[nodiscard]] const std::filesystem::path& path() const { return fresh_.path(); }
  /// Errors: output_refused.
  [[nodiscard]] Expected<void> write(const RegionManifest& manifest, const CompiledRegion& region) const;
  /// Brings to disk what has been written, perhaps by another process, and moves it into place with one rename; an
  /// older airspace there makes way. Errors: output_refused, airspace_damaged.
  [[nodiscard]] Expected<void> place();

 private:
  explicit StagedAirspace(FreshDirectory fresh) : fresh_(std::move(fresh)) {}
  FreshDirectory fresh_;
};

/// Writes a compiled region to `dir`, whole or not at all: everything is written beside it first and then moved into
/// place. An older airspace there is replaced; any other existing directory is left alone. Errors: output_refused.
[[nodiscard]] Expected<void> store_airspace(const RegionManifest& manifest, const CompiledRegion& region,
                                            const std::filesystem::path& dir);

/// Compiles the region and stores it. Errors: those of compile and store_airspace; nothing is written on any of them.
[[nodiscard]] Expected<void> compile_region(const RegionManifest& manifest, const std::filesystem::path& dir);

/// Loads a compiled airspace: maps it, and reads no more than names, zones and pads. Everything else is checked against
/// its checksum when it is first touched; a query that touches a damaged tile throws geo::AirspaceDamaged. Errors:
/// file_not_found, airspace_damaged, unsupported_format (another version of the format: build it again).
[[nodiscard]] Expected<geo::AirspacePtr> load_airspace(const std::filesystem::path& dir);

/// Reads every byte of a compiled airspace and collects what is wrong with it. Empty: it is sound.
[[nodiscard]] std::vector<Error> check_airspace(const std::filesystem::path& dir);

}  // namespace swiftlet::maps
