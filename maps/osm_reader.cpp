#include "maps/osm_reader.hpp"

#include <fmt/core.h>

#include "maps/gdal_files.hpp"
#include "maps/osm_feature.hpp"

namespace swiftlet::maps {
namespace {

/// The driver's own settings take closed ways of towers and building parts for lines, and squeeze most tags into one
/// text.
constexpr const char* kLayers =
    R"(closed_ways_are_polygons=building,building:part,man_made=tower,man_made=mast,man_made=communications_tower,man_made=chimney,man_made=crane,power=tower
attribute_name_laundering=no
)";
constexpr const char* kLayer = R"([{}]
osm_id=yes
attributes=building,building:part,man_made,power,aerialway,height,min_height,building:levels,building:min_level,roof:levels,roof:height,location
other_tags=no
)";

std::string settings() {
  std::string text = kLayers;
  for (const char* layer : {"points", "lines", "multipolygons", "multilinestrings", "other_relations"}) {
    text += fmt::format(fmt::runtime(kLayer), layer);
  }
  return text;
}

OsmTags tags_of(const OGRFeature& feature) {
  OsmTags tags;
  for (int k = 0; k < feature.GetFieldCount(); ++k) {
    if (feature.IsFieldSetAndNotNull(k) != 0) {
      tags.emplace(feature.GetFieldDefnRef(k)->GetNameRef(), feature.GetFieldAsString(k));
    }
  }
  return tags;
}

std::string id_of(const OsmTags& tags, std::string_view layer) {
  const auto way = tags.find("osm_way_id");
  if (way != tags.end()) return "way/" + way->second;
  const auto id = tags.find("osm_id");
  const std::string number = id == tags.end() ? "?" : id->second;
  if (layer == "points") return "node/" + number;
  return (layer == "lines" ? "way/" : "relation/") + number;
}

void collect_corners(const OGRGeometry& geometry, OGRMultiPoint& out) {
  const auto add = [&](const OGRSimpleCurve& line) {
    for (int k = 0; k < line.getNumPoints(); ++k) {
      const OGRPoint corner(line.getX(k), line.getY(k));
      out.addGeometry(&corner);
    }
  };
  const auto type = wkbFlatten(geometry.getGeometryType());
  if (type == wkbLineString) add(*geometry.toLineString());
  if (type == wkbPolygon) {
    for (const OGRLinearRing* ring : *geometry.toPolygon()) add(*ring);
  }
  if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection) != 0) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) collect_corners(*part, out);
  }
}

struct Reader {
  const ObstacleSource& source;
  const geo::LocalFrame& frame;
  const geo::TerrainModel& terrain;
  Reprojection to_wgs84;
  ObstacleReading reading = {};
  OsmReport report = {};

  /// A footprint as drawn; the convex hull of an outline that is not closed or crosses itself.
  Expected<LocalShape> footprint_of(const OGRGeometry& geometry, OsmClass c) {
    const double radius_m = source.osm.at(static_cast<std::size_t>(c)).radius_m;
    const double reach = reach_m(geometry, radius_m, source.sag_m);
    const bool open_outline = geometry.getDimension() == 1 && c == OsmClass::building;
    if (!open_outline) {
      auto shape = to_local_polygons(geometry, to_wgs84, frame, reach);
      if (shape || geometry.getDimension() < 2) return shape;
    }
    ++report.repaired;
    OGRMultiPoint corners;  // a torn outline is no geometry that could be asked for its hull
    collect_corners(geometry, corners);
    const std::unique_ptr<OGRGeometry> hull(corners.ConvexHull());
    if (!hull) return fail(ErrorCode::geometry_invalid, "has an outline without a convex hull");
    return to_local_polygons(*hull, to_wgs84, frame, radius_m);
  }

  /// Errors without `where`.
  Expected<void> read(const OGRFeature& feature, const OsmTags& tags, const std::string& id) {
    const auto c = class_of(tags, report);
    if (!c) return {};
    const OGRGeometry* geometry = feature.GetGeometryRef();
    if (geometry == nullptr || geometry->IsEmpty()) return fail(ErrorCode::geometry_invalid, "has no geometry");
    auto footprint = footprint_of(*geometry, *c);
    if (!footprint) return Unexpected(footprint.error());
    const StatedHeights stated = heights_of(tags, *c, source, report);
    if (!stated.has_top()) {
      return fail(ErrorCode::height_missing,
                  fmt::format("has neither height nor building:levels; give default_heights_m = {{ {} = … }} in the "
                              "region file",
                              name(*c)));
    }
    geo::Obstacle obstacle;
    obstacle.id = id;
    obstacle.kind = name(*c);
    return stand_on(terrain, source, stated, std::move(*footprint), std::move(obstacle), reading);
  }
};

}  // namespace

Expected<ObstacleReading> read_osm(const ObstacleSource& source, const geo::LocalFrame& frame,
                                   const geo::TerrainModel& terrain) {
  const std::string where = source.path.string();
  const FailureWatch watch;
  const auto dataset = open_osm(source.path, settings());
  if (!dataset) return Unexpected(dataset.error());
  auto to_wgs84 = Reprojection::make(wgs84(), wgs84());
  if (!to_wgs84) return Unexpected(to_wgs84.error());
  Reader reader{source, frame, terrain, std::move(*to_wgs84)};
  // The layers are read as they come: one at a time would keep the rest in memory.
  OGRLayer* layer = nullptr;
  while (const OGRFeatureUniquePtr feature{(*dataset)->GetNextFeature(&layer, nullptr, nullptr, nullptr)}) {
    const OsmTags tags = tags_of(*feature);
    const std::string id = id_of(tags, layer->GetName());
    if (const auto done = reader.read(*feature, tags, id); !done) {
      Error error = done.error();
      error.where = fmt::format("{}, {}", where, id);
      error.cause = ErrorCause{.kind = source.kind, .id = id};
      return Unexpected(std::move(error));
    }
  }
  if (const auto failure = watch.first()) {
    return fail(ErrorCode::file_unreadable, fmt::format("cannot be read to its end: {}", *failure), where);
  }
  reader.reading.warnings = reader.report.lines(source);
  return std::move(reader.reading);
}

}  // namespace swiftlet::maps
