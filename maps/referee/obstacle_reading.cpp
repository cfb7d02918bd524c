#include "maps/referee/obstacle_reading.hpp"

#include <fmt/core.h>
#include <ogrsf_frmts.h>

#include <cmath>

#include "maps/referee/osm_reading.hpp"
#include "maps/referee/reprojection.hpp"

namespace swiftlet::maps::referee {
namespace {

Expected<OGRLayer*> pick_layer(GDALDataset& dataset, const ObstacleSource& source) {
  const std::string where = source.path.string();
  const QuietGdal quiet;
  OGRLayer* layer = nullptr;
  if (!source.layer.empty()) {
    layer = dataset.GetLayerByName(source.layer.c_str());
    if (layer == nullptr) {
      return fail(ErrorCode::value_invalid, fmt::format("has no layer \"{}\"", source.layer), where);
    }
  } else if (dataset.GetLayerCount() == 1) {
    layer = dataset.GetLayer(0);
  } else {
    return fail(ErrorCode::value_invalid,
                fmt::format("has {} layers; name one with layer = \"…\"", dataset.GetLayerCount()), where);
  }
  if (!source.where.empty() && layer->SetAttributeFilter(source.where.c_str()) != OGRERR_NONE) {
    return fail(ErrorCode::value_invalid, fmt::format("where = \"{}\": {}", source.where, quiet.said()), where);
  }
  return layer;
}

Expected<std::vector<RawFeature>> read_features(OGRLayer& layer, const ObstacleSource& source, bool is_geographic) {
  const auto columns = find_height_columns(source, *layer.GetLayerDefn(), source.path.string());
  if (!columns) return tl::make_unexpected(columns.error());
  // Long edges are straight in the source's coordinates, not in the local frame.
  const double longest_edge = is_geographic ? 0.001 : 100.0;
  std::vector<RawFeature> features;
  const QuietGdal quiet;
  layer.ResetReading();
  while (const OGRFeatureUniquePtr feature{layer.GetNextFeature()}) {
    RawFeature raw{.id = std::to_string(feature->GetFID()), .kind = source.kind, .where = {}};
    raw.where = fmt::format("{}, feature {}", source.path.string(), raw.id);
    auto shape = read_shape(feature->GetGeometryRef(), is_geographic, longest_edge, raw.where);
    if (!shape) return tl::make_unexpected(shape.error());
    const auto heights = read_heights(source, *columns, *feature, raw.where);
    if (!heights) return tl::make_unexpected(heights.error());
    const auto radius = read_radius(*columns, *feature, raw.where);
    if (!radius) return tl::make_unexpected(radius.error());
    raw.shape = std::move(*shape);
    raw.heights = *heights;
    raw.radius_m = radius->value_or(source.buffer_m);
    if (!raw.shape.lines.empty() && !(raw.radius_m > 0.0)) {
      return fail(ErrorCode::geometry_invalid, "is a point or a line; its source needs buffer_m above 0", raw.where);
    }
    features.push_back(std::move(raw));
  }
  if (quiet.failed()) {
    return fail(ErrorCode::file_unreadable, fmt::format("cannot be read to its end: {}", quiet.said()),
                source.path.string());
  }
  return features;
}

template <class Visit>
void each_point(FeatureShape& shape, Visit&& visit) {
  for (Part& part : shape.polygons) {
    for (Ring& ring : part.rings) {
      for (Point2& p : ring) visit(p);
    }
  }
  for (Ring& line : shape.lines) {
    for (Point2& p : line) visit(p);
  }
}

/// All coordinates of a source in one call: PROJ is slow to start and quick to run.
bool reproject(std::vector<RawFeature>& features, const Reprojection& reprojection) {
  std::vector<Point2> points;
  for (RawFeature& feature : features) each_point(feature.shape, [&](Point2& p) { points.push_back(p); });
  const bool all = reprojection.apply(points);
  std::size_t next = 0;
  for (RawFeature& feature : features) each_point(feature.shape, [&](Point2& p) { p = points[next++]; });
  return all;
}

Expected<std::vector<Part>> footprint(const RawFeature& feature, double sag_m, const GeosContext& context) {
  std::vector<Part> parts = feature.shape.polygons;
  bool mend = feature.torn;
  for (const Part& part : parts) {
    const auto fault = what_is_invalid(context, part);
    if (!fault) continue;
    if (!feature.mend) {
      return fail(ErrorCode::geometry_invalid, fmt::format("{}; expected a simple closed polygon", *fault),
                  feature.where);
    }
    mend = true;
  }
  if (mend) {
    parts = convex_hull(context, feature.shape.polygons);
    for (const Part& thin : feature.shape.polygons) {
      if (!parts.empty()) break;
      parts = buffered(context, thin.rings.front(), feature.radius_m);
    }
  }
  for (const Ring& line : feature.shape.lines) {
    // A cable that sags so far may swing out so far.
    const double reach_m = feature.radius_m + (line.size() > 1 ? sag_m : 0.0);
    for (Part& part : buffered(context, line, reach_m)) parts.push_back(std::move(part));
  }
  return parts;
}

/// The same parts in the pixel coordinates of every terrain source; false where one cannot be told there.
bool in_pixels(const std::vector<Part>& parts, const Terrain& terrain, const std::vector<Reprojection>& from_local,
               std::vector<std::vector<Part>>& out) {
  bool all = true;
  out.assign(from_local.size(), parts);
  for (std::size_t k = 0; k < from_local.size(); ++k) {
    for (Part& part : out[k]) {
      for (Ring& ring : part.rings) {
        all = from_local[k].apply(ring) && all;
        for (Point2& p : ring) p = terrain.sources()[k].dem.pixel(p);
      }
    }
  }
  return all;
}

/// The prism of a feature; nothing where it lies wholly outside the terrain.
Expected<std::optional<Prism>> to_prism(const RawFeature& feature, const ObstacleSource& source,
                                        std::vector<Part> parts, const GroundUnder& ground) {
  if (!ground.meets_hull) return std::optional<Prism>();
  if (ground.leaves_terrain && !source.keep_beyond_terrain) {
    return fail(ErrorCode::outside_terrain, "lies partly outside the terrain; its ground is not known", feature.where);
  }
  Prism prism{.cause = {.kind = feature.kind, .id = feature.id},
              .top_msl_m = feature.heights.top_msl_m.value_or(-HUGE_VAL),
              .base_msl_m = feature.heights.base_msl_m,
              .parts = std::move(parts)};
  if (feature.heights.above_ground_m) {
    prism.top_msl_m = std::max(prism.top_msl_m, ground.highest_m + *feature.heights.above_ground_m);
  }
  if (feature.heights.base_above_ground_m) {
    const double base = ground.lowest_m + *feature.heights.base_above_ground_m;
    prism.base_msl_m = std::min(prism.base_msl_m.value_or(base), base);
  }
  if (!prism.base_msl_m) return std::optional(std::move(prism));
  if (*prism.base_msl_m >= prism.top_msl_m) {
    return fail(ErrorCode::value_invalid,
                fmt::format("its base at {} m is not below its top at {} m", *prism.base_msl_m, prism.top_msl_m),
                feature.where);
  }
  *prism.base_msl_m -= source.sag_m;
  return std::optional(std::move(prism));
}

/// The features of a vector file, in its own coordinates.
Expected<std::vector<RawFeature>> read_vector(const ObstacleSource& source, Crs& crs) {
  const auto dataset = open_vector(source.path);
  if (!dataset) return tl::make_unexpected(dataset.error());
  const auto layer = pick_layer(**dataset, source);
  if (!layer) return tl::make_unexpected(layer.error());
  auto declared = horizontal_crs((*layer)->GetSpatialRef(), source.path.string());
  if (!declared) return tl::make_unexpected(declared.error());
  crs = std::move(*declared);
  return read_features(**layer, source, crs->IsGeographic() != 0);
}

}  // namespace

Expected<std::vector<Prism>> read_prisms(const ObstacleSource& source, const Terrain& terrain,
                                         const OGRSpatialReference& local, const GeosContext& context) {
  const std::string where = source.path.string();
  Crs crs = wgs84_lonlat();
  auto features = source.format == ObstacleFormat::osm ? read_osm_features(source) : read_vector(source, crs);
  if (!features) return tl::make_unexpected(features.error());

  const auto to_local = Reprojection::between(*crs, local, where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  std::vector<Reprojection> to_terrain;
  for (const Terrain::Source& ground : terrain.sources()) {
    auto way = Reprojection::between(local, *ground.crs, where);
    if (!way) return tl::make_unexpected(way.error());
    to_terrain.push_back(std::move(*way));
  }
  if (!reproject(*features, *to_local)) {
    return fail(ErrorCode::geometry_invalid, "has coordinates outside the domain of its reference system", where);
  }
  std::vector<Prism> prisms;
  std::vector<std::vector<Part>> pixels;
  for (const RawFeature& feature : *features) {
    auto parts = footprint(feature, source.sag_m, context);
    if (!parts) return tl::make_unexpected(parts.error());
    if (!in_pixels(*parts, terrain, to_terrain, pixels)) {
      return fail(ErrorCode::geometry_invalid, "cannot be placed on the terrain", feature.where);
    }
    auto prism = to_prism(feature, source, std::move(*parts), terrain.ground_under(pixels));
    if (!prism) return tl::make_unexpected(prism.error());
    if (*prism) prisms.push_back(std::move(**prism));
  }
  if (prisms.empty() && !features->empty()) {
    return fail(ErrorCode::outside_terrain,
                fmt::format("none of its {} features is on the terrain; check its reference system", features->size()),
                where);
  }
  return prisms;
}

}  // namespace swiftlet::maps::referee
