#include "maps/region_manifest.hpp"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "geo/config_table.hpp"
#include "geo/content_hash.hpp"
#include "geo/policy_fields.hpp"
#include "maps/intake/source_file.hpp"
#include "maps/obstacle_source.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

fs::path resolved(const ConfigTable& entry, const fs::path& folder) {
  const std::string text = entry.required_text("path");
  // A NUL would end the name for the system and not for us; others would be played by the terminal that shows errors.
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    entry.reject(ErrorCode::config_invalid, "path", "path must not hold control characters");
  }
  const fs::path path = text;
  return (path.is_absolute() ? path : folder / path).lexically_normal();
}

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
  source.path = resolved(entry, folder);
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

std::optional<WindSource> read_wind(const ConfigTable& root) {
  const auto entries = root.tables("wind");
  std::optional<WindSource> source;
  for (const ConfigTable& entry : entries) {
    if (entry.has("path")) {
      entry.reject(ErrorCode::unsupported_format, "path",
                   "wind from a grid is not compiled yet; give speed_m_s and from_deg");
    }
    WindSource w;
    w.wind.speed_m_s = entry.number("speed_m_s", 0.0, 0.0, 100.0);
    w.wind.from_deg = entry.number("from_deg", 0.0, -360.0, 360.0);
    w.wind.at_height_m = entry.number("at_height_m", 10.0, 0.1, 1000.0);
    w.profile = entry.text("profile", w.profile);
    w.z0_m = entry.number("z0_m", w.z0_m, 1e-5, 10.0);
    w.displacement_m = entry.number("displacement_m", w.displacement_m, 0.0, 200.0);
    w.exponent = entry.number("exponent", w.exponent, 0.0, 1.0);
    if (w.profile != "log" && w.profile != "power" && w.profile != "constant") {
      entry.reject(ErrorCode::config_invalid, "profile",
                   fmt::format("profile = \"{}\" must be \"log\", \"power\" or \"constant\"", w.profile));
    }
    source = w;
  }
  if (entries.size() > 1) {
    entries[1].reject(ErrorCode::unsupported_format, "speed_m_s", "only one [[wind]] entry is compiled yet");
  }
  return source;
}

std::string quoted(const std::string& value) {
  std::ostringstream text;
  text << toml::value<std::string>(value);
  return text.str();
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
  read_each("geozones", [&](const auto& entry) { manifest.geozones.push_back({resolved(entry, folder)}); });
  read_each("pads", [&](const auto& entry) { manifest.pads.push_back({resolved(entry, folder)}); });
  manifest.wind = read_wind(root);
  if (root.has("ground_risk")) {
    root.reject(ErrorCode::unsupported_format, "ground_risk", "ground risk is not compiled yet; leave it out");
  }
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
    if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted(value));
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
    out += to_toml(source, quoted(path_of(k)));
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
  if (manifest.wind) {
    out += "[[wind]]\n";
    number("speed_m_s", manifest.wind->wind.speed_m_s);
    number("from_deg", manifest.wind->wind.from_deg);
    number("at_height_m", manifest.wind->wind.at_height_m);
    text("profile", manifest.wind->profile);
    number("z0_m", manifest.wind->z0_m);
    number("displacement_m", manifest.wind->displacement_m);
    number("exponent", manifest.wind->exponent);
  }
  return out;
}

Expected<std::string> airspace_hash(const RegionManifest& manifest) {
  ContentHasher hasher;
  hasher.add(kAirspaceFormat);
  hasher.add(to_toml(manifest, [](std::size_t) { return std::string(); }));
  for (const fs::path& file : manifest.source_files()) {
    if (const auto done = add_file(hasher, file); !done) return Unexpected(done.error());
  }
  return hasher.finish();
}

}  // namespace swiftlet::maps
