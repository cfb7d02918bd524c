#include "maps/geozone_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "geo/lonlat_shapes.hpp"
#include "maps/intake/json_source.hpp"
#include "maps/local_geometry.hpp"
#include "maps/zone_schedule.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;

constexpr double kFoot_m = 0.3048;
/// Zones further than this from the region's extent are of no concern to it: beyond any zone_margin_m that is allowed.
constexpr double kFarAway_m = 12'000.0;
/// Beyond this distance from the region's centre positions are not brought into the local frame at all.
constexpr double kFarAway_deg = 3.0;

std::string shown(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 80);
}

const json& member(const json& object, const char* key) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto it = object.find(key);
  return it == object.end() ? kNull : *it;
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

Unexpected invalid(const char* field, const json& value, const char* wanted) {
  return fail(ErrorCode::value_invalid, fmt::format("{} = {} must be {}", field, shown(value), wanted));
}

/// A limit's number: a JSON number or a text that is one; nothing for null.
Expected<std::optional<double>> limit_value(const json& value, const char* field) {
  if (value.is_null()) return std::optional<double>();
  double number = 0.0;
  if (value.is_number()) {
    number = value.get<double>();
  } else if (value.is_string()) {
    const auto text = value.get<std::string>();
    char* end = nullptr;
    number = CPLStrtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') return invalid(field, value, "a number");
  } else {
    return invalid(field, value, "a number or null");
  }
  if (!std::isfinite(number) || std::abs(number) > 1e6) return invalid(field, value, "a finite number of at most 10^6");
  return std::optional<double>(number);
}

Expected<std::optional<geo::ZoneLimit>> read_limit(const json& geometry, const char* value_field,
                                                   const char* reference_field, double unit_m) {
  const auto value = limit_value(member(geometry, value_field), value_field);
  if (!value) return Unexpected(value.error());
  if (!*value) return std::optional<geo::ZoneLimit>();
  const json& reference = member(geometry, reference_field);
  const std::string name = text_of(reference);
  if (name != "AGL" && name != "AMSL") return invalid(reference_field, reference, "\"AGL\" or \"AMSL\"");
  return std::optional(
      geo::ZoneLimit{.value_m = **value * unit_m,
                     .reference = name == "AGL" ? geo::VerticalReference::agl : geo::VerticalReference::amsl});
}

Expected<LonLat> read_position(const json& value, const char* field) {
  if (!value.is_array() || value.size() < 2 || !value[0].is_number() || !value[1].is_number()) {
    return invalid(field, value, "[longitude, latitude] in degrees");
  }
  const LonLat p{.lon_deg = value[0].get<double>(), .lat_deg = value[1].get<double>()};
  if (!(std::abs(p.lon_deg) <= 180.0 && std::abs(p.lat_deg) < 90.0)) {
    return invalid(field, value, "a longitude within 180 and a latitude within 90 degrees");
  }
  return p;
}

/// Whether the box that the positions span stays clear of the region's surroundings. It is the box that counts: a zone
/// may cover the region with all its corners far away.
bool far_away(const std::vector<LonLat>& corners, const geo::LocalFrame& frame) {
  const LonLat c = frame.centre();
  const double reach_lon_deg = kFarAway_deg / std::cos(c.lat_deg * std::numbers::pi / 180.0);
  const auto [west, east] =
      std::minmax_element(corners.begin(), corners.end(), [](auto a, auto b) { return a.lon_deg < b.lon_deg; });
  const auto [south, north] =
      std::minmax_element(corners.begin(), corners.end(), [](auto a, auto b) { return a.lat_deg < b.lat_deg; });
  return west->lon_deg > c.lon_deg + reach_lon_deg || east->lon_deg < c.lon_deg - reach_lon_deg ||
         south->lat_deg > c.lat_deg + kFarAway_deg || north->lat_deg < c.lat_deg - kFarAway_deg;
}

/// Transverse Mercator is of no use a quarter of the globe away.
bool beyond_projection(const std::vector<LonLat>& corners, const geo::LocalFrame& frame) {
  return std::any_of(corners.begin(), corners.end(),
                     [&](LonLat p) { return std::abs(p.lon_deg - frame.centre().lon_deg) > 45.0; });
}

Expected<std::vector<LonLat>> read_ring(const json& ring) {
  std::vector<LonLat> corners;
  if (ring.is_array()) {
    for (const json& position : ring) {
      const auto p = read_position(position, "coordinates");
      if (!p) return Unexpected(p.error());
      corners.push_back(*p);
    }
  }
  if (corners.size() > 1 && corners.front() == corners.back()) corners.pop_back();
  if (corners.size() < 3) return invalid("coordinates", ring, "a ring of three or more different positions");
  return corners;
}

