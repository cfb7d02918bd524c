#include "maps/compile.hpp"

#include <fmt/core.h>

#include <set>

#include "maps/geozone_reader.hpp"
#include "maps/obstacle_reader.hpp"
#include "maps/pad_reader.hpp"

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

/// The error, blamed on the file where it names none.
Error blamed_on(const std::filesystem::path& file, Error error) {
  if (error.where.empty()) error.where = file.string();
  return error;
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
  if (manifest.wind) airspace.wind = manifest.wind->wind;

  const TerrainSource& terrain = manifest.terrain.front();
  auto raster = read_terrain(terrain.path, terrain.nodata);
  if (!raster) return (void)problems.note(raster.error());
  region.terrain = std::move(*raster);
  const auto centre = centre_of(region.terrain);
  if (!centre) return (void)problems.note(blamed_on(terrain.path, centre.error()));
  airspace.frame = geo::LocalFrame(*centre);
  auto model = to_model(region.terrain, airspace.frame);
  if (!model) return (void)problems.note(blamed_on(terrain.path, model.error()));
  airspace.terrain = std::move(*model);
  airspace.bounds = geo::TerrainBounds::enclose(airspace.terrain, manifest.policy.cell_m);

  for (const ObstacleSource& source : manifest.obstacles) {
    auto reading = read_obstacles(source, airspace.frame, airspace.terrain);
    if (!reading) {
      if (problems.note(reading.error())) continue;
      return;
    }
    if (reading->obstacles.empty() && reading->ignored_outside > 0) {
      if (problems.note(
              {.code = ErrorCode::outside_terrain,
               .message = fmt::format("all of its {} features are outside the terrain; is it of another place, or "
                                      "is its reference system wrong?",
                                      reading->ignored_outside),
               .where = source.path.string()})) {
        continue;
      }
      return;
    }
    warn(reading->ignored_outside, "features outside the terrain, ignored", source.path);
    warn(reading->guessed_height, "features without a height, taken as default_height_m", source.path);
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
    auto pads = read_pads(source.path, airspace);
    if (!pads) {
      if (problems.note(pads.error())) continue;
      return;
    }
    for (geo::Pad& pad : *pads) {
      if (!ids.insert(pad.id).second) {
        const Error twice{.code = ErrorCode::pad_invalid,
                          .message = fmt::format("pad {} has the id of a pad in another file", pad.id),
                          .where = source.path.string()};
        if (!problems.note(twice)) return;
      }
      airspace.pads.push_back(std::move(pad));
    }
  }
  auto hash = airspace_hash(manifest);
  if (!hash) return (void)problems.note(hash.error());
  airspace.hash = std::move(*hash);
}

}  // namespace

Expected<CompiledRegion> compile(const RegionManifest& manifest) {
  CompiledRegion region;
  Problems problems(false);
  compile_into(manifest, region, problems);
  if (!problems.errors().empty()) return Unexpected(problems.errors().front());
  return region;
}

std::vector<Error> check(const RegionManifest& manifest) {
  CompiledRegion region;
  Problems problems(true);
  compile_into(manifest, region, problems);
  return problems.errors();
}

}  // namespace swiftlet::maps
