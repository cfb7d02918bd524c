#include "maps/referee/sources.hpp"

#include <fmt/core.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "maps/referee/obstacle_reading.hpp"
#include "maps/referee/reprojection.hpp"

namespace swiftlet::maps::referee {
namespace {

/// Where the terrain lies: the centre of its hull, and a box around the hull with some 10 km to spare.
struct Extent {
  LonLat centre;
  DegreeBox around;
};

Expected<Extent> locate(const TerrainRaster& terrain, const std::string& where) {
  const auto to_lonlat = Reprojection::between(*terrain.crs, *wgs84_lonlat(), where);
  if (!to_lonlat) return tl::make_unexpected(to_lonlat.error());
  const double last_column = terrain.dem.columns() - 1.0;
  const double last_row = terrain.dem.rows() - 1.0;
  std::vector<Point2> points{terrain.dem.crs({last_column / 2.0, last_row / 2.0})};
  for (double k = 0.0; k <= 1.0; k += 0.125) {
    points.push_back(terrain.dem.crs({k * last_column, 0.0}));
    points.push_back(terrain.dem.crs({k * last_column, last_row}));
    points.push_back(terrain.dem.crs({0.0, k * last_row}));
    points.push_back(terrain.dem.crs({last_column, k * last_row}));
  }
  if (!to_lonlat->apply(points)) return fail(ErrorCode::crs_missing, "its extent cannot be placed on WGS84", where);
  Box box;
  for (const Point2& p : points) box.include(p);
  // At least 15 km all round: beyond any zone margin that a policy may ask for.
  constexpr double kRoom_deg = 0.15;
  const double room_lon_deg = kRoom_deg / std::cos(points[0].y * std::numbers::pi / 180.0);
  return Extent{.centre = {.lon_deg = points[0].x, .lat_deg = points[0].y},
                .around = {.south_west = {.lon_deg = box.min_x - room_lon_deg, .lat_deg = box.min_y - kRoom_deg},
                           .north_east = {.lon_deg = box.max_x + room_lon_deg, .lat_deg = box.max_y + kRoom_deg}}};
}

/// The shorter side of the pixel at the middle of the raster, measured in the local frame.
Expected<double> pixel_side_m(const TerrainRaster& terrain, const OGRSpatialReference& local,
                              const std::string& where) {
  const auto to_local = Reprojection::between(*terrain.crs, local, where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  const Point2 middle{terrain.dem.columns() / 2 - 0.5, terrain.dem.rows() / 2 - 0.5};
  std::vector<Point2> points{terrain.dem.crs(middle), terrain.dem.crs({middle.x + 1.0, middle.y}),
                             terrain.dem.crs({middle.x, middle.y + 1.0})};
  if (!to_local->apply(points)) return fail(ErrorCode::crs_missing, "cannot be placed in a local frame", where);
  return std::min(std::hypot(points[1].x - points[0].x, points[1].y - points[0].y),
                  std::hypot(points[2].x - points[0].x, points[2].y - points[0].y));
}

}  // namespace

Expected<Sources> read_sources(const RegionManifest& manifest) {
  auto hash = airspace_hash(manifest);
  if (!hash) return tl::make_unexpected(hash.error());
  if (manifest.terrain.size() != 1 || manifest.terrain[0].kind != "dtm") {
    return fail(ErrorCode::unsupported_format, "the referee judges regions with one terrain of kind \"dtm\"",
                manifest.file.string());
  }
  const std::string terrain_file = manifest.terrain[0].path.string();
  auto terrain = read_terrain(manifest.terrain[0].path, manifest.terrain[0].nodata);
  if (!terrain) return tl::make_unexpected(terrain.error());
  const auto extent = locate(*terrain, terrain_file);
  if (!extent) return tl::make_unexpected(extent.error());
  const Crs local = local_frame(extent->centre);
  const auto pixel_m = pixel_side_m(*terrain, *local, terrain_file);
  if (!pixel_m) return tl::make_unexpected(pixel_m.error());

  const GeosContext context;
  std::vector<Prism> prisms;
  for (const ObstacleSource& source : manifest.obstacles) {
    auto read = read_prisms(source, *terrain, *local, context);
    if (!read) return tl::make_unexpected(read.error());
    std::move(read->begin(), read->end(), std::back_inserter(prisms));
  }
  std::vector<Zone> zones;
  for (const GeozoneSource& source : manifest.geozones) {
    auto read = read_zones(source.path, {.around = extent->around,
                                         .local = *local,
                                         .context = context,
                                         .ellipsoid_minus_datum_m = manifest.ellipsoid_minus_datum_m});
    if (!read) return tl::make_unexpected(read.error());
    std::move(read->begin(), read->end(), std::back_inserter(zones));
  }
  return Sources{.hash = std::move(*hash),
                 .centre = extent->centre,
                 .dem = std::move(terrain->dem),
                 .dem_crs = std::move(terrain->crs),
                 .pixel_m = *pixel_m,
                 .prisms = std::make_unique<PrismIndex>(std::move(prisms)),
                 .zones = std::move(zones),
                 .around = extent->around,
                 .ellipsoid_minus_datum_m = manifest.ellipsoid_minus_datum_m};
}

}  // namespace swiftlet::maps::referee
