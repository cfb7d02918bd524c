#include "maps/airspace_store.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "maps/airspace_file.hpp"
#include "maps/airspace_layers.hpp"
#include "maps/airspace_manifest.hpp"
#include "maps/airspace_rasters.hpp"
#include "maps/source_path.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kMapped = "airspace.bin";
constexpr const char* kFiles[] = {kMapped, "floor.tif", "ceiling.tif", "airspace.gpkg"};
/// What older versions wrote besides.
constexpr const char* kOlderFiles[] = {"terrain_hi.tif", "terrain_lo.tif", "extent.tif", "obstacle_top.tif"};
constexpr const char* kSources = "sources";
constexpr unsigned kThreads = 2;
/// More than any region has; what a manifest may claim.
constexpr std::size_t kMostGrounds = 1000;

/// Whether a name may be one of terrain_file(0), terrain_file(1), …
bool is_terrain_file(std::string_view name) {
  return name == "terrain.tif" || (name.starts_with("terrain_") && name.ends_with(".tif") &&
                                   name.substr(8).find_first_not_of("0123456789") == name.size() - 12);
}

/// What a build writes beside the sources, where the ground has so many.
std::vector<std::string> files_of(std::size_t grounds) {
  std::vector<std::string> files(std::begin(kFiles), std::end(kFiles));
  for (std::size_t k = 0; k < grounds; ++k) files.push_back(terrain_file(k));
  return files;
}

/// The name of the k-th source beside the airspace.
std::string kept_name(const RegionManifest& manifest, std::size_t k) {
  return fmt::format("{}_{}", k, manifest.source_files()[k].filename().string());
}

/// Copies the sources under dir/sources with a region.toml that names them; gives it the same hash as the original.
Expected<void> copy_sources(const RegionManifest& manifest, const fs::path& dir) {
  const fs::path sources = dir / kSources;
  std::error_code ec;
  fs::create_directories(sources, ec);
  const auto files = manifest.source_files();
  for (std::size_t k = 0; k < files.size() && !ec; ++k) {
    const fs::path kept = sources / kept_name(manifest, k);
    fs::copy_file(files[k], kept, ec);
    for (const fs::path& side : side_files(files[k])) {
      if (!ec) fs::copy_file(side, fs::path(kept).replace_extension(side.extension()), ec);
    }
  }
  if (ec) return fail(ErrorCode::output_refused, "the sources cannot be copied: " + ec.message(), sources.string());
  std::ofstream out(sources / "region.toml", std::ios::binary);
  out << to_toml(manifest, [&](std::size_t k) { return kept_name(manifest, k); });
  out.close();
  if (!out) return fail(ErrorCode::output_refused, "cannot be written", (sources / "region.toml").string());
  return {};
}

Expected<void> write_into(const RegionManifest& manifest, const CompiledRegion& region, const fs::path& dir) {
  const geo::Airspace& airspace = region.airspace;
  auto rasters = BandRasters::create(airspace, dir);
  if (!rasters) return Unexpected(rasters.error());
  const auto compiled = write_airspace_file(airspace, dir / kMapped, kThreads,
                                            [&](const AirspaceStrip& strip) { return rasters->write(strip); });
  if (!compiled) return compiled;
  if (const auto done = rasters->finish(); !done) return done;
  for (std::size_t k = 0; k < region.terrain.size(); ++k) {
    if (const auto done = write_terrain(region.terrain[k], dir / terrain_file(k)); !done) return done;
  }
  if (const auto done = write_layers(airspace, dir / "airspace.gpkg"); !done) return done;
  if (const auto done = copy_sources(manifest, dir); !done) return done;
  ordered_json text = describe(region);
  for (std::size_t k = 0; k < manifest.source_files().size(); ++k) {
    auto source = describe_source(manifest, k, dir / kSources / kept_name(manifest, k));
    if (!source) return Unexpected(source.error());
    text["sources"].push_back(std::move(*source));
  }
  for (const std::string& name : files_of(region.terrain.size())) {
    auto entry = describe_file(dir / name);
    if (!entry) return Unexpected(entry.error());
    text["files"][name] = std::move(*entry);
  }
  std::ofstream out(dir / kManifestName, std::ios::binary);
  out << text.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
  out.close();
  if (!out) return fail(ErrorCode::output_refused, "cannot be written", (dir / kManifestName).string());
  return {};
}

