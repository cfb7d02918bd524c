#include "maps/referee/terrain_reading.hpp"

#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>

#include "maps/referee/void_filling.hpp"

namespace swiftlet::maps::referee {
namespace {

struct PixelSize {
  double across_m;
  double down_m;
};

Point2 crs_of(const RasterReading& raster, Point2 pixel) {
  return Dem(2, 2, {0, 0, 0, 0}, raster.pixel_from_crs).crs(pixel);
}

/// The pixel in the middle of the raster, measured in the local frame.
Expected<PixelSize> pixel_size(const RasterReading& raster, const OGRSpatialReference& local,
                               const std::string& where) {
  const auto to_local = Reprojection::between(*raster.crs, local, where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  const Point2 middle{(raster.columns - 1) / 2.0, (raster.rows - 1) / 2.0};
  std::vector<Point2> points{crs_of(raster, middle), crs_of(raster, {middle.x + 1.0, middle.y}),
                             crs_of(raster, {middle.x, middle.y + 1.0})};
  if (!to_local->apply(points)) return fail(ErrorCode::crs_missing, "cannot be placed in a local frame", where);
  return PixelSize{.across_m = std::hypot(points[1].x - points[0].x, points[1].y - points[0].y),
                   .down_m = std::hypot(points[2].x - points[0].x, points[2].y - points[0].y)};
}

Expected<LonLat> centre_of(const RasterReading& raster, const std::string& where) {
  const auto to_lonlat = Reprojection::between(*raster.crs, *wgs84_lonlat(), where);
  if (!to_lonlat) return tl::make_unexpected(to_lonlat.error());
  std::vector<Point2> points{crs_of(raster, {(raster.columns - 1) / 2.0, (raster.rows - 1) / 2.0})};
  if (!to_lonlat->apply(points)) return fail(ErrorCode::crs_missing, "its extent cannot be placed on WGS84", where);
  return LonLat{.lon_deg = points[0].x, .lat_deg = points[0].y};
}

/// Pixels about as far apart as 50 m.
int net_step(const PixelSize& size) {
  return std::clamp(static_cast<int>(50.0 / std::max(size.across_m, size.down_m)), 1, 64);
}

/// The corners of a raster's pixels in another system.
Expected<PixelNet> net_to(const RasterReading& raster, int step, const OGRSpatialReference& to,
                          const std::string& where, const Dem* pixels_of = nullptr) {
  const auto way = Reprojection::between(*raster.crs, to, where);
  if (!way) return tl::make_unexpected(way.error());
  const Dem georeference(2, 2, {0, 0, 0, 0}, raster.pixel_from_crs);
  auto net = PixelNet::make(raster.columns, raster.rows, step, [&](std::vector<Point2>& corners) {
    for (Point2& p : corners) p = georeference.crs({p.x - 0.5, p.y - 0.5});
    if (!way->apply(corners)) return false;
    if (pixels_of != nullptr) {
      for (Point2& p : corners) p = pixels_of->pixel(p);
    }
    return true;
  });
  if (!net) return fail(ErrorCode::crs_missing, "cannot be placed beside the terrain", where);
  return std::move(*net);
}

/// Stands pixels on the terrain. `candidate(c, r)` says which ask for their ground, `top_of(c, r, ground)` the top, NaN
/// for none.
template <class Candidate, class TopOf>
Expected<PixelPrisms> stand(const RasterReading& raster, const std::string& kind, const Terrain& terrain,
                            const OGRSpatialReference& local, const std::string& where, Candidate&& candidate,
                            TopOf&& top_of) {
  const auto size = pixel_size(raster, local, where);
  if (!size) return tl::make_unexpected(size.error());
  const int step = net_step(*size);
  auto to_local = net_to(raster, step, local, where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  std::vector<PixelNet> to_terrain;
  for (const Terrain::Source& source : terrain.sources()) {
    auto net = net_to(raster, step, *source.crs, where, &source.dem);
    if (!net) return tl::make_unexpected(net.error());
    to_terrain.push_back(std::move(*net));
  }
  std::vector<double> tops(raster.values.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<std::vector<Part>> footprint(to_terrain.size());
  for (int r = 0; r < raster.rows; ++r) {
    for (int c = 0; c < raster.columns; ++c) {
      if (!candidate(c, r)) continue;
      for (std::size_t k = 0; k < to_terrain.size(); ++k) footprint[k] = {PixelPrisms::square(to_terrain[k], c, r)};
      const GroundUnder ground = terrain.ground_under(footprint);
      if (!ground.meets_hull) continue;
      tops[static_cast<std::size_t>(r) * static_cast<std::size_t>(raster.columns) + static_cast<std::size_t>(c)] =
          top_of(c, r, ground);
    }
  }
  return PixelPrisms(kind, raster.columns, raster.rows, std::move(tops), std::move(*to_local));
}

double value_at(const RasterReading& raster, int column, int row) {
  return raster.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(raster.columns) +
                       static_cast<std::size_t>(column)];
}

/// Whether `later` holds data in every pixel that the bounds of the square touch with their inside.
bool knows_square(const RasterReading& later, const Part& square_in_pixels) {
  const Box box = bounds(square_in_pixels);
  const double c0 = std::floor(box.min_x + 0.5 + 1e-6);
  const double c1 = std::floor(box.max_x + 0.5 - 1e-6);
  const double r0 = std::floor(box.min_y + 0.5 + 1e-6);
  const double r1 = std::floor(box.max_y + 0.5 - 1e-6);
  if (!(c0 >= 0.0 && r0 >= 0.0 && c1 < later.columns && r1 < later.rows)) return false;
  for (double r = r0; r <= r1; r += 1.0) {
    for (double c = c0; c <= c1; c += 1.0) {
      if (std::isnan(value_at(later, static_cast<int>(c), static_cast<int>(r)))) return false;
    }
  }
  return true;
}

}  // namespace

Expected<TerrainReading> read_terrain(const RegionManifest& manifest) {
  TerrainReading out;
  const bool has_ground_model =
      std::any_of(manifest.terrain.begin(), manifest.terrain.end(), [](const auto& t) { return t.kind == "dtm"; });
  std::vector<Terrain::Source> sources;
  Crs local;
  for (const TerrainSource& source : manifest.terrain) {
    const std::string where = source.path.string();
    auto raster = read_raster(source.path, source.nodata);
    if (!raster) return tl::make_unexpected(raster.error());
    fill_voids(*raster, source.max_void_cells, source.sea_level_m);
    if (!local) {
      const auto centre = centre_of(*raster, where);
      if (!centre) return tl::make_unexpected(centre.error());
      out.centre = *centre;
      local = local_frame(*centre);
    }
    const auto size = pixel_size(*raster, *local, where);
    if (!size) return tl::make_unexpected(size.error());
    if (source.kind == "dsm") {
      out.surfaces.push_back({.raster = {.columns = raster->columns,
                                         .rows = raster->rows,
                                         .values = raster->values,
                                         .pixel_from_crs = raster->pixel_from_crs,
                                         .crs = Crs(raster->crs->Clone())},
                              .min_height_m = source.min_height_m});
      if (has_ground_model) continue;
      const auto cells = [&](double side_m) {
        return std::max(1, static_cast<int>(std::floor(source.ground_radius_m / side_m + 0.5)));
      };
      lower_to_ground(*raster, cells(size->across_m), cells(size->down_m));
    }
    sources.push_back({.dem = Dem(raster->columns, raster->rows, std::move(raster->values), raster->pixel_from_crs),
                       .crs = std::move(raster->crs),
                       .pixel_m = std::min(size->across_m, size->down_m)});
  }
  out.terrain = std::make_unique<const Terrain>(std::move(sources));
  return out;
}

Expected<PixelPrisms> read_raster_prisms(const ObstacleSource& source, const Terrain& terrain,
                                         const OGRSpatialReference& local) {
  const auto raster = read_raster(source.path, source.nodata);
  if (!raster) return tl::make_unexpected(raster.error());
  constexpr double kHighest_m = 2000.0;
  if (std::any_of(raster->values.begin(), raster->values.end(), [](double h) { return h > kHighest_m; })) {
    return fail(ErrorCode::raster_value_invalid, "holds a height above the ground of over 2000 m",
                source.path.string());
  }
  return stand(
      *raster, source.kind, terrain, local, source.path.string(),
      [&](int c, int r) { return value_at(*raster, c, r) > source.min_height_m; },
      [&](int c, int r, const GroundUnder& ground) { return ground.highest_m + value_at(*raster, c, r); });
}

Expected<PixelPrisms> surface_prisms(const std::vector<SurfaceReading>& surfaces, std::size_t which,
                                     const Terrain& terrain, const OGRSpatialReference& local) {
  const SurfaceReading& surface = surfaces[which];
  std::vector<PixelNet> to_later;
  for (std::size_t k = which + 1; k < surfaces.size(); ++k) {
    const RasterReading& later = surfaces[k].raster;
    const Dem georeference(2, 2, {0, 0, 0, 0}, later.pixel_from_crs);
    auto net = net_to(surface.raster, 1, *later.crs, "", &georeference);
    if (!net) return tl::make_unexpected(net.error());
    to_later.push_back(std::move(*net));
  }
  const auto left_to_later = [&](int c, int r) {
    for (std::size_t k = 0; k < to_later.size(); ++k) {
      if (knows_square(surfaces[which + 1 + k].raster, PixelPrisms::square(to_later[k], c, r))) return true;
    }
    return false;
  };
  return stand(
      surface.raster, "surface", terrain, local, "",
      [&](int c, int r) { return !std::isnan(value_at(surface.raster, c, r)) && !left_to_later(c, r); },
      [&](int c, int r, const GroundUnder& ground) {
        const double top = value_at(surface.raster, c, r);
        return top > ground.highest_m + surface.min_height_m ? top : std::numeric_limits<double>::quiet_NaN();
      });
}

}  // namespace swiftlet::maps::referee
