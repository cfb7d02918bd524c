#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/policy.hpp"
#include "geo/wind.hpp"

namespace swiftlet::maps {

struct TerrainSource {
  std::filesystem::path path;
  std::optional<double> nodata;
  std::string kind = "dtm";
};

/// Exactly one of the ways to say how high a feature is.
struct ObstacleSource {
  std::filesystem::path path;
  std::string layer;
  std::string where;
  std::string kind = "building";
  std::string height_field;  ///< metres above the ground
  std::string top_field;     ///< metres MSL
  std::string base_field;    ///< metres MSL
  std::string levels_field;
  double level_height_m = 3.0;
  std::optional<double> default_height_m;
  double buffer_m = 0.0;
};

struct GeozoneSource {
  std::filesystem::path path;
};

struct PadSource {
  std::filesystem::path path;
};

/// Wind that is the same everywhere, with its profile above the ground.
struct WindSource {
  geo::Wind wind;
  std::string profile = "constant";
  double z0_m = 0.5;
  double displacement_m = 0.0;
  double exponent = 0.25;
};

/// region.toml as read and checked: paths are absolute, numbers finite and in range. Nothing in it has been opened.
struct RegionManifest {
  std::filesystem::path file;
  std::string name;
  std::string vertical_datum;
  std::optional<double> ellipsoid_minus_datum_m;
  geo::Policy policy;
  std::vector<TerrainSource> terrain;
  std::vector<ObstacleSource> obstacles;
  std::vector<GeozoneSource> geozones;
  std::vector<PadSource> pads;
  std::optional<WindSource> wind;

  /// Every source file in the order of the manifest.
  [[nodiscard]] std::vector<std::filesystem::path> source_files() const;
};

/// Reads region.toml. Errors: file_not_found, config_invalid, config_unknown_key (with file:line and the nearest
/// valid key), unsupported_format for entries that this version does not compile yet. Relative paths start at the
/// manifest's folder.
[[nodiscard]] Expected<RegionManifest> read_region_manifest(const std::filesystem::path& file);

/// The manifest as TOML that read_region_manifest reads back to the same values, but for the sources' paths, which are
/// replaced by path_of(k) for the k-th of source_files().
[[nodiscard]] std::string to_toml(const RegionManifest& manifest,
                                  const std::function<std::string(std::size_t k)>& path_of);

/// The airspace hash, "sha256:…": over the version of the format, the canonical region file (to_toml without paths) and
/// the bytes of every source. The same sources give the same hash wherever they stand and however they are named.
/// Errors: file_not_found, file_unreadable.
[[nodiscard]] Expected<std::string> airspace_hash(const RegionManifest& manifest);

}  // namespace swiftlet::maps
