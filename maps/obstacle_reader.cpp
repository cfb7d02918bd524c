#include "maps/obstacle_reader.hpp"

#include <fmt/core.h>

#include <cmath>
#include <optional>

#include "maps/gdal_files.hpp"
#include "maps/local_geometry.hpp"
#include "maps/vector_layer.hpp"

namespace swiftlet::maps {
namespace {

struct Fields {
  int height = -1;
  int top = -1;
  int base = -1;
  int base_height = -1;
  int levels = -1;
  int radius = -1;
};

Expected<Fields> find_fields(OGRLayer& layer, const ObstacleSource& source) {
  Fields fields;
  for (const auto& [name, index] : {std::pair{&source.height_field, &fields.height},
                                    {&source.top_field, &fields.top},
                                    {&source.base_field, &fields.base},
                                    {&source.base_height_field, &fields.base_height},
                                    {&source.levels_field, &fields.levels},
                                    {&source.radius_field, &fields.radius}}) {
    const auto found = find_field(layer, *name, source.path.string());
    if (!found) return Unexpected(found.error());
    *index = *found;
  }
  return fields;
}

/// The number in a field times a unit, in a range. Errors: value_invalid.
Expected<std::optional<double>> measure_in(const OGRFeature& feature, int field, double unit_m, double least_m,
                                           double most_m, const char* wanted) {
  const auto value = number_in(feature, field);
  if (!value || !*value) return value;
  const double measure = **value * unit_m;
  if (measure < least_m || measure > most_m) {
    return fail(ErrorCode::value_invalid,
                fmt::format("{} = {} must be between {} and {} {}", feature.GetFieldDefnRef(field)->GetNameRef(),
                            **value, least_m / unit_m, most_m / unit_m, wanted));
  }
  return std::optional<double>(measure);
}

/// All that a feature states of its heights.
Expected<StatedHeights> heights_of(const OGRFeature& feature, const Fields& fields, const ObstacleSource& source) {
  constexpr double kHighest_m = 2000.0;
  constexpr const char* kDatum = "m above the datum";
  const auto height = measure_in(feature, fields.height, 1.0, 0.0, kHighest_m, "m");
  if (!height) return Unexpected(height.error());
  const auto levels = measure_in(feature, fields.levels, source.level_height_m, 0.0, kHighest_m, "levels");
  if (!levels) return Unexpected(levels.error());
  const auto top = measure_in(feature, fields.top, 1.0, -500.0, 11000.0, kDatum);
  if (!top) return Unexpected(top.error());
  const auto base = measure_in(feature, fields.base, 1.0, -500.0, 11000.0, kDatum);
  if (!base) return Unexpected(base.error());
  const auto base_height = measure_in(feature, fields.base_height, 1.0, 0.0, kHighest_m, "m");
  if (!base_height) return Unexpected(base_height.error());
  StatedHeights stated{.height_m = *height, .top_msl_m = *top, .base_height_m = *base_height, .base_msl_m = *base};
  if (*levels) stated.state_height(**levels);
  return stated;
}

Expected<double> radius_of(const OGRFeature& feature, const Fields& fields, const ObstacleSource& source) {
  const auto radius = measure_in(feature, fields.radius, 1.0, 0.0, 5000.0, "m");
  if (!radius) return Unexpected(radius.error());
  return radius->value_or(source.buffer_m);
}

/// What one source is read with.
struct Reader {
  const ObstacleSource& source;
  const geo::LocalFrame& frame;
  const geo::TerrainModel& terrain;
  Reprojection to_wgs84;
  Fields fields;
  std::size_t guessed = 0;

