#pragma once

#include <filesystem>
#include <vector>

#include "geo/error.hpp"
#include "geo/geozone.hpp"

namespace swiftlet::maps {

struct GeozoneReading {
  std::vector<geo::Geozone> zones;  ///< one a volume: a feature with two geometries gives two with the same id
  std::size_t ignored_outside = 0;  ///< volumes far from the region
};

/// Reads ED-269 zones (root "features" or "UASZoneList") into the local frame; `extent` is the region's. Liberal where
/// dialects differ: limits as numbers, numeric texts or null; "schedule" or "dailyPeriod"; times with or without
/// seconds. Errors (the whole file is refused, naming zone, field and value): file_not_found, bad_json, value_invalid,
/// geometry_invalid, time_invalid, unsupported_format.
[[nodiscard]] Expected<GeozoneReading> read_geozones(const std::filesystem::path& file, const geo::LocalFrame& frame,
                                                     const geo::Box2& extent);

}  // namespace swiftlet::maps
