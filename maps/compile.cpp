#include "maps/compile.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "geo/view_layers.hpp"
#include "maps/geozone_reader.hpp"
#include "maps/ground_risk_reader.hpp"
#include "maps/obstacle_reader.hpp"
#include "maps/osm_reader.hpp"
#include "maps/pad_reader.hpp"
#include "maps/raster_obstacles.hpp"
#include "maps/region_terrain.hpp"
#include "maps/wind_reader.hpp"

namespace swiftlet::maps {
namespace {

/// Takes errors one by one; says whether to go on.
class Problems {
 public:
  explicit Problems(bool collect) : collect_(collect) {}
  /// Notes the error; true where the caller may go on with the next source.
  bool note(Error error) {
    errors_.push_back(std::move(error));
    return collect_;
  }
  [[nodiscard]] const std::vector<Error>& errors() const { return errors_; }

 private:
  bool collect_;
  std::vector<Error> errors_;
};

Expected<ObstacleReading> read_any_obstacles(const ObstacleSource& source, const geo::Airspace& airspace) {
  if (source.format == ObstacleFormat::osm) return read_osm(source, airspace.frame, airspace.terrain);
  if (source.format == ObstacleFormat::vector) return read_obstacles(source, airspace.frame, airspace.terrain);
  auto raster = read_raster_obstacles(source, airspace.frame, airspace.terrain);
  if (!raster) return Unexpected(raster.error());
  ObstacleReading reading;
  reading.obstacles = std::move(raster->obstacles);
  reading.ignored_outside = raster->ignored_outside;
  if (raster->unknown > 0) {
    reading.warnings.push_back(fmt::format("{} pixels without data, on which nothing stands", raster->unknown));
  }
  return reading;
}

/// Compiles into `region`, noting problems; stops at the first unless problems are collected. Nothing can be read
/// without a terrain.
void compile_into(const RegionManifest& manifest, CompiledRegion& region, Problems& problems) {
  geo::Airspace& airspace = region.airspace;
  const auto warn = [&](std::size_t count, std::string_view what, const std::filesystem::path& file) {
    if (count > 0) region.warnings.push_back(fmt::format("{}: {} {}", file.filename().string(), count, what));
  };
  airspace.name = manifest.name;
  airspace.vertical_datum = manifest.vertical_datum;
  airspace.ellipsoid_minus_datum_m = manifest.ellipsoid_minus_datum_m;
  airspace.policy = manifest.policy;

  auto terrain = read_region_terrain(manifest);
  if (!terrain) return (void)problems.note(terrain.error());
  region.terrain = std::move(terrain->ground);
  region.warnings = std::move(terrain->warnings);
  airspace.frame = geo::LocalFrame(terrain->centre);
  airspace.terrain = geo::TerrainModel(std::move(terrain->grids));
  airspace.bounds =
      geo::TerrainBounds::frame_only(geo::TerrainBounds::covering(airspace.terrain, manifest.policy.cell_m));
  for (std::size_t k = 0; k < terrain->surfaces.size(); ++k) {
    RasterObstacles surface = surface_obstacles(terrain->surfaces, k, airspace.terrain);
    std::move(surface.obstacles.begin(), surface.obstacles.end(), std::back_inserter(airspace.obstacles));
  }

  for (const ObstacleSource& source : manifest.obstacles) {
    auto reading = read_any_obstacles(source, airspace);
    if (reading && reading->obstacles.empty() && reading->ignored_outside > 0) {
      reading = fail(ErrorCode::outside_terrain,
                     fmt::format("all of its {} features are outside the terrain; is it of another place, or is its "
                                 "reference system wrong?",
                                 reading->ignored_outside),
                     source.path.string());
    }
    if (!reading) {
      if (problems.note(reading.error())) continue;
      return;
    }
    warn(reading->ignored_outside, "features outside the terrain, ignored", source.path);
    warn(reading->kept_beyond, "features partly beyond the terrain, standing on what terrain there is under them",
         source.path);
    for (const std::string& warning : reading->warnings) {
      region.warnings.push_back(fmt::format("{}: {}", source.path.filename().string(), warning));
    }
    std::move(reading->obstacles.begin(), reading->obstacles.end(), std::back_inserter(airspace.obstacles));
  }
  for (const GeozoneSource& source : manifest.geozones) {
    auto reading = read_geozones(source.path, {.frame = airspace.frame,
                                               .extent = airspace.bounds.grid().extent(),
                                               .ellipsoid_minus_datum_m = airspace.ellipsoid_minus_datum_m});
    if (!reading) {
      if (problems.note(reading.error())) continue;
      return;
    }
    warn(reading->ignored_outside, "zones far from the region, ignored", source.path);
    std::move(reading->zones.begin(), reading->zones.end(), std::back_inserter(airspace.zones));
  }
  std::set<std::string> ids;
  for (const PadSource& source : manifest.pads) {
    PadReading reading = read_pads(source.path, airspace);
    for (const Error& error : reading.problems) {
      if (!problems.note(error)) return;
    }
    for (const std::string& id : reading.on_the_rim) {
      region.warnings.push_back(fmt::format("{}: pad {} stands on the rim of the known terrain, where nothing can fly",
                                            source.path.filename().string(), id));
    }
    for (geo::Pad& pad : reading.pads) {
      if (!ids.insert(pad.id).second) {
        const Error twice{.code = ErrorCode::pad_invalid,
                          .message = fmt::format("pad {} has the id of a pad in another file", pad.id),
                          .where = source.path.string()};
        if (!problems.note(twice)) return;
      }
      airspace.pads.push_back(std::move(pad));
    }
  }
  auto risk = read_ground_risk(manifest.ground_risk, airspace.frame, airspace.bounds.grid().extent());
  if (!risk) {
    if (!problems.note(risk.error())) return;
  } else {
    airspace.ground_risk = std::move(risk->risk);
    region.warnings.insert(region.warnings.end(), risk->warnings.begin(), risk->warnings.end());
  }
  if (manifest.wind) {
    auto wind = read_wind(*manifest.wind, airspace.frame, airspace.bounds.grid().extent());
    if (!wind) {
      if (!problems.note(wind.error())) return;
    } else {
      airspace.wind = wind->wind;
      airspace.wind_field = std::move(wind->field);
      region.warnings.insert(region.warnings.end(), wind->warnings.begin(), wind->warnings.end());
    }
  }
  auto hash = airspace_hash(manifest);
  if (!hash) return (void)problems.note(hash.error());
  airspace.hash = std::move(*hash);
}

}  // namespace

Expected<CompiledRegion> read_region(const RegionManifest& manifest) {
  CompiledRegion region;
  Problems problems(false);
  compile_into(manifest, region, problems);
  if (!problems.errors().empty()) return Unexpected(problems.errors().front());
  return region;
}

Expected<CompiledRegion> compile(const RegionManifest& manifest) {
  auto region = read_region(manifest);
  if (!region) return region;
  geo::Airspace& airspace = region->airspace;
  airspace.bounds = geo::TerrainBounds::enclose(airspace.terrain, manifest.policy.cell_m);
  airspace.own_layers = geo::ViewLayers::derive(airspace, airspace.policy);
  return region;
}

RegionFindings check(const RegionManifest& manifest) {
  CompiledRegion region;
  Problems problems(true);
  // Nothing is read without a terrain: what is not there at all is told even so.
  std::error_code ec;
  for (const std::filesystem::path& file : manifest.source_files()) {
    if (!std::filesystem::exists(file, ec)) {
      (void)problems.note(
          {.code = ErrorCode::file_not_found, .message = "there is no such file", .where = file.string()});
    }
  }
  compile_into(manifest, region, problems);
  std::vector<Error> once;
  for (const Error& problem : problems.errors()) {
    const bool told = std::any_of(once.begin(), once.end(), [&](const Error& other) {
      return other.code == problem.code && other.where == problem.where;
    });
    if (!told) once.push_back(problem);
  }
  return {std::move(once), std::move(region.warnings)};
}

}  // namespace swiftlet::maps