  /// Errors without `where`.
  Expected<void> read(const OGRFeature& feature, ObstacleReading& reading) {
    const OGRGeometry* geometry = feature.GetGeometryRef();
    if (geometry == nullptr) return fail(ErrorCode::geometry_invalid, "has no geometry");
    const auto radius = radius_of(feature, fields, source);
    if (!radius) return Unexpected(radius.error());
    auto footprint = to_local_polygons(*geometry, to_wgs84, frame, reach_m(*geometry, *radius, source.sag_m));
    if (!footprint) return Unexpected(footprint.error());
    auto stated = heights_of(feature, fields, source);
    if (!stated) return Unexpected(stated.error());
    if (!stated->has_top() && source.default_height_m) {
      ++guessed;
      stated->state_height(*source.default_height_m);
    }
    if (!stated->has_top()) {
      return fail(ErrorCode::height_missing,
                  "states no height; fill the field, or give default_height_m in the region file");
    }
    geo::Obstacle obstacle;
    obstacle.id = std::to_string(feature.GetFID());
    obstacle.kind = source.kind;
    return stand_on(terrain, source, *stated, std::move(*footprint), std::move(obstacle), reading);
  }
};

}  // namespace

double reach_m(const OGRGeometry& geometry, double radius_m, double sag_m) {
  return geometry.getDimension() == 1 && radius_m > 0.0 ? radius_m + sag_m : radius_m;
}

Expected<void> stand_on(const geo::TerrainModel& terrain, const ObstacleSource& source, const StatedHeights& stated,
                        LocalShape footprint, geo::Obstacle obstacle, ObstacleReading& reading) {
  const geo::GroundUnder ground = terrain.ground_under(footprint.polygons);
  if (!ground.on_terrain) {
    ++reading.ignored_outside;
    return {};
  }
  if (ground.beyond) {
    if (!source.keep_beyond_terrain) {
      return fail(ErrorCode::outside_terrain,
                  "reaches beyond the terrain, so its ground is not known; give a larger terrain, leave the feature "
                  "out by where = \"…\", or let it stand on what terrain there is by beyond_terrain = \"keep\"");
    }
    ++reading.kept_beyond;
  }
  if (const auto done = set_heights(stated, ground, source.sag_m, obstacle); !done) return done;
  obstacle.box = geo::bounds(footprint.polygons);
  obstacle.footprint = std::move(footprint.polygons);
  obstacle.enclosure_m = footprint.enclosure_m;
  reading.obstacles.push_back(std::move(obstacle));
  return {};
}

Expected<ObstacleReading> read_obstacles(const ObstacleSource& source, const geo::LocalFrame& frame,
                                         const geo::TerrainModel& terrain) {
  const std::string where = source.path.string();
  const auto dataset = open_vector(source.path);
  if (!dataset) return Unexpected(dataset.error());
  const auto layer = find_layer(**dataset, source.layer, source.where, where);
  if (!layer) return Unexpected(layer.error());
  const auto crs = traditional_axes((*layer)->GetSpatialRef(), where);
  if (!crs) return Unexpected(crs.error());
  auto to_wgs84 = Reprojection::make(*crs, wgs84());
  if (!to_wgs84) return Unexpected(to_wgs84.error());
  const auto fields = find_fields(**layer, source);
  if (!fields) return Unexpected(fields.error());

  Reader reader{source, frame, terrain, std::move(*to_wgs84), *fields};
  ObstacleReading reading;
  ErrorList problems;
  CPLErrorReset();
  for (const auto& feature : **layer) {
    const auto done = reader.read(*feature, reading);
    if (done) continue;
    const std::string id = std::to_string(feature->GetFID());
    Error error = done.error();
    error.where = fmt::format("{}, feature {}", where, id);
    error.cause = ErrorCause{.kind = source.kind, .id = id};
    problems.note(std::move(error));
  }
  if (!problems.empty()) return Unexpected(problems.first());
  if (CPLGetLastErrorType() == CE_Failure) {
    return fail(ErrorCode::file_unreadable, fmt::format("cannot be read to its end: {}", CPLGetLastErrorMsg()), where);
  }
  if (reader.guessed > 0) {
    reading.warnings.push_back(fmt::format("{} features without a height, taken as default_height_m = {} m",
                                           reader.guessed, *source.default_height_m));
  }
  return reading;
}

}  // namespace swiftlet::maps
