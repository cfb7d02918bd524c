#include "maps/airspace_store.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "geo/content_hash.hpp"
#include "maps/airspace_layers.hpp"
#include "maps/airspace_rasters.hpp"

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kSchema = "swiftlet.airspace/1";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kFiles[] = {"terrain.tif", "terrain_hi.tif",   "terrain_lo.tif",
                                  "extent.tif",  "obstacle_top.tif", "airspace.gpkg"};

Expected<std::string> file_hash(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::airspace_damaged, "is missing; build the airspace again", file.string());
  ContentHasher hasher;
  std::array<char, 1 << 16> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    hasher.add(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount())));
  }
  return hasher.finish();
}

/// Copies the sources under dir/sources with a region.toml that names them; gives it the same hash as the original.
Expected<void> copy_sources(const RegionManifest& manifest, const fs::path& dir) {
  const fs::path sources = dir / "sources";
  std::error_code ec;
  fs::create_directories(sources, ec);
  const auto files = manifest.source_files();
  const auto name_of = [&](std::size_t k) { return fmt::format("{}_{}", k, files[k].filename().string()); };
  for (std::size_t k = 0; k < files.size() && !ec; ++k) fs::copy_file(files[k], sources / name_of(k), ec);
  if (ec) return fail(ErrorCode::output_refused, "the sources cannot be copied: " + ec.message(), sources.string());
  std::ofstream out(sources / "region.toml", std::ios::binary);
  out << to_toml(manifest, name_of);
  out.close();
  if (!out) return fail(ErrorCode::output_refused, "cannot be written", (sources / "region.toml").string());
  return {};
}

ordered_json describe(const RegionManifest& manifest, const CompiledRegion& region) {
  const geo::Airspace& a = region.airspace;
  const geo::GridFrame& grid = a.bounds.grid();
  const LonLat south_west = a.frame.to_lonlat(grid.extent().min);
  const LonLat north_east = a.frame.to_lonlat(grid.extent().max);
  std::size_t slots = 0;
  for (const geo::Pad& pad : a.pads) slots += pad.slots.size();
  const geo::Policy& p = a.policy;
  ordered_json sources = ordered_json::array();
  for (const fs::path& file : manifest.source_files()) sources.push_back(file.filename().string());
  return {
      {"schema", kSchema},
      {"name", a.name},
      {"hash", a.hash},
      {"vertical_datum", a.vertical_datum},
      {"ellipsoid_minus_datum_m",
       a.ellipsoid_minus_datum_m ? ordered_json(*a.ellipsoid_minus_datum_m) : ordered_json()},
      {"centre", {{"lon", a.frame.centre().lon_deg}, {"lat", a.frame.centre().lat_deg}}},
      {"bbox", {south_west.lon_deg, south_west.lat_deg, north_east.lon_deg, north_east.lat_deg}},
      {"grid",
       {{"x_m", grid.origin.x()}, {"y_m", grid.origin.y()}, {"cell_m", grid.cell_m}, {"nx", grid.nx}, {"ny", grid.ny}}},
      {"policy",
       {{"min_height_agl_m", p.min_height_agl_m},
        {"max_height_agl_m", p.max_height_agl_m},
        {"lateral_clearance_m", p.lateral_clearance_m},
        {"vertical_clearance_m", p.vertical_clearance_m},
        {"terminal_radius_m", p.terminal_radius_m},
        {"cell_m", p.cell_m},
        {"energy_reserve_fraction", p.energy_reserve_fraction},
        {"hold_s", p.hold_s},
        {"zone_margin_m", p.zone_margin_m},
        {"fly_under", p.fly_under}}},
      {"wind", {{"speed_m_s", a.wind.speed_m_s}, {"from_deg", a.wind.from_deg}, {"at_height_m", a.wind.at_height_m}}},
      {"counts",
       {{"obstacles", a.obstacles.size()}, {"geozones", a.zones.size()}, {"pads", a.pads.size()}, {"slots", slots}}},
      {"sources", sources},
      {"warnings", region.warnings}};
}

