#include "maps/referee/obstacle_reading.hpp"

#include <fmt/core.h>
#include <ogrsf_frmts.h>

#include <cmath>

#include "maps/referee/feature_height.hpp"
#include "maps/referee/feature_shape.hpp"
#include "maps/referee/reprojection.hpp"

namespace swiftlet::maps::referee {
namespace {

/// A feature as read, still in the coordinates of its source.
struct RawFeature {
  std::string id;
  std::string where = {};
  FeatureShape shape = {};
  StatedHeights heights = {};
};

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
    RawFeature raw{.id = std::to_string(feature->GetFID())};
    raw.where = fmt::format("{}, feature {}", source.path.string(), raw.id);
    auto shape = read_shape(feature->GetGeometryRef(), is_geographic, longest_edge, raw.where);
    if (!shape) return tl::make_unexpected(shape.error());
    const auto heights = read_heights(source, *columns, *feature, raw.where);
    if (!heights) return tl::make_unexpected(heights.error());
    raw.shape = std::move(*shape);
    raw.heights = *heights;
    if (!raw.shape.lines.empty() && !(source.buffer_m > 0.0)) {
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

Expected<std::vector<Part>> footprint(const RawFeature& feature, double buffer_m, const GeosContext& context) {
  std::vector<Part> parts = feature.shape.polygons;
  for (const Part& part : parts) {
    if (const auto fault = what_is_invalid(context, part)) {
      return fail(ErrorCode::geometry_invalid, fmt::format("{}; expected a simple closed polygon", *fault),
                  feature.where);
    }
  }
  for (const Ring& line : feature.shape.lines) {
    for (Part& part : buffered(context, line, buffer_m)) parts.push_back(std::move(part));
  }
  return parts;
}

std::vector<Part> in_pixels(const std::vector<Part>& parts, const TerrainRaster& terrain,
                            const Reprojection& from_local, bool& all) {
  std::vector<Part> pixels = parts;
  for (Part& part : pixels) {
    for (Ring& ring : part.rings) {
      all = from_local.apply(ring) && all;
      for (Point2& p : ring) p = terrain.dem.pixel(p);
    }
  }
  return pixels;
}

/// The prism of a feature; nothing where it lies wholly outside the hull.
Expected<std::optional<Prism>> to_prism(const RawFeature& feature, const std::string& kind, std::vector<Part> parts,
                                        const GroundUnder& ground) {
  if (!ground.meets_hull) return std::optional<Prism>();
  if (ground.leaves_raster || ground.lacks_data) {
    return fail(ErrorCode::outside_terrain, "lies partly outside the terrain; its ground is not known", feature.where);
  }
  double top = feature.heights.top_msl_m.value_or(-HUGE_VAL);
  if (feature.heights.above_ground_m) top = std::max(top, ground.highest_m + *feature.heights.above_ground_m);
  if (feature.heights.base_msl_m && *feature.heights.base_msl_m > top) {
    return fail(ErrorCode::value_invalid,
                fmt::format("its base at {} m is above its top at {} m", *feature.heights.base_msl_m, top),
                feature.where);
  }
  return std::optional(Prism{.cause = {.kind = kind, .id = feature.id},
                             .top_msl_m = top,
                             .base_msl_m = feature.heights.base_msl_m,
                             .parts = std::move(parts)});
}

}  // namespace

Expected<std::vector<Prism>> read_prisms(const ObstacleSource& source, const TerrainRaster& terrain,
                                         const OGRSpatialReference& local, const GeosContext& context) {
  const std::string where = source.path.string();
  const auto dataset = open_vector(source.path);
  if (!dataset) return tl::make_unexpected(dataset.error());
  const auto layer = pick_layer(**dataset, source);
  if (!layer) return tl::make_unexpected(layer.error());
  const auto crs = horizontal_crs((*layer)->GetSpatialRef(), where);
  if (!crs) return tl::make_unexpected(crs.error());
  auto features = read_features(**layer, source, (*crs)->IsGeographic() != 0);
  if (!features) return tl::make_unexpected(features.error());

  const auto to_local = Reprojection::between(**crs, local, where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  const auto from_local = Reprojection::between(local, *terrain.crs, where);
  if (!from_local) return tl::make_unexpected(from_local.error());
  if (!reproject(*features, *to_local)) {
    return fail(ErrorCode::geometry_invalid, "has coordinates outside the domain of its reference system", where);
  }
  std::vector<Prism> prisms;
  for (const RawFeature& feature : *features) {
    auto parts = footprint(feature, source.buffer_m, context);
    if (!parts) return tl::make_unexpected(parts.error());
    bool all = true;
    const GroundUnder ground = terrain.dem.ground_under(in_pixels(*parts, terrain, *from_local, all));
    if (!all) return fail(ErrorCode::geometry_invalid, "cannot be placed on the terrain", feature.where);
    auto prism = to_prism(feature, source.kind, std::move(*parts), ground);
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
