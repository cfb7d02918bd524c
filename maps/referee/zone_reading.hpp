#pragma once

#include <filesystem>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/geos_shapes.hpp"
#include "maps/referee/gis_source.hpp"
#include "maps/referee/zone.hpp"

namespace swiftlet::maps::referee {

/// A box in degrees, with some room around the region.
struct DegreeBox {
  LonLat south_west;
  LonLat north_east;
};

/// Reads an ED-269 file, either root form (`features`, `UASZoneList`). Every zone is checked; those wholly outside
/// `around` are then left out. Errors: file_not_found, bad_json, unsupported_format (ED-318 and GeoJSON),
/// value_invalid, time_invalid, geometry_invalid, each naming file, zone and field.
[[nodiscard]] Expected<std::vector<Zone>> read_zones(const std::filesystem::path& file, const DegreeBox& around,
                                                     const OGRSpatialReference& local, const GeosContext& context);

}  // namespace swiftlet::maps::referee
