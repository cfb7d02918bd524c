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

struct HeightFields {
  int height = -1;
  int top = -1;
  int levels = -1;
};

/// The top of a feature above the datum, from all that it states; the higher holds.
Expected<double> top_of(const OGRFeature& feature, const HeightFields& fields, const ObstacleSource& source,
                        double ground_msl_m, bool& guessed) {
  std::optional<double> top;
  const auto state = [&](double msl_m) { top = top ? std::max(*top, msl_m) : msl_m; };
  const auto above_ground = [&](int field, double unit_m) -> Expected<void> {
    const auto value = number_in(feature, field);
    if (!value) return Unexpected(value.error());
    if (!*value) return {};
    const double height_m = **value * unit_m;
    if (height_m < 0.0 || height_m > 2000.0) {
      return fail(ErrorCode::value_invalid, fmt::format("{} = {} must be between 0 and 2000 m",
                                                        feature.GetFieldDefnRef(field)->GetNameRef(), **value));
    }
    state(ground_msl_m + height_m);
    return {};
  };
  if (const auto done = above_ground(fields.height, 1.0); !done) return Unexpected(done.error());
  if (const auto done = above_ground(fields.levels, source.level_height_m); !done) return Unexpected(done.error());
  const auto given_top = number_in(feature, fields.top);
  if (!given_top) return Unexpected(given_top.error());
  if (*given_top) {
    if (**given_top < -500.0 || **given_top > 11000.0) {
      return fail(ErrorCode::value_invalid, fmt::format("{} = {} must be between -500 and 11000 m above the datum",
                                                        source.top_field, **given_top));
    }
    state(**given_top);
  }
  if (!top && source.default_height_m) {
    guessed = true;
    state(ground_msl_m + *source.default_height_m);
  }
  if (!top) {
    return fail(ErrorCode::height_missing,
                "states no height; fill the field, or give default_height_m in the region file");
  }
  return *top;
}

}  // namespace

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
  HeightFields fields;
  for (const auto& [name, index] : {std::pair{&source.height_field, &fields.height},
                                    {&source.top_field, &fields.top},
                                    {&source.levels_field, &fields.levels}}) {
    const auto found = find_field(**layer, *name, where);
    if (!found) return Unexpected(found.error());
    *index = *found;
  }

  ObstacleReading reading;
  CPLErrorReset();
  for (const auto& feature : **layer) {
    const std::string id = std::to_string(feature->GetFID());
    const auto refuse = [&](Error error) {
      error.where = fmt::format("{}, feature {}", where, id);
      error.cause = ErrorCause{.kind = source.kind, .id = id};
      return Unexpected(std::move(error));
    };
    const OGRGeometry* geometry = feature->GetGeometryRef();
    if (geometry == nullptr) return refuse({.code = ErrorCode::geometry_invalid, .message = "has no geometry"});
    auto footprint = to_local_polygons(*geometry, *to_wgs84, frame, source.buffer_m);
    if (!footprint) return refuse(footprint.error());
    const auto ground = terrain.highest_msl_m(footprint->polygons);
    if (!ground) {
      if (!terrain.touches_raster(footprint->polygons)) {
        ++reading.ignored_outside;
        continue;
      }
      return refuse({.code = ErrorCode::outside_terrain,
                     .message =
                         "reaches beyond the terrain, so its ground is not known; give a larger terrain, or leave "
                         "the feature out by where = \"…\""});
    }
    bool guessed = false;
    const auto top = top_of(*feature, fields, source, *ground, guessed);
    if (!top) return refuse(top.error());
    if (guessed) ++reading.guessed_height;
    const geo::Box2 box = geo::bounds(footprint->polygons);
    reading.obstacles.push_back({.id = id,
                                 .kind = source.kind,
                                 .footprint = std::move(footprint->polygons),
                                 .top_msl_m = *top,
                                 .base_msl_m = {},
                                 .box = box,
                                 .enclosure_m = footprint->enclosure_m});
  }
  if (CPLGetLastErrorType() == CE_Failure) {
    return fail(ErrorCode::file_unreadable, fmt::format("cannot be read to its end: {}", CPLGetLastErrorMsg()), where);
  }
  return reading;
}

}  // namespace swiftlet::maps
