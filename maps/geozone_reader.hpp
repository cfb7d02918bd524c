#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "geo/error.hpp"
#include "geo/geozone.hpp"
#include "maps/published_zone.hpp"

namespace swiftlet::maps {

/// The region that zones are brought into.
struct ZonePlacement {
  geo::LocalFrame frame;
  geo::Box2 extent;                               ///< flyable, in the local frame
  std::optional<double> ellipsoid_minus_datum_m;  ///< for limits above the WGS84 ellipsoid
};

struct GeozoneReading {
  std::vector<geo::Geozone> zones;  ///< one a volume: a zone with two volumes gives two with the same id
  std::size_t ignored_outside = 0;  ///< volumes far from the region
};

/// Brings a zone into the local frame, limits into metres above ground or datum; a geodesic circle becomes a polygon
/// that encloses it. Appends to `reading`. Errors: geometry_invalid (longitude and latitude swapped, too far across the
/// globe), value_invalid (a limit above the ellipsoid in a region that does not say how its datum lies to it).
[[nodiscard]] Expected<void> place_zone(const PublishedZone& zone, const ZonePlacement& region,
                                        GeozoneReading& reading);

/// Reads a file of zones: ED-269 (root "UASZoneList" or "features"), ED-318, or GeoJSON with the properties of either.
/// Errors (the whole file is refused, naming zone, field and value): file_not_found, file_unreadable, bad_json,
/// value_invalid, geometry_invalid, time_invalid, unsupported_format.
[[nodiscard]] Expected<std::vector<PublishedZone>> read_zone_file(const std::filesystem::path& file);

/// read_zone_file and place_zone of every zone in it.
[[nodiscard]] Expected<GeozoneReading> read_geozones(const std::filesystem::path& file, const ZonePlacement& region);

}  // namespace swiftlet::maps