/// Whether a path that exists is an empty directory, or an airspace with nothing in it but what a build has written.
bool may_be_replaced(const fs::path& dir) {
  std::error_code ec;
  if (!fs::is_directory(dir, ec)) return false;
  if (fs::is_empty(dir, ec)) return true;
  std::ifstream in(dir / kManifestName);
  const ordered_json text = ordered_json::parse(in, nullptr, false);
  if (!text.is_object() || !text.value("schema", "").starts_with("swiftlet.airspace/")) return false;
  const auto is_of = [](const auto& names, const std::string& name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
  };
  for (const fs::directory_entry& entry : fs::directory_iterator(dir, ec)) {
    const std::string name = entry.path().filename().string();
    if (name == kManifestName || name == kSources || is_terrain_file(name)) continue;
    if (!is_of(kFiles, name) && !is_of(kOlderFiles, name)) return false;
  }
  return !ec;
}

/// Only files and directories: a link or a pipe in a finished airspace was put there by something that went wrong.
Expected<void> check_entries(const fs::path& staged) {
  std::error_code ec;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(staged, ec)) {
    const fs::file_status status = entry.symlink_status(ec);
    if (!ec && status.type() != fs::file_type::regular && status.type() != fs::file_type::directory) {
      return fail(ErrorCode::internal, "is neither file nor directory and nothing that a build makes",
                  entry.path().string());
    }
  }
  if (ec) return fail(ErrorCode::output_refused, "cannot be looked through: " + ec.message(), staged.string());
  return {};
}

}  // namespace

Expected<StagedAirspace> StagedAirspace::beside(const fs::path& dir) {
  std::error_code ec;
  const fs::path target = fs::weakly_canonical(dir, ec);
  if (fs::exists(target, ec) && !may_be_replaced(target)) {
    return fail(
        ErrorCode::output_refused,
        "exists and is not an airspace, or holds files that no build has written; it is left alone. Give another --out",
        target.string());
  }
  auto fresh = FreshDirectory::beside(target);
  if (!fresh) return Unexpected(fresh.error());
  return StagedAirspace(std::move(*fresh));
}

Expected<void> StagedAirspace::write(const RegionManifest& manifest, const CompiledRegion& region) const {
  return write_into(manifest, region, path());
}

Expected<void> StagedAirspace::place() {
  if (const auto manifest = read_airspace_manifest(path()); !manifest) return Unexpected(manifest.error());
  if (const auto done = check_entries(path()); !done) return done;
  return fresh_.put_in_place();
}

Expected<void> store_airspace(const RegionManifest& manifest, const CompiledRegion& region, const fs::path& dir) {
  auto staged = StagedAirspace::beside(dir);
  if (!staged) return Unexpected(staged.error());
  if (const auto done = staged->write(manifest, region); !done) return done;
  return staged->place();
}

Expected<void> compile_region(const RegionManifest& manifest, const fs::path& dir) {
  const auto region = read_region(manifest);
  if (!region) return Unexpected(region.error());
  return store_airspace(manifest, *region, dir);
}

Expected<geo::AirspacePtr> load_airspace(const fs::path& dir) {
  const auto text = read_airspace_manifest(dir);
  if (!text) return Unexpected(text.error());
  auto airspace = map_airspace_file(dir / kMapped);
  if (!airspace) return Unexpected(airspace.error());
  if (text->value("hash", "") != (*airspace)->hash) {
    return fail(ErrorCode::airspace_damaged,
                fmt::format("is of airspace {} and not of the manifest's {}; build the airspace again",
                            (*airspace)->hash, text->value("hash", "")),
                (dir / kMapped).string());
  }
  return airspace;
}

std::vector<Error> check_airspace(const fs::path& dir) {
  const auto text = read_airspace_manifest(dir);
  if (!text) return {text.error()};
  std::vector<Error> found;
  const auto grounds = text->find("terrain_sources");
  if (grounds == text->end() || !grounds->is_number_unsigned() || *grounds < 1U || *grounds > kMostGrounds) {
    return {{.code = ErrorCode::airspace_damaged,
             .message = "does not say how many terrain sources it has; build the airspace again",
             .where = (dir / kManifestName).string()}};
  }
  for (const std::string& name : files_of(grounds->get<std::size_t>())) {
    if (auto error = check_file(*text, name, dir / name)) found.push_back(std::move(*error));
  }
  for (Error& error : check_sources(*text, dir / kSources)) found.push_back(std::move(error));
  for (Error& error : check_airspace_file(dir / kMapped)) found.push_back(std::move(error));
  if (found.empty()) {
    if (const auto airspace = load_airspace(dir); !airspace) found.push_back(airspace.error());
  }
  return found;
}

}  // namespace swiftlet::maps
