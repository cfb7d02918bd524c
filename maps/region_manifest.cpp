#include "maps/region_manifest.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "geo/config_table.hpp"
#include "geo/content_hash.hpp"
#include "geo/policy_fields.hpp"
#include "maps/ground_risk_source.hpp"
#include "maps/intake/source_file.hpp"
#include "maps/obstacle_source.hpp"
#include "maps/source_path.hpp"
#include "maps/wind_source.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

geo::Policy read_policy(const ConfigTable& table) {
  geo::Policy p;
  for (const geo::PolicyField& field : geo::policy_fields()) {
    p.*field.member = table.number(field.key, p.*field.member, field.min, field.max);
  }
  p.fly_under = table.flag(geo::kFlyUnder, p.fly_under);
  if (p.max_height_agl_m <= p.min_height_agl_m) {
    table.reject(ErrorCode::value_invalid, "max_height_agl_m",
                 fmt::format("max_height_agl_m = {} must be above min_height_agl_m = {}", p.max_height_agl_m,
                             p.min_height_agl_m));
  }
  return p;
}

TerrainSource read_terrain(const ConfigTable& entry, const fs::path& folder) {
  TerrainSource source;
  source.path = source_path(entry, "path", folder);
  source.kind = entry.text("kind", "dtm");
  if (entry.has("nodata")) source.nodata = entry.number("nodata", 0.0);
  source.max_void_cells = static_cast<int>(entry.number("max_void_cells", source.max_void_cells, 0.0, 10000.0));
  if (entry.has("sea_level_m")) source.sea_level_m = entry.number("sea_level_m", 0.0, -500.0, 9000.0);
  if (source.kind == "dsm") {
    source.ground_radius_m = entry.number("ground_radius_m", source.ground_radius_m, 1.0, 5000.0);
    source.min_height_m = entry.number("min_height_m", source.min_height_m, 0.0, 2000.0);
  } else if (source.kind != "dtm") {
    entry.reject(ErrorCode::config_invalid, "kind",
                 fmt::format("kind = \"{}\" must be \"dtm\" or \"dsm\"", source.kind));
  }
  return source;
}

Expected<void> add_file(ContentHasher& hasher, const fs::path& file) {
  if (const auto begun = begin_source(file); !begun) return begun;
  std::ifstream in(file, std::ios::binary);
  std::array<char, 1 << 16> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    hasher.add(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount())));
  }
  if (in.bad() || !in.eof()) return fail(ErrorCode::file_unreadable, "cannot be read to its end", file.string());
  return {};
}

}  // namespace

std::vector<fs::path> RegionManifest::source_files() const {
  std::vector<fs::path> files;
  for (const auto& source : terrain) files.push_back(source.path);
  for (const auto& source : obstacles) files.push_back(source.path);
  for (const auto& source : geozones) files.push_back(source.path);
  for (const auto& source : pads) files.push_back(source.path);
  for (const auto& source : ground_risk) files.push_back(source.path);
  if (wind && !wind->path.empty()) files.push_back(wind->path);
  return files;
}

Expected<RegionManifest> read_region_manifest(const fs::path& file) {
  std::error_code ec;
  const fs::path absolute = fs::absolute(file, ec).lexically_normal();
  if (const auto begun = begin_source(absolute); !begun) return Unexpected(begun.error());
  const auto parsed = ConfigTable::parse_file(absolute);
  if (!parsed) return Unexpected(parsed.error());
  const ConfigTable& root = *parsed;
  const fs::path folder = absolute.parent_path();

  RegionManifest manifest;
  manifest.file = absolute;
  const ConfigTable region = root.table("region");
  manifest.name = region.required_text("name");
  manifest.vertical_datum = region.required_text("vertical_datum");
  if (region.has("ellipsoid_minus_datum_m")) {
    manifest.ellipsoid_minus_datum_m = region.number("ellipsoid_minus_datum_m", 0.0, -200.0, 200.0);
  }
  manifest.policy = read_policy(root.table("policy"));
  const auto read_each = [&](const char* kind, const auto& read) {
    for (const ConfigTable& entry : root.tables(kind)) {
      read(entry);
      manifest.notes.push_back(
          {.entry = kind, .licence = entry.text("licence"), .attribution = entry.text("attribution")});
    }
  };
  read_each("terrain", [&](const auto& entry) { manifest.terrain.push_back(read_terrain(entry, folder)); });
  read_each("obstacles", [&](const auto& entry) { manifest.obstacles.push_back(read_obstacle_source(entry, folder)); });
  read_each("geozones", [&](const auto& entry) { manifest.geozones.push_back({source_path(entry, "path", folder)}); });
  read_each("pads", [&](const auto& entry) { manifest.pads.push_back({source_path(entry, "path", folder)}); });
  read_each("ground_risk",
            [&](const auto& entry) { manifest.ground_risk.push_back(read_ground_risk_source(entry, folder)); });
  read_each("wind", [&](const auto& entry) {
    if (manifest.wind) entry.reject(ErrorCode::config_invalid, "profile", "a region has one [[wind]] entry at most");
    manifest.wind = read_wind_source(entry, folder);
  });
  if (manifest.terrain.empty()) {
    root.reject(ErrorCode::config_invalid, "terrain", "a region needs one [[terrain]] entry");
  }
  if (const auto done = root.finish(); !done) return Unexpected(done.error());
  return manifest;
}

