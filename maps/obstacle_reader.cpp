#include "maps/obstacle_reader.hpp"

#include <fmt/core.h>

#include <cmath>
#include <optional>

#include "maps/gdal_files.hpp"
#include "maps/local_geometry.hpp"

namespace swiftlet::maps {
namespace {

/// The layer that the manifest means. Errors: config_invalid naming the layers there are.
Expected<OGRLayer*> find_layer(GDALDataset& dataset, const ObstacleSource& source) {
  const std::string where = source.path.string();
  if (dataset.GetLayerCount() == 0) return fail(ErrorCode::file_unreadable, "holds no layer", where);
  std::string names;
  for (OGRLayer* layer : dataset.GetLayers()) names += (names.empty() ? "" : ", ") + std::string(layer->GetName());
  OGRLayer* layer = dataset.GetLayer(0);
  if (!source.layer.empty()) {
    layer = dataset.GetLayerByName(source.layer.c_str());
    if (layer == nullptr) {
      return fail(ErrorCode::config_invalid, fmt::format("has no layer \"{}\"; it has: {}", source.layer, names),
                  where);
    }
  } else if (dataset.GetLayerCount() > 1) {
    return fail(ErrorCode::config_invalid, fmt::format("has several layers; name one by layer = \"…\": {}", names),
                where);
  }
  CPLErrorReset();
  // Some drivers notice a wrong filter only when it is first used.
  if (!source.where.empty() && (layer->SetAttributeFilter(source.where.c_str()) != OGRERR_NONE ||
                                layer->GetFeatureCount() < 0 || CPLGetLastErrorType() >= CE_Failure)) {
    return fail(
        ErrorCode::config_invalid,
        fmt::format("where = \"{}\" is not a filter that it understands: {}", source.where, CPLGetLastErrorMsg()),
        where);
  }
  return layer;
}

/// A GeoPackage's layer may be a view, which is a program: it can go on for ever and call functions. Only tables are
/// read.
Expected<void> check_is_table(GDALDataset& dataset, OGRLayer& layer, const std::string& where) {
  if (dataset.GetDriverName() != std::string_view("GPKG")) return {};
  const CPLString name = CPLString(layer.GetName()).replaceAll("'", "''");
  OGRLayer* found = dataset.ExecuteSQL(
      ("SELECT type FROM sqlite_master WHERE lower(name) = lower('" + name + "') AND type IN ('table', 'view')")
          .c_str(),
      nullptr, nullptr);
  bool is_table = false;
  if (found != nullptr) {
    const OGRFeatureUniquePtr row(found->GetNextFeature());
    is_table = row && row->GetFieldAsString(0) == std::string_view("table");
    dataset.ReleaseResultSet(found);
  }
  if (is_table) return {};
  return fail(ErrorCode::unsupported_format,
              fmt::format("its layer \"{}\" is a view; write it as a table: ogr2ogr out.gpkg in.gpkg", layer.GetName()),
              where);
}

/// A named field of a layer; −1 for no name.
Expected<int> find_field(OGRLayer& layer, const std::string& name, const std::string& where) {
  if (name.empty()) return -1;
  const int index = layer.GetLayerDefn()->GetFieldIndex(name.c_str());
  if (index < 0) return fail(ErrorCode::config_invalid, fmt::format("has no field \"{}\"", name), where);
  return index;
}

/// The number in a field: nothing where it is null. Errors: value_invalid.
Expected<std::optional<double>> number_in(const OGRFeature& feature, int field) {
  if (field < 0 || feature.IsFieldSetAndNotNull(field) == 0) return std::optional<double>();
  const char* name = feature.GetFieldDefnRef(field)->GetNameRef();
  const OGRFieldType type = feature.GetFieldDefnRef(field)->GetType();
  double value = 0.0;
  if (type == OFTString) {
    const std::string text = feature.GetFieldAsString(field);
    if (text.empty()) return std::optional<double>();
    char* end = nullptr;
    value = CPLStrtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') {
      return fail(ErrorCode::value_invalid, fmt::format("{} = \"{}\" must be a number of metres", name, text));
    }
  } else if (type == OFTReal || type == OFTInteger || type == OFTInteger64) {
    value = feature.GetFieldAsDouble(field);
  } else {
    return fail(ErrorCode::value_invalid,
                fmt::format("{} = {} must be one number, not a {}", name, feature.GetFieldAsString(field),
                            OGRFieldDefn::GetFieldTypeName(type)));
  }
  if (!std::isfinite(value)) {
    return fail(ErrorCode::value_invalid, fmt::format("{} = {} must be a finite number of metres", name, value));
  }
  return std::optional<double>(value);
}

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
  const auto layer = find_layer(**dataset, source);
  if (!layer) return Unexpected(layer.error());
  if (const auto done = check_is_table(**dataset, **layer, where); !done) return Unexpected(done.error());
  const auto crs = traditional_axes((*layer)->GetSpatialRef(), where);
  if (!crs) return Unexpected(crs.error());
  auto to_wgs84 = Reprojection::make(*crs, wgs84());
  if (!to_wgs84) return Unexpected(to_wgs84.error());
  const auto fields = find_fields(**layer, source);
  if (!fields) return Unexpected(fields.error());

  Reader reader{source, frame, terrain, std::move(*to_wgs84), *fields};
  ObstacleReading reading;
  CPLErrorReset();
  for (const auto& feature : **layer) {
    const auto done = reader.read(*feature, reading);
    if (done) continue;
    const std::string id = std::to_string(feature->GetFID());
    Error error = done.error();
    error.where = fmt::format("{}, feature {}", where, id);
    error.cause = ErrorCause{.kind = source.kind, .id = id};
    return Unexpected(std::move(error));
  }
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
