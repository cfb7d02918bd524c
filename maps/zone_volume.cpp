#include "maps/zone_volume.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "maps/feature_fields.hpp"
#include "maps/local_geometry.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;

constexpr std::size_t kMostPositions = 100'000;
/// What both formats write where there is no upper limit.
constexpr double kUnlimited = 99999.0;
constexpr double kWidestCircle_m = 200'000.0;

Unexpected invalid(const char* field, const json& value, const std::string& wanted) {
  return maps::invalid(ErrorCode::value_invalid, field, value, wanted);
}

Expected<std::optional<PublishedLimit>> read_limit(const json& source, const char* field, const char* reference_field) {
  const json& value = member(source, field);
  if (value.is_null()) return std::optional<PublishedLimit>();
  const auto number = read_number(value, field);
  if (!number) return Unexpected(number.error());
  if (std::abs(*number) > 1e6) return invalid(field, value, "a number of at most 10^6");
  const json& reference = member(source, reference_field);
  const std::string name = text_of(reference);
  if (name == "AGL") return std::optional(PublishedLimit{.value = *number, .reference = LimitReference::agl});
  if (name == "AMSL") return std::optional(PublishedLimit{.value = *number, .reference = LimitReference::amsl});
  if (name == "WGS84") return std::optional(PublishedLimit{.value = *number, .reference = LimitReference::wgs84});
  if (*number == kUnlimited && reference.is_null()) return std::optional(PublishedLimit{.value = kUnlimited});
  return invalid(reference_field, reference, "\"AGL\", \"AMSL\" or \"WGS84\"");
}

Expected<std::vector<LonLat>> read_ring(const json& ring) {
  if (!ring.is_array() || ring.size() < 4) {
    return invalid("coordinates", ring, "rings of four or more positions, the last one the same as the first");
  }
  std::vector<LonLat> corners;
  corners.reserve(ring.size());
  for (const json& position : ring) {
    const auto p = read_position(position, "coordinates", ErrorCode::value_invalid);
    if (!p) return Unexpected(p.error());
    corners.push_back(*p);
  }
  if (corners.front() != corners.back()) {
    return fail(ErrorCode::geometry_invalid,
                fmt::format("coordinates: a ring begins at {} and ends at {}; it must be closed by its first position",
                            shown(ring.front()), shown(ring.back())));
  }
  corners.pop_back();
  return corners;
}

/// What is wrong with a polygon in the plane of lon and lat, where its edges are straight.
std::optional<std::string> defect_in_degrees(const ZonePolygon& polygon) {
  const auto planar = [](const std::vector<LonLat>& ring) {
    geo::Ring out;
    out.reserve(ring.size());
    for (const LonLat& p : ring) out.emplace_back(p.lon_deg, p.lat_deg);
    return out;
  };
  geo::Polygon degrees{.outer = planar(polygon.rings.front()), .holes = {}};
  for (std::size_t k = 1; k < polygon.rings.size(); ++k) degrees.holes.push_back(planar(polygon.rings[k]));
  return defect({std::move(degrees)}, "degrees");
}

}  // namespace

Expected<void> read_limits(const json& source, const LimitNames& names, ZoneVolume& volume) {
  const json& unit = member(source, names.unit);
  const std::string unit_name = text_of(unit);
  volume.in_feet = unit_name == "FT" || unit_name == "ft";
  if (!volume.in_feet && unit_name != "M" && unit_name != "m" && !(unit.is_null() && names.unit_may_be_absent)) {
    return invalid(names.unit, unit, "\"M\" or \"FT\" (ED-318: \"m\" or \"ft\")");
  }
  const auto lower = read_limit(source, names.lower, names.lower_reference);
  if (!lower) return Unexpected(lower.error());
  const auto upper = read_limit(source, names.upper, names.upper_reference);
  if (!upper) return Unexpected(upper.error());
  volume.lower = *lower;
  volume.upper = *upper;
  if (volume.upper && volume.upper->value == kUnlimited) volume.upper.reset();
  if (volume.lower && volume.upper && volume.lower->reference == volume.upper->reference &&
      volume.lower->value > volume.upper->value) {
    return invalid(names.upper, member(source, names.upper),
                   fmt::format("no lower than {} = {}", names.lower, shown(member(source, names.lower))));
  }
  return {};
}

Expected<ZonePolygon> read_polygon(const json& rings) {
  if (!rings.is_array() || rings.empty()) return invalid("coordinates", rings, "a list of rings");
  std::size_t positions = 0;
  for (const json& ring : rings) positions += ring.size();
  if (positions > kMostPositions) {
    return fail(ErrorCode::geometry_invalid,
                fmt::format("coordinates: {} positions; at most {} are read", positions, kMostPositions));
  }
  ZonePolygon polygon;
  for (const json& source : rings) {
    auto ring = read_ring(source);
    if (!ring) return Unexpected(ring.error());
    polygon.rings.push_back(std::move(*ring));
  }
  if (const auto wrong = defect_in_degrees(polygon)) {
    return fail(ErrorCode::geometry_invalid,
                fmt::format("coordinates = {}: {}; it must be a simple polygon with its holes inside",
                            shown(rings.front()), *wrong));
  }
  return polygon;
}

Expected<ZoneCircle> read_circle(const json& centre, const char* centre_field, const json& radius,
                                 const char* radius_field) {
  const auto at = read_position(centre, centre_field, ErrorCode::value_invalid);
  if (!at) return Unexpected(at.error());
  const auto radius_m = read_number(radius, radius_field);
  if (!radius_m) return Unexpected(radius_m.error());
  if (!(*radius_m > 0.0 && *radius_m < kWidestCircle_m)) {
    return invalid(radius_field, radius, "a number of metres above 0 and below 200 000");
  }
  return ZoneCircle{.centre = *at, .radius_m = *radius_m};
}

}  // namespace swiftlet::maps
