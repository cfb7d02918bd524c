#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <utility>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "maps/compile.hpp"
#include "maps/region_manifest.hpp"

// The compiled form: one directory with terrain and its enclosing surfaces as GeoTIFF, obstacles, zones and pads as
// GeoPackage (both open in QGIS), a manifest with hashes, counts and warnings, and a copy of the sources that the
// referee judges on.
namespace swiftlet::maps {

/// A directory beside the one that an airspace shall have, for writing it before it is moved there. What has not been
/// placed is removed at the end of its life.
class StagedAirspace {
 public:
  /// Makes the directory. Errors: output_refused where `dir` exists and is neither empty nor an airspace.
  [[nodiscard]] static Expected<StagedAirspace> beside(const std::filesystem::path& dir);
  StagedAirspace(StagedAirspace&& other) noexcept
      : path_(std::exchange(other.path_, {})), target_(std::move(other.target_)) {}
  StagedAirspace& operator=(StagedAirspace&&) = delete;
  ~StagedAirspace();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Errors: output_refused.
  [[nodiscard]] Expected<void> write(const RegionManifest& manifest, const CompiledRegion& region) const;
  /// Moves what has been written into place, perhaps by another process; an older airspace there makes way. Errors:
  /// output_refused, airspace_damaged.
  [[nodiscard]] Expected<void> place();

 private:
  StagedAirspace(std::filesystem::path path, std::filesystem::path target)
      : path_(std::move(path)), target_(std::move(target)) {}
  std::filesystem::path path_;
  std::filesystem::path target_;
};

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