/// The footprint; empty for a zone far away.
Expected<geo::MultiPolygon> read_footprint(const json& projection, const geo::LocalFrame& frame) {
  const std::string type = text_of(member(projection, "type"));
  if (type == "Circle") {
    const json& centre_json = member(projection, "center");
    const auto centre = read_position(centre_json, "center");
    if (!centre) return Unexpected(centre.error());
    const json& radius = member(projection, "radius");
    if (!radius.is_number() || !(radius.get<double>() > 0.0 && radius.get<double>() < 200'000.0)) {
      return invalid("radius", radius, "a number of metres above 0 and below 200 000");
    }
    if (far_away({*centre}, frame)) return geo::MultiPolygon{};
    return geo::MultiPolygon{{geo::enclosing_geodesic_circle(frame, *centre, radius.get<double>()), {}}};
  }
  if (type != "Polygon")
    return invalid("horizontalProjection.type", member(projection, "type"), "\"Circle\" or \"Polygon\"");
  const json& rings = member(projection, "coordinates");
  if (!rings.is_array() || rings.empty()) return invalid("coordinates", rings, "a list of rings");
  geo::Polygon polygon;
  for (std::size_t r = 0; r < rings.size(); ++r) {
    const auto corners = read_ring(rings[r]);
    if (!corners) return Unexpected(corners.error());
    if (r == 0 && far_away(*corners, frame)) return geo::MultiPolygon{};
    if (beyond_projection(*corners, frame)) {
      return invalid("coordinates", rings[r].front(), "within 45 degrees of longitude of the region");
    }
    geo::Ring ring = geo::ring_from_lonlat(frame, *corners);
    if (r == 0) {
      polygon.outer = std::move(ring);
    } else {
      polygon.holes.push_back(std::move(ring));
    }
  }
  geo::MultiPolygon shape{std::move(polygon)};
  if (const auto wrong = defect(shape)) return fail(ErrorCode::geometry_invalid, *wrong);
  return shape;
}

Expected<geo::Restriction> read_restriction(const json& value) {
  const std::string name = text_of(value);
  for (const auto r : {geo::Restriction::prohibited, geo::Restriction::requires_authorisation,
                       geo::Restriction::conditional, geo::Restriction::no_restriction}) {
    if (name == geo::ed269_name(r)) return r;
  }
  return invalid("restriction", value, "PROHIBITED, REQ_AUTHORISATION, CONDITIONAL or NO_RESTRICTION");
}

/// One volume of a zone. A zone far away comes back with an empty footprint.
Expected<geo::Geozone> read_volume(const json& geometry, geo::Geozone zone, const geo::LocalFrame& frame) {
  const json& unit = member(geometry, "uomDimensions");
  const std::string unit_name = text_of(unit);
  if (unit_name != "M" && unit_name != "FT") return invalid("uomDimensions", unit, "\"M\" or \"FT\"");
  const double unit_m = unit_name == "FT" ? kFoot_m : 1.0;
  const auto lower = read_limit(geometry, "lowerLimit", "lowerVerticalReference", unit_m);
  if (!lower) return Unexpected(lower.error());
  const auto upper = read_limit(geometry, "upperLimit", "upperVerticalReference", unit_m);
  if (!upper) return Unexpected(upper.error());
  zone.lower = *lower;
  zone.upper = *upper;
  if (zone.lower && zone.upper && zone.lower->reference == zone.upper->reference &&
      zone.lower->value_m > zone.upper->value_m) {
    return invalid("lowerLimit", member(geometry, "lowerLimit"), "no higher than upperLimit");
  }
  auto footprint = read_footprint(member(geometry, "horizontalProjection"), frame);
  if (!footprint) return Unexpected(footprint.error());
  zone.footprint = std::move(*footprint);
  zone.box = geo::bounds(zone.footprint);
  return zone;
}

/// All volumes of one zone, appended to the reading.
Expected<void> read_zone(const json& feature, const geo::LocalFrame& frame, const geo::Box2& extent,
                         GeozoneReading& reading) {
  geo::Geozone zone;
  zone.id = text_of(member(feature, "identifier"));
  if (zone.id.empty()) return invalid("identifier", member(feature, "identifier"), "a text");
  zone.name = text_of(member(feature, "name"));
  const auto restriction = read_restriction(member(feature, "restriction"));
  if (!restriction) return Unexpected(restriction.error());
  zone.restriction = *restriction;
  auto applicability = read_applicability(member(feature, "applicability"));
  if (!applicability) return Unexpected(applicability.error());
  zone.applicability = std::move(*applicability);
  const json& geometries = member(feature, "geometry");
  if (!geometries.is_array() || geometries.empty()) return invalid("geometry", geometries, "a list of volumes");
  for (const json& geometry : geometries) {
    auto volume = read_volume(geometry, zone, frame);
    if (!volume) return Unexpected(volume.error());
    if (volume->footprint.empty() || !volume->box.intersects(extent.grown(kFarAway_m))) {
      ++reading.ignored_outside;
    } else {
      reading.zones.push_back(std::move(*volume));
    }
  }
  return {};
}

}  // namespace

Expected<GeozoneReading> read_geozones(const std::filesystem::path& file, const geo::LocalFrame& frame,
                                       const geo::Box2& extent) {
  const auto read = read_json_source(file);
  if (!read) return Unexpected(read.error());
  const json& root = *read;
  const json& features = root.contains("UASZoneList") ? member(root, "UASZoneList") : member(root, "features");
  if (!features.is_array()) {
    return fail(ErrorCode::unsupported_format, "is not ED-269: it has neither a list \"features\" nor \"UASZoneList\"",
                file.string());
  }
  GeozoneReading reading;
  for (std::size_t k = 0; k < features.size(); ++k) {
    if (const auto done = read_zone(features[k], frame, extent, reading); !done) {
      Error error = done.error();
      const std::string id = text_of(member(features[k], "identifier"));
      error.where = fmt::format("{}, zone {}{}", file.string(), k, id.empty() ? "" : " (" + id + ")");
      return Unexpected(std::move(error));
    }
  }
  return reading;
}

}  // namespace swiftlet::maps