Expected<void> write_into(const RegionManifest& manifest, const CompiledRegion& region, const fs::path& dir) {
  if (const auto done = write_rasters(region.airspace, region.terrain, dir); !done) return done;
  if (const auto done = write_layers(region.airspace, dir / "airspace.gpkg"); !done) return done;
  if (const auto done = copy_sources(manifest, dir); !done) return done;
  ordered_json text = describe(manifest, region);
  for (const char* name : kFiles) {
    const auto hash = file_hash(dir / name);
    if (!hash) return Unexpected(hash.error());
    text["files"][name] = *hash;
  }
  std::ofstream out(dir / kManifest, std::ios::binary);
  out << text.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
  out.close();
  if (!out) return fail(ErrorCode::output_refused, "cannot be written", (dir / kManifest).string());
  return {};
}

/// Moves a finished directory into place; an older airspace there makes way.
Expected<void> move_into_place(const fs::path& fresh, const fs::path& dir) {
  std::error_code ec;
  fs::path old;
  if (fs::exists(dir, ec)) {
    old = fresh;
    old += ".old";
    fs::rename(dir, old, ec);
    if (ec) return fail(ErrorCode::output_refused, "the older airspace cannot be moved: " + ec.message(), dir.string());
  }
  fs::rename(fresh, dir, ec);
  if (ec) {
    const std::string reason = ec.message();
    if (!old.empty()) fs::rename(old, dir, ec);
    return fail(ErrorCode::output_refused, "the airspace cannot be moved into place: " + reason, dir.string());
  }
  if (!old.empty()) fs::remove_all(old, ec);
  return {};
}

/// Whether a path that exists is an empty directory, or an airspace with nothing in it but what a build has written.
bool may_be_replaced(const fs::path& dir) {
  std::error_code ec;
  if (!fs::is_directory(dir, ec)) return false;
  if (fs::is_empty(dir, ec)) return true;
  std::ifstream in(dir / kManifest);
  const ordered_json text = ordered_json::parse(in, nullptr, false);
  if (!text.is_object() || !text.value("schema", "").starts_with("swiftlet.airspace/")) return false;
  for (const fs::directory_entry& entry : fs::directory_iterator(dir, ec)) {
    const std::string name = entry.path().filename().string();
    if (name == kManifest || name == "sources") continue;
    if (std::find(std::begin(kFiles), std::end(kFiles), name) == std::end(kFiles)) return false;
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
  fs::create_directories(target.parent_path(), ec);
  fs::path fresh = target;
  fresh += fmt::format(".new-{}", ::getpid());
  fs::remove_all(fresh, ec);
  if (!fs::create_directory(fresh, ec)) {
    return fail(ErrorCode::output_refused, "cannot be created: " + ec.message(), fresh.string());
  }
  return StagedAirspace(fresh, target);
}

StagedAirspace::~StagedAirspace() {
  std::error_code ec;
  if (!path_.empty()) fs::remove_all(path_, ec);
}

Expected<void> StagedAirspace::write(const RegionManifest& manifest, const CompiledRegion& region) const {
  return write_into(manifest, region, path_);
}

Expected<void> StagedAirspace::place() {
  if (const auto manifest = read_airspace_manifest(path_); !manifest) return Unexpected(manifest.error());
  if (const auto done = check_entries(path_); !done) return done;
  if (const auto done = move_into_place(path_, target_); !done) return done;
  path_.clear();
  return {};
}

Expected<void> store_airspace(const RegionManifest& manifest, const CompiledRegion& region, const fs::path& dir) {
  auto staged = StagedAirspace::beside(dir);
  if (!staged) return Unexpected(staged.error());
  if (const auto done = staged->write(manifest, region); !done) return done;
  return staged->place();
}

Expected<void> compile_region(const RegionManifest& manifest, const fs::path& dir) {
  const auto region = compile(manifest);
  if (!region) return Unexpected(region.error());
  return store_airspace(manifest, *region, dir);
}

Expected<ordered_json> read_airspace_manifest(const fs::path& dir) {
  const fs::path file = dir / kManifest;
  std::error_code ec;
  if (!fs::is_regular_file(file, ec)) {
    return fail(ErrorCode::file_not_found,
                "there is no compiled airspace here; make one by: swiftlet map build REGION.toml --out DIR",
                dir.string());
  }
  std::ifstream in(file);
  ordered_json text = ordered_json::parse(in, nullptr, false);
  if (text.is_discarded() || !text.is_object()) {
    return fail(ErrorCode::airspace_damaged, "is not valid JSON; build the airspace again", file.string());
  }
  if (text.value("schema", "") != kSchema) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("has schema \"{}\"; this version reads {}: build the airspace again",
                            text.value("schema", ""), kSchema),
                file.string());
  }
  return text;
}