std::string to_toml(const RegionManifest& manifest, const std::function<std::string(std::size_t)>& path_of) {
  std::string out;
  std::size_t k = 0;
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted_toml(value));
  };
  const auto number = [&](std::string_view key, double value) { out += fmt::format("{} = {:#}\n", key, value); };
  const auto optional_number = [&](std::string_view key, const std::optional<double>& value) {
    if (value) number(key, *value);
  };

  const auto note_of = [&](std::size_t n) {
    if (n >= manifest.notes.size()) return;
    text("licence", manifest.notes[n].licence);
    text("attribution", manifest.notes[n].attribution);
  };
  const auto source_of = [&](std::size_t n) {
    text("path", path_of(n));
    note_of(n);
  };

  out += "[region]\n";
  text("name", manifest.name);
  text("vertical_datum", manifest.vertical_datum);
  optional_number("ellipsoid_minus_datum_m", manifest.ellipsoid_minus_datum_m);
  const geo::Policy& p = manifest.policy;
  out += "[policy]\n";
  for (const geo::PolicyField& field : geo::policy_fields()) number(field.key, p.*field.member);
  if (p.fly_under) out += fmt::format("{} = true\n", geo::kFlyUnder);
  for (const TerrainSource& source : manifest.terrain) {
    out += "[[terrain]]\n";
    source_of(k++);
    optional_number("nodata", source.nodata);
    text("kind", source.kind);
    out += fmt::format("max_void_cells = {}\n", source.max_void_cells);
    optional_number("sea_level_m", source.sea_level_m);
    if (source.kind != "dsm") continue;
    number("ground_radius_m", source.ground_radius_m);
    number("min_height_m", source.min_height_m);
  }
  for (const ObstacleSource& source : manifest.obstacles) {
    out += to_toml(source, quoted_toml(path_of(k)));
    note_of(k++);
  }
  for (std::size_t n = 0; n < manifest.geozones.size(); ++n) {
    out += "[[geozones]]\n";
    source_of(k++);
  }
  for (std::size_t n = 0; n < manifest.pads.size(); ++n) {
    out += "[[pads]]\n";
    source_of(k++);
  }
  for (const GroundRiskSource& source : manifest.ground_risk) {
    out += "[[ground_risk]]\n";
    source_of(k++);
    out += to_toml(source);
  }
  if (manifest.wind) {
    out += "[[wind]]\n";
    if (!manifest.wind->path.empty()) text("path", path_of(k));
    note_of(k++);
    out += to_toml(*manifest.wind);
  }
  return out;
}

Expected<std::string> airspace_hash(const RegionManifest& manifest) {
  ContentHasher hasher;
  hasher.add(kAirspaceFormat);
  hasher.add(to_toml(manifest, [](std::size_t) { return std::string(); }));
  for (const fs::path& file : manifest.source_files()) {
    if (const auto done = add_file(hasher, file); !done) return Unexpected(done.error());
    for (const fs::path& side : side_files(file)) {
      hasher.add(side.extension().string());
      if (const auto done = add_file(hasher, side); !done) return Unexpected(done.error());
    }
  }
  return hasher.finish();
}

}  // namespace swiftlet::maps
