#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
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

/// What a zone is read for.
struct ZoneSurroundings {
  DegreeBox around;
  const OGRSpatialReference& local;
  const GeosContext& context;
  std::optional<double> ellipsoid_minus_datum_m = {};  ///< for limits above the WGS84 ellipsoid
};

/// Reads one zone: of ED-269, or a GeoJSON feature with the properties of ED-318 or ED-269. Its volumes are checked,
/// and left out where they are wholly outside the surroundings. Errors: value_invalid, time_invalid, geometry_invalid,
/// unsupported_format, each naming zone and field after `where`.
[[nodiscard]] Expected<std::vector<Zone>> read_zone(const nlohmann::json& source, const ZoneSurroundings& region,
                                                    const std::string& where);

/// Reads a file: ED-269 (`features`, `UASZoneList`), ED-318, GeoJSON. Errors: file_not_found, bad_json,
/// unsupported_format, and those of read_zone.
[[nodiscard]] Expected<std::vector<Zone>> read_zones(const std::filesystem::path& file, const ZoneSurroundings& region);

}  // namespace swiftlet::maps::referee
