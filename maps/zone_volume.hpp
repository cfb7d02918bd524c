#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/error.hpp"
#include "maps/published_zone.hpp"

// Private to maps: limits and footprints of zones, whatever the format that they stand in.
namespace swiftlet::maps {

/// How a format calls the members of a volume's vertical limits.
struct LimitNames {
  const char* lower;
  const char* lower_reference;
  const char* upper;
  const char* upper_reference;
  const char* unit;
  bool unit_may_be_absent;  ///< and means metres then
};
inline constexpr LimitNames kEd269Limits{
    "lowerLimit", "lowerVerticalReference", "upperLimit", "upperVerticalReference", "uomDimensions", false};
inline constexpr LimitNames kEd318Limits{"lower", "lowerReference", "upper", "upperReference", "uom", true};

/// Limits as numbers, numeric texts or null (and 99999, which means unlimited), in metres or feet.
/// Errors: value_invalid, naming the field.
[[nodiscard]] Expected<void> read_limits(const nlohmann::json& source, const LimitNames& names, ZoneVolume& volume);

/// Rings of [longitude, latitude], each closed by its first position. Errors: value_invalid, geometry_invalid (crossing
/// itself, no area, a hole outside, more than 100 000 positions).
[[nodiscard]] Expected<ZonePolygon> read_polygon(const nlohmann::json& rings);

/// Errors: value_invalid.
[[nodiscard]] Expected<ZoneCircle> read_circle(const nlohmann::json& centre, const char* centre_field,
                                               const nlohmann::json& radius, const char* radius_field);

}  // namespace swiftlet::maps
