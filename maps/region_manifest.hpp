#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "geo/policy.hpp"
#include "geo/wind.hpp"
#include "geo/wind_profile.hpp"

namespace swiftlet::maps {

struct TerrainSource {
  std::filesystem::path path;
  std::optional<double> nodata;
  std::string kind = "dtm";
  int max_void_cells = 3;                  ///< voids of up to so many cells are filled
  std::optional<double> sea_level_m = {};  ///< MSL: what larger voids are; left out, they stay without terrain
  double ground_radius_m = 50.0;           ///< of a surface model that stands alone: where its ground is looked for
  double min_height_m = 0.0;               ///< of a surface model: what rises no higher above the ground is no obstacle
};

/// What an OpenStreetMap feature of a class is taken for where its tags do not say.
struct OsmDefaults {
  std::optional<double> height_m;  ///< above the ground; none: a feature without a height is an error
  double radius_m = 0.0;           ///< of points and lines, about their axis
};

/// The classes of OpenStreetMap features that become obstacles; also the kinds of the obstacles.
enum class OsmClass : unsigned char { building, tower, mast, chimney, crane, power_tower, power_line, aerialway };
inline constexpr std::size_t kOsmClasses = 8;
[[nodiscard]] std::string_view name(OsmClass c);

/// Obstacles of a vector file, of a raster of heights above the ground, or of an OpenStreetMap extract.
enum class ObstacleFormat : unsigned char { vector, raster, osm };

struct ObstacleSource {
  std::filesystem::path path;
  ObstacleFormat format = ObstacleFormat::vector;
  std::string layer;
  std::string where;
  std::string kind = "building";
  std::string height_field;       ///< metres above the ground
  std::string top_field;          ///< metres MSL
  std::string base_field;         ///< metres MSL
  std::string base_height_field;  ///< metres above the ground
  std::string levels_field;
  double level_height_m = 3.0;
  std::optional<double> default_height_m;
  double buffer_m = 0.0;             ///< about points and lines
  std::string radius_field;          ///< metres; stands in for buffer_m where a feature has it
  double sag_m = 0.0;                ///< of hanging cables: so far they sag below their base and swing out sideways
  bool keep_beyond_terrain = false;  ///< a feature partly beyond the terrain stands on what there is under it
  std::optional<double> nodata;      ///< of a raster
  double min_height_m = 0.0;         ///< of a raster: what is no higher is no obstacle
  std::array<OsmDefaults, kOsmClasses> osm = {};
};

struct GeozoneSource {
  std::filesystem::path path;
};

struct PadSource {
  std::filesystem::path path;
};

/// What a forecast's components u and v mean.
enum class WindVectors : unsigned char {
  by_name,     ///< what the variables' standard names say
  true_north,  ///< u blows east, v north
  grid,        ///< u blows along the grid's x axis, v along its y axis
};

/// Wind that is the same everywhere, or a forecast; with its profile above the ground.
struct WindSource {
  std::filesystem::path path;  ///< of a forecast; empty: `wind` holds everywhere
  geo::Wind wind;
  geo::WindProfile profile;  ///< at_height_m: of `wind`, or the level of the forecast that is read
  std::string speed_variable;
  std::string direction_variable;
  std::string u_variable;
  std::string v_variable;
  WindVectors vectors = WindVectors::by_name;
};

/// More than live anywhere.
inline constexpr double kMostPeoplePerKm2 = 1e6;

/// People on the ground: a raster of people per km², or polygons. Entries add up; polygons that say nothing of people
/// multiply what the others say by their weight.
struct GroundRiskSource {
  std::filesystem::path path;
  bool raster = false;
  double weight = 1.0;           ///< a person here counts so often
  std::optional<double> nodata;  ///< of a raster
  std::string layer;
  std::string where;
  std::string field;                     ///< people per km²
  std::optional<double> people_per_km2;  ///< of polygons whose field is empty or that have none
  double buffer_m = 0.0;                 ///< about points and lines

  [[nodiscard]] bool multiplies() const { return !raster && field.empty() && !people_per_km2; }
};

/// What a source's entry says of it that touches no geometry.
struct SourceNote {
  std::string entry;        ///< terrain, obstacles, geozones, pads, ground_risk, wind
  std::string licence;      ///< empty where the region file says none
  std::string attribution;  ///< who has to be named
};

/// Names the compiled form and everything in it; part of every airspace hash, so it is raised whenever the meaning of
/// compiled data changes.
inline constexpr const char* kAirspaceFormat = "swiftlet.airspace/4";

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
  std::vector<GroundRiskSource> ground_risk;
  std::optional<WindSource> wind;
  std::vector<SourceNote> notes;  ///< one a source file, in the order of source_files()

  /// Every source file in the order of the manifest.
  [[nodiscard]] std::vector<std::filesystem::path> source_files() const;
};

/// Reads region.toml. Errors: file_not_found, config_invalid, config_unknown_key (with file:line and the nearest
/// valid key), value_invalid. Relative paths start at the
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
