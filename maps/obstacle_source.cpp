#include "maps/obstacle_source.hpp"

#include <fmt/core.h>

#include "maps/source_path.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

constexpr double kHighest_m = 2000.0;
constexpr double kWidest_m = 5000.0;

/// What is known of such features where nobody has measured them; on the safe side of the common.
constexpr OsmDefaults usual(OsmClass c) {
  switch (c) {
    case OsmClass::building:
      return {.height_m = {}, .radius_m = 10.0};
    case OsmClass::tower:
    case OsmClass::mast:
      return {.height_m = 60.0, .radius_m = 5.0};
    case OsmClass::chimney:
      return {.height_m = 80.0, .radius_m = 5.0};
    case OsmClass::crane:
      return {.height_m = 80.0, .radius_m = 60.0};
    case OsmClass::power_tower:
      return {.height_m = 60.0, .radius_m = 15.0};
    case OsmClass::power_line:
      return {.height_m = 60.0, .radius_m = 15.0};
    case OsmClass::aerialway:
      return {.height_m = 40.0, .radius_m = 10.0};
  }
  return {};
}

void read_osm(const ConfigTable& entry, ObstacleSource& source) {
  source.kind = "osm";
  const ConfigTable heights = entry.table("default_heights_m");
  const ConfigTable radii = entry.table("radii_m");
  for (std::size_t k = 0; k < kOsmClasses; ++k) {
    const auto c = static_cast<OsmClass>(k);
    OsmDefaults& defaults = source.osm[k];
    defaults = usual(c);
    if (c == OsmClass::building) defaults.height_m = source.default_height_m;
    if (heights.has(name(c))) defaults.height_m = heights.number(name(c), 0.0, 0.0, kHighest_m);
    defaults.radius_m = radii.number(name(c), defaults.radius_m, 0.1, kWidest_m);
  }
  source.default_height_m = source.osm[static_cast<std::size_t>(OsmClass::building)].height_m;
}

void read_vector(const ConfigTable& entry, ObstacleSource& source) {
  source.layer = entry.text("layer");
  source.where = entry.text("where");
  source.kind = entry.text("kind", "building");
  source.height_field = entry.text("height_field");
  source.top_field = entry.text("top_field");
  source.base_field = entry.text("base_field");
  source.base_height_field = entry.text("base_height_field");
  source.levels_field = entry.text("levels_field");
  source.buffer_m = entry.number("buffer_m", 0.0, 0.0, kWidest_m);
  source.radius_field = entry.text("radius_field");
  if (source.height_field.empty() && source.top_field.empty() && source.levels_field.empty() &&
      !source.default_height_m) {
    entry.reject(ErrorCode::config_invalid, "path",
                 "says nothing of heights: give height_field, top_field, levels_field or default_height_m");
  }
}

bool is_osm(const fs::path& path) {
  const std::string file = path.filename().string();
  return file.ends_with(".pbf") || file.ends_with(".osm");
}

}  // namespace

std::string_view name(OsmClass c) {
  constexpr std::array<std::string_view, kOsmClasses> kNames{"building", "tower",       "mast",       "chimney",
                                                             "crane",    "power_tower", "power_line", "aerialway"};
  return kNames.at(static_cast<std::size_t>(c));
}

ObstacleSource read_obstacle_source(const ConfigTable& entry, const fs::path& folder) {
  ObstacleSource source;
  const bool is_raster = entry.has("raster");
  source.path = source_path(entry, is_raster ? "raster" : "path", folder);
  if (is_raster) {
    source.format = ObstacleFormat::raster;
    source.kind = entry.text("kind", "building");
    if (entry.has("nodata")) source.nodata = entry.number("nodata", 0.0);
    source.min_height_m = entry.number("min_height_m", 0.0, 0.0, kHighest_m);
    return source;
  }
  if (entry.has("default_height_m")) source.default_height_m = entry.number("default_height_m", 0.0, 0.0, kHighest_m);
  source.level_height_m = entry.number("level_height_m", 3.0, 0.1, 100.0);
  source.sag_m = entry.number("sag_m", 0.0, 0.0, 500.0);
  const std::string beyond = entry.text("beyond_terrain", "error");
  source.keep_beyond_terrain = beyond == "keep";
  if (beyond != "keep" && beyond != "error") {
    entry.reject(ErrorCode::config_invalid, "beyond_terrain",
                 fmt::format("beyond_terrain = \"{}\" must be \"error\" or \"keep\"", beyond));
  }
  if (is_osm(source.path)) {
    source.format = ObstacleFormat::osm;
    read_osm(entry, source);
  } else {
    read_vector(entry, source);
  }
  return source;
}

std::string to_toml(const ObstacleSource& source, const std::string& path) {
  std::string out = "[[obstacles]]\n";
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted_toml(value));
  };
  const auto number = [&](std::string_view key, double value) { out += fmt::format("{} = {:#}\n", key, value); };
  const auto optional_number = [&](std::string_view key, const std::optional<double>& value) {
    if (value) number(key, *value);
  };
  out += fmt::format("{} = {}\n", source.format == ObstacleFormat::raster ? "raster" : "path", path);
  if (source.format == ObstacleFormat::raster) {
    text("kind", source.kind);
    optional_number("nodata", source.nodata);
    number("min_height_m", source.min_height_m);
    return out;
  }
  optional_number("default_height_m", source.default_height_m);
  number("level_height_m", source.level_height_m);
  number("sag_m", source.sag_m);
  if (source.keep_beyond_terrain) text("beyond_terrain", "keep");
  if (source.format == ObstacleFormat::osm) {
    std::string heights;
    std::string radii;
    for (std::size_t k = 0; k < kOsmClasses; ++k) {
      const std::string_view c = name(static_cast<OsmClass>(k));
      if (source.osm[k].height_m) {
        heights += fmt::format("{}{} = {:#}", heights.empty() ? "" : ", ", c, *source.osm[k].height_m);
      }
      radii += fmt::format("{}{} = {:#}", radii.empty() ? "" : ", ", c, source.osm[k].radius_m);
    }
    out += fmt::format("default_heights_m = {{ {} }}\nradii_m = {{ {} }}\n", heights, radii);
    return out;
  }
  text("layer", source.layer);
  text("where", source.where);
  text("kind", source.kind);
  text("height_field", source.height_field);
  text("top_field", source.top_field);
  text("base_field", source.base_field);
  text("base_height_field", source.base_height_field);
  text("levels_field", source.levels_field);
  number("buffer_m", source.buffer_m);
  text("radius_field", source.radius_field);
  return out;
}

}  // namespace swiftlet::maps
