#include "maps/geozone_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "geo/lonlat_shapes.hpp"
#include "maps/feature_fields.hpp"
#include "maps/intake/json_source.hpp"
#include "maps/local_geometry.hpp"
#include "maps/zone_document.hpp"

namespace swiftlet::maps {
namespace {

constexpr double kFoot_m = 0.3048;
/// Zones further than this from the region's extent are of no concern to it: beyond any zone_margin_m that is allowed.
constexpr double kFarAway_m = 12'000.0;
/// Beyond this distance from the region's centre positions are not brought into the local frame at all.
constexpr double kFarAway_deg = 3.0;

/// A box in degrees.
struct DegreeBox {
  double west = 180.0, east = -180.0, south = 90.0, north = -90.0;

  void include(LonLat p) {
    west = std::min(west, p.lon_deg);
    east = std::max(east, p.lon_deg);
    south = std::min(south, p.lat_deg);
    north = std::max(north, p.lat_deg);
  }
};

/// Whether the box stays clear of the region's surroundings. It is the box that counts: a zone may cover the region
/// with all its corners far away.
bool far_away(const DegreeBox& box, LonLat centre) {
  const double reach_lon_deg = kFarAway_deg / std::cos(centre.lat_deg * std::numbers::pi / 180.0);
  return box.west > centre.lon_deg + reach_lon_deg || box.east < centre.lon_deg - reach_lon_deg ||
         box.south > centre.lat_deg + kFarAway_deg || box.north < centre.lat_deg - kFarAway_deg;
}

bool swapped_axes(const DegreeBox& box, LonLat centre) {
  return far_away(box, centre) &&
         !far_away({.west = box.south, .east = box.north, .south = box.west, .north = box.east}, centre);
}

DegreeBox box_of(const ZoneVolume& volume) {
  DegreeBox box;
  if (const auto* circle = std::get_if<ZoneCircle>(&volume.shape)) {
    const double half_lat_deg = circle->radius_m / 111'000.0;
    const double half_lon_deg =
        half_lat_deg / std::max(0.01, std::cos(circle->centre.lat_deg * std::numbers::pi / 180.0));
    const LonLat c = circle->centre;
    box.include({.lon_deg = c.lon_deg - half_lon_deg, .lat_deg = c.lat_deg - half_lat_deg});
    box.include({.lon_deg = c.lon_deg + half_lon_deg, .lat_deg = c.lat_deg + half_lat_deg});
    return box;
  }
  for (const ZonePolygon& polygon : std::get<std::vector<ZonePolygon>>(volume.shape)) {
    for (const LonLat& p : polygon.rings.front()) box.include(p);
  }
  return box;
}

Expected<geo::MultiPolygon> place_shape(const ZoneVolume& volume, const DegreeBox& box, const geo::LocalFrame& frame) {
  if (const auto* circle = std::get_if<ZoneCircle>(&volume.shape)) {
    return geo::MultiPolygon{{geo::enclosing_geodesic_circle(frame, circle->centre, circle->radius_m), {}}};
  }
  // Transverse Mercator is of no use a quarter of the globe away.
  const double lon_deg = frame.centre().lon_deg;
  if (std::max(std::abs(box.west - lon_deg), std::abs(box.east - lon_deg)) > 45.0) {
    return fail(ErrorCode::geometry_invalid,
                fmt::format("coordinates reach from {} to {} degrees of longitude; they must stay within 45 degrees of "
                            "the region",
                            box.west, box.east));
  }
  geo::MultiPolygon shape;
  for (const ZonePolygon& polygon : std::get<std::vector<ZonePolygon>>(volume.shape)) {
    geo::Polygon local{.outer = geo::ring_from_lonlat(frame, polygon.rings.front()), .holes = {}};
    for (std::size_t k = 1; k < polygon.rings.size(); ++k) {
      local.holes.push_back(geo::ring_from_lonlat(frame, polygon.rings[k]));
    }
    shape.push_back(std::move(local));
  }
  if (const auto wrong = defect(shape)) return fail(ErrorCode::geometry_invalid, "coordinates: " + *wrong);
  return shape;
}

Expected<std::optional<geo::ZoneLimit>> place_limit(const std::optional<PublishedLimit>& limit, bool in_feet,
                                                    const char* field, const ZonePlacement& region) {
  if (!limit) return std::optional<geo::ZoneLimit>();
  geo::ZoneLimit placed{.value_m = limit->value * (in_feet ? kFoot_m : 1.0), .reference = geo::VerticalReference::amsl};
  if (limit->reference == LimitReference::agl) placed.reference = geo::VerticalReference::agl;
  if (limit->reference == LimitReference::wgs84) {
    if (!region.ellipsoid_minus_datum_m) {
      return fail(ErrorCode::value_invalid,
                  fmt::format("{} counts from the WGS84 ellipsoid; give ellipsoid_minus_datum_m in [region] of "
                              "region.toml, or the limit as AMSL",
                              field));
    }
    placed.value_m -= *region.ellipsoid_minus_datum_m;
  }
  return std::optional(placed);
}

/// The name in English, else in the first language given.
std::string one_name(const Texts& names) {
  const auto english =
      std::find_if(names.begin(), names.end(), [](const auto& text) { return text.lang.starts_with("en"); });
  if (english != names.end()) return english->text;
  return names.empty() ? "" : names.front().text;
}

Expected<void> place_volume(const ZoneVolume& volume, geo::Geozone zone, const ZonePlacement& region,
                            GeozoneReading& reading) {
  const auto lower = place_limit(volume.lower, volume.in_feet, "the lower limit", region);
  if (!lower) return Unexpected(lower.error());
  const auto upper = place_limit(volume.upper, volume.in_feet, "the upper limit", region);
  if (!upper) return Unexpected(upper.error());
  zone.lower = *lower;
  zone.upper = *upper;
  const DegreeBox box = box_of(volume);
  const LonLat centre = region.frame.centre();
  if (swapped_axes(box, centre)) {
    return fail(ErrorCode::geometry_invalid,
                fmt::format("coordinates begin near [{}, {}], far from the region at [{}, {}], but with longitude and "
                            "latitude swapped they lie in it; positions must be [longitude, latitude]",
                            box.west, box.south, centre.lon_deg, centre.lat_deg));
  }
  if (far_away(box, centre)) {
    ++reading.ignored_outside;
    return {};
  }
  auto shape = place_shape(volume, box, region.frame);
  if (!shape) return Unexpected(shape.error());
  zone.footprint = std::move(*shape);
  zone.box = geo::bounds(zone.footprint);
  if (zone.box.intersects(region.extent.grown(kFarAway_m))) {
    reading.zones.push_back(std::move(zone));
  } else {
    ++reading.ignored_outside;
  }
  return {};
}

}  // namespace

Expected<void> place_zone(const PublishedZone& zone, const ZonePlacement& region, GeozoneReading& reading) {
  const geo::Geozone common{.id = zone.id,
                            .name = one_name(zone.name),
                            .restriction = zone.restriction,
                            .footprint = {},
                            .box = {},
                            .lower = {},
                            .upper = {},
                            .applicability = zone.applicability};
  for (const ZoneVolume& volume : zone.volumes) {
    if (const auto done = place_volume(volume, common, region, reading); !done) return done;
  }
  return {};
}

Expected<std::vector<PublishedZone>> read_zone_file(const std::filesystem::path& file) {
  const auto root = read_json_source(file);
  if (!root) return Unexpected(root.error());
  return read_zone_document(*root, file.string());
}

Expected<GeozoneReading> read_geozones(const std::filesystem::path& file, const ZonePlacement& region) {
  const auto zones = read_zone_file(file);
  if (!zones) return Unexpected(zones.error());
  GeozoneReading reading;
  ErrorList problems;
  for (std::size_t k = 0; k < zones->size(); ++k) {
    const auto done = place_zone((*zones)[k], region, reading);
    if (done) continue;
    Error error = done.error();
    error.where = fmt::format("{}, zone {} ({})", file.string(), k, (*zones)[k].id);
    problems.note(std::move(error));
  }
  if (!problems.empty()) return Unexpected(problems.first());
  return reading;
}

}  // namespace swiftlet::maps
