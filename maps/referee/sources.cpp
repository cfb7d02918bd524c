#include "maps/referee/sources.hpp"

#include <fmt/core.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "maps/referee/obstacle_reading.hpp"
#include "maps/referee/reprojection.hpp"
#include "maps/referee/terrain_reading.hpp"

namespace swiftlet::maps::referee {
namespace {

/// A box around all terrain, with some 15 km to spare: beyond any zone margin that a policy may ask for.
Expected<DegreeBox> around(const Terrain& terrain, const std::string& where) {
  Box box;
  for (const Terrain::Source& source : terrain.sources()) {
    const auto to_lonlat = Reprojection::between(*source.crs, *wgs84_lonlat(), where);
    if (!to_lonlat) return tl::make_unexpected(to_lonlat.error());
    const double last_column = source.dem.columns() - 1.0;
    const double last_row = source.dem.rows() - 1.0;
    std::vector<Point2> points;
    for (double k = 0.0; k <= 1.0; k += 0.125) {
      points.push_back(source.dem.crs({k * last_column, 0.0}));
      points.push_back(source.dem.crs({k * last_column, last_row}));
      points.push_back(source.dem.crs({0.0, k * last_row}));
      points.push_back(source.dem.crs({last_column, k * last_row}));
    }
    if (!to_lonlat->apply(points)) return fail(ErrorCode::crs_missing, "its extent cannot be placed on WGS84", where);
    for (const Point2& p : points) box.include(p);
  }
  constexpr double kRoom_deg = 0.15;
  const double room_lon_deg = kRoom_deg / std::cos(0.5 * (box.min_y + box.max_y) * std::numbers::pi / 180.0);
  return DegreeBox{.south_west = {.lon_deg = box.min_x - room_lon_deg, .lat_deg = box.min_y - kRoom_deg},
                   .north_east = {.lon_deg = box.max_x + room_lon_deg, .lat_deg = box.max_y + kRoom_deg}};
}

}  // namespace

Expected<Sources> read_sources(const RegionManifest& manifest) {
  auto hash = airspace_hash(manifest);
  if (!hash) return tl::make_unexpected(hash.error());
  auto terrain = read_terrain(manifest);
  if (!terrain) return tl::make_unexpected(terrain.error());
  const auto extent = around(*terrain->terrain, manifest.file.string());
  if (!extent) return tl::make_unexpected(extent.error());
  const Crs local = local_frame(terrain->centre);

  std::vector<PixelPrisms> rasters;
  for (std::size_t k = 0; k < terrain->surfaces.size(); ++k) {
    auto read = surface_prisms(terrain->surfaces, k, *terrain->terrain, *local);
    if (!read) return tl::make_unexpected(read.error());
    rasters.push_back(std::move(*read));
  }
  const GeosContext context;
  std::vector<Prism> prisms;
  for (const ObstacleSource& source : manifest.obstacles) {
    if (source.format == ObstacleFormat::raster) {
      auto read = read_raster_prisms(source, *terrain->terrain, *local);
      if (!read) return tl::make_unexpected(read.error());
      rasters.push_back(std::move(*read));
      continue;
    }
    auto read = read_prisms(source, *terrain->terrain, *local, context);
    if (!read) return tl::make_unexpected(read.error());
    std::move(read->begin(), read->end(), std::back_inserter(prisms));
  }
  std::vector<Zone> zones;
  for (const GeozoneSource& source : manifest.geozones) {
    auto read = read_zones(source.path, {.around = *extent,
                                         .local = *local,
                                         .context = context,
                                         .ellipsoid_minus_datum_m = manifest.ellipsoid_minus_datum_m});
    if (!read) return tl::make_unexpected(read.error());
    std::move(read->begin(), read->end(), std::back_inserter(zones));
  }
  return Sources{.hash = std::move(*hash),
                 .centre = terrain->centre,
                 .terrain = std::move(terrain->terrain),
                 .prisms = std::make_unique<PrismIndex>(std::move(prisms)),
                 .rasters = std::move(rasters),
                 .zones = std::move(zones),
                 .around = *extent,
                 .ellipsoid_minus_datum_m = manifest.ellipsoid_minus_datum_m};
}

void Sources::near(const GeosContext& context, const Box& box, double margin_m, PrismLoan& loan,
                   std::vector<const IndexedPart*>& out) const {
  prisms->near(context, box, margin_m, out);
  for (const PixelPrisms& raster : rasters) raster.near(context, box, margin_m, loan, out);
}

}  // namespace swiftlet::maps::referee
