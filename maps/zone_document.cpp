#include "maps/zone_document.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "maps/feature_fields.hpp"
#include "maps/zone_properties.hpp"
#include "maps/zone_volume.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;

Unexpected invalid(const char* field, const json& value, const std::string& wanted) {
  return maps::invalid(ErrorCode::value_invalid, field, value, wanted);
}

/// A volume of ED-269.
Expected<ZoneVolume> read_ed269_volume(const json& source) {
  if (!source.is_object()) return invalid("geometry", source, "an object");
  ZoneVolume volume;
  if (const auto done = read_limits(source, kEd269Limits, volume); !done) return Unexpected(done.error());
  const json& projection = member(source, "horizontalProjection");
  const std::string type = text_of(member(projection, "type"));
  if (type == "Circle") {
    const auto circle = read_circle(member(projection, "center"), "center", member(projection, "radius"), "radius");
    if (!circle) return Unexpected(circle.error());
    volume.shape = *circle;
  } else if (type == "Polygon") {
    auto polygon = read_polygon(member(projection, "coordinates"));
    if (!polygon) return Unexpected(polygon.error());
    volume.shape = std::vector{std::move(*polygon)};
  } else {
    return invalid("horizontalProjection.type", member(projection, "type"), "\"Circle\" or \"Polygon\"");
  }
  return volume;
}

/// The limits of a GeoJSON geometry: its layer, else the one that holds for all of them, else those of ED-269 among
/// the properties; without any of these from the ground up.
Expected<void> read_geojson_limits(const json& geometry, const json& outer_layer, const json& properties,
                                   ZoneVolume& volume) {
  const json& own = member(geometry, "layer");
  const json& layer = own.is_null() ? (outer_layer.is_null() ? member(properties, "layer") : outer_layer) : own;
  if (layer.is_object()) return read_limits(layer, kEd318Limits, volume);
  if (!layer.is_null()) return invalid("layer", layer, "an object");
  if (member(properties, kEd269Limits.lower).is_null() && member(properties, kEd269Limits.upper).is_null()) return {};
  return read_limits(properties, kEd269Limits, volume);
}

Expected<ZoneVolume> read_geojson_volume(const json& geometry, const json& outer_layer, const json& properties) {
  ZoneVolume volume;
  const std::string type = text_of(member(geometry, "type"));
  const json& coordinates = member(geometry, "coordinates");
  if (type == "Point") {
    const json& extent = member(geometry, "extent");
    if (!extent.is_null() && text_of(member(extent, "subType")) != "Circle") {
      return invalid("extent.subType", member(extent, "subType"), "\"Circle\"");
    }
    const json& radius = extent.is_null() ? member(properties, "radius") : member(extent, "radius");
    const auto circle = read_circle(coordinates, "coordinates", radius, extent.is_null() ? "radius" : "extent.radius");
    if (!circle) return Unexpected(circle.error());
    volume.shape = *circle;
  } else if (type == "Polygon" || type == "MultiPolygon") {
    if (type == "MultiPolygon" && (!coordinates.is_array() || coordinates.empty())) {
      return invalid("coordinates", coordinates, "a list of polygons");
    }
    std::vector<ZonePolygon> polygons;
    for (const json& rings : type == "Polygon" ? json::array({coordinates}) : coordinates) {
      auto polygon = read_polygon(rings);
      if (!polygon) return Unexpected(polygon.error());
      polygons.push_back(std::move(*polygon));
    }
    volume.shape = std::move(polygons);
  } else {
    return invalid("geometry.type", member(geometry, "type"),
                   "Polygon, MultiPolygon, a Point with an extent, or a GeometryCollection of these");
  }
  if (const auto done = read_geojson_limits(geometry, outer_layer, properties, volume); !done) {
    return Unexpected(done.error());
  }
  return volume;
}