Expected<geo::AirspacePtr> load_airspace(const fs::path& dir) {
  const auto text = read_airspace_manifest(dir);
  if (!text) return Unexpected(text.error());
  try {
    for (const auto& [name, expected] : text->at("files").items()) {
      const auto hash = file_hash(dir / name);
      if (!hash) return Unexpected(hash.error());
      if (*hash != expected.get<std::string>()) {
        return fail(ErrorCode::airspace_damaged, "has changed since it was compiled; build the airspace again",
                    (dir / name).string());
      }
    }
    auto airspace = std::make_shared<geo::Airspace>();
    airspace->name = text->at("name");
    airspace->hash = text->at("hash");
    airspace->vertical_datum = text->at("vertical_datum");
    if (!text->at("ellipsoid_minus_datum_m").is_null())
      airspace->ellipsoid_minus_datum_m = text->at("ellipsoid_minus_datum_m").get<double>();
    airspace->frame =
        geo::LocalFrame({.lon_deg = text->at("centre").at("lon"), .lat_deg = text->at("centre").at("lat")});
    const auto& p = text->at("policy");
    airspace->policy = {.min_height_agl_m = p.at("min_height_agl_m"),
                        .max_height_agl_m = p.at("max_height_agl_m"),
                        .lateral_clearance_m = p.at("lateral_clearance_m"),
                        .vertical_clearance_m = p.at("vertical_clearance_m"),
                        .terminal_radius_m = p.at("terminal_radius_m"),
                        .cell_m = p.at("cell_m"),
                        .energy_reserve_fraction = p.at("energy_reserve_fraction"),
                        .hold_s = p.at("hold_s"),
                        .zone_margin_m = p.at("zone_margin_m"),
                        .fly_under = p.value("fly_under", false)};
    const auto& wind = text->at("wind");
    airspace->wind = {
        .speed_m_s = wind.at("speed_m_s"), .from_deg = wind.at("from_deg"), .at_height_m = wind.at("at_height_m")};
    const auto& g = text->at("grid");
    const geo::GridFrame grid{.origin = {g.at("x_m").get<double>(), g.at("y_m").get<double>()},
                              .cell_m = g.at("cell_m"),
                              .nx = g.at("nx"),
                              .ny = g.at("ny")};
    auto bounds = read_bounds(dir, grid);
    if (!bounds) return Unexpected(bounds.error());
    airspace->bounds = std::move(*bounds);
    const auto raster = read_terrain(dir / "terrain.tif", std::nullopt);
    if (!raster) return Unexpected(raster.error());
    auto model = to_model(*raster, airspace->frame);
    if (!model) return Unexpected(model.error());
    airspace->terrain = std::move(*model);
    if (const auto done = read_layers(dir / "airspace.gpkg", *airspace); !done) return Unexpected(done.error());
    return airspace;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::airspace_damaged,
                fmt::format("lacks a value or has one of the wrong type ({}); build the airspace again", error.what()),
                (dir / kManifest).string());
  }
}

}  // namespace swiftlet::maps
