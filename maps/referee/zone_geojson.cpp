#include "maps/referee/zone_geojson.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

namespace swiftlet::maps::referee {
namespace {

using nlohmann::json;

json value_at(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(name);
  return it == object.end() ? json() : *it;
}

/// The limits of ED-269 from a layer of ED-318.
json limits_of_layer(const json& layer) {
  const json unit = value_at(layer, "uom");
  return {{"uomDimensions", unit.is_null() || unit == "m" ? json("M")
                            : unit == "ft"                ? json("FT")
                                                          : unit},
          {"lowerLimit", value_at(layer, "lower")},
          {"lowerVerticalReference", value_at(layer, "lowerReference")},
          {"upperLimit", value_at(layer, "upper")},
          {"upperVerticalReference", value_at(layer, "upperReference")}};
}

json limits_of_properties(const json& properties) {
  json limits = json::object();
  for (const char* name :
       {"uomDimensions", "lowerLimit", "lowerVerticalReference", "upperLimit", "upperVerticalReference"}) {
    limits[name] = value_at(properties, name);
  }
  return limits;
}

/// The layer nearest to the geometry: its own, the collection's, the properties'; else the properties' own limits.
json limits_of(const json& geometry, const json& of_collection, const json& properties) {
  for (const json& layer : {value_at(geometry, "layer"), of_collection, value_at(properties, "layer")}) {
    if (!layer.is_null()) return limits_of_layer(layer);
  }
  return limits_of_properties(properties);
}

void add_volume(json limits, json projection, json& volumes) {
  limits["horizontalProjection"] = std::move(projection);
  volumes.push_back(std::move(limits));
}

/// False where the geometry is none that bounds a zone.
bool add_volumes(const json& geometry, const json& of_collection, const json& properties, json& volumes) {
  const json type = value_at(geometry, "type");
  const json coordinates = value_at(geometry, "coordinates");
  const json limits = limits_of(geometry, of_collection, properties);
  if (type == "Polygon") {
    add_volume(limits, {{"type", "Polygon"}, {"coordinates", coordinates}}, volumes);
    return true;
  }
  if (type == "MultiPolygon") {
    for (const json& polygon : coordinates) {
      add_volume(limits, {{"type", "Polygon"}, {"coordinates", polygon}}, volumes);
    }
    return coordinates.is_array() && !coordinates.empty();
  }
  if (type != "Point") return false;
  const json extent = value_at(geometry, "extent");
  if (!extent.is_null() && value_at(extent, "subType") != "Circle") return false;
  const json radius = extent.is_null() ? value_at(properties, "radius") : value_at(extent, "radius");
  add_volume(limits, {{"type", "Circle"}, {"center", coordinates}, {"radius", radius}}, volumes);
  return true;
}

}  // namespace

bool is_geojson(const json& zone) {
  return zone.is_object() && (value_at(zone, "properties").is_object() || value_at(zone, "geometry").is_object());
}

Expected<json> in_words_of_ed269(const json& feature, const std::string& where) {
  const json properties = value_at(feature, "properties");
  json restriction = value_at(properties, "restriction");
  if (restriction.is_null()) restriction = value_at(properties, "type");
  if (restriction == "REQ_AUTHORIZATION") restriction = "REQ_AUTHORISATION";
  if (restriction == "USPACE") restriction = "CONDITIONAL";
  json times = value_at(properties, "limitedApplicability");
  if (times.is_null()) times = value_at(properties, "applicability");
  json identifier = value_at(value_at(properties, "extendedProperties"), "swiftletIdentifier");
  if (!identifier.is_string()) identifier = value_at(properties, "identifier");

  const json geometry = value_at(feature, "geometry");
  const bool collection = value_at(geometry, "type") == "GeometryCollection";
  json volumes = json::array();
  for (const json& part : collection ? value_at(geometry, "geometries") : json::array({geometry})) {
    if (!add_volumes(part, collection ? value_at(geometry, "layer") : json(), properties, volumes)) {
      return fail(ErrorCode::value_invalid,
                  fmt::format("geometry is {}; expected Polygon, MultiPolygon, a Point with a circle, or a "
                              "GeometryCollection of these",
                              part.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 80)),
                  where);
    }
  }
  return json{{"identifier", identifier},
              {"restriction", restriction},
              {"applicability", times},
              {"timeZone", value_at(properties, "timeZone")},
              {"geometry", volumes}};
}

}  // namespace swiftlet::maps::referee