/// Calls read(source) for each of the list, appending what it gives; errors name the volume where there are several.
template <class Read>
Expected<void> read_volumes(const json& list, PublishedZone& zone, Read&& read) {
  if (!list.is_array() || list.empty()) return invalid("geometry", list, "a list of one or more volumes");
  for (std::size_t k = 0; k < list.size(); ++k) {
    auto volume = read(list[k]);
    if (!volume) {
      Error error = volume.error();
      if (list.size() > 1) error.where = fmt::format("volume {}", k);
      return Unexpected(std::move(error));
    }
    zone.volumes.push_back(std::move(*volume));
  }
  return {};
}

/// ED-318 gives its collection times and texts of its own. They bind no zone, but a file that has them wrong is none
/// to rely on.
Expected<void> check_metadata(const json& metadata, const std::string& where) {
  if (metadata.is_null()) return {};
  const std::string here = where + ", metadata";
  if (!metadata.is_object()) return fail(ErrorCode::value_invalid, "metadata must be an object", here);
  for (const char* field : {"validFrom", "validTo", "issued"}) {
    const json& value = member(metadata, field);
    if (value.is_null()) continue;
    std::string text = text_of(value);
    const std::size_t time = text.find('T');
    if (time != std::string::npos && text.find_first_of("Zz+-", time) == std::string::npos) text += 'Z';
    if (!parse_rfc3339(text)) {
      return fail(ErrorCode::time_invalid,
                  fmt::format("{} = {} must be an RFC 3339 time such as 2026-11-21T10:00:00Z", field, shown(value)),
                  here);
    }
  }
  return {};
}

std::string place_of(const json& zone, std::size_t k, const std::string& where) {
  std::string id = text_of(member(zone, "identifier"));
  if (id.empty()) id = text_of(member(member(zone, "properties"), "identifier"));
  return fmt::format("{}, zone {}{}", where, k, id.empty() ? "" : " (" + id + ")");
}

}  // namespace

Expected<PublishedZone> read_zone(const json& source) {
  if (!source.is_object()) return invalid("zone", source, "an object");
  const json& geometry = member(source, "geometry");
  const bool feature = member(source, "properties").is_object() || geometry.is_object();
  auto zone = read_properties(feature ? member(source, "properties") : source);
  if (!zone) return zone;
  Expected<void> done;
  if (!feature) {
    done = read_volumes(geometry, *zone, read_ed269_volume);
  } else {
    const json& properties = member(source, "properties");
    const bool collection = text_of(member(geometry, "type")) == "GeometryCollection";
    const json& outer_layer = collection ? member(geometry, "layer") : member(json(), "");
    done = read_volumes(collection ? member(geometry, "geometries") : json::array({geometry}), *zone,
                        [&](const json& part) { return read_geojson_volume(part, outer_layer, properties); });
  }
  if (!done) return Unexpected(done.error());
  return zone;
}

Expected<std::vector<PublishedZone>> read_zone_document(const json& root, const std::string& where) {
  const json single = member(root, "type") == "Feature" ? json::array({root}) : json();
  const json& features = root.contains("UASZoneList") ? member(root, "UASZoneList")
                         : single.is_array()          ? single
                                                      : member(root, "features");
  if (!features.is_array()) {
    return fail(ErrorCode::unsupported_format,
                "is neither ED-269 nor ED-318 nor GeoJSON: it has no list \"UASZoneList\" or \"features\"", where);
  }
  if (const auto done = check_metadata(member(root, "metadata"), where); !done) return Unexpected(done.error());
  std::vector<PublishedZone> zones;
  ErrorList problems;
  for (std::size_t k = 0; k < features.size(); ++k) {
    auto zone = read_zone(features[k]);
    if (!zone) {
      Error error = zone.error();
      error.where = place_of(features[k], k, where) + (error.where.empty() ? "" : ", " + error.where);
      problems.note(std::move(error));
      continue;
    }
    zones.push_back(std::move(*zone));
  }
  if (!problems.empty()) return Unexpected(problems.first());
  return zones;
}

}  // namespace swiftlet::maps
