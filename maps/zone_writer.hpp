#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/published_zone.hpp"

namespace swiftlet::maps {

/// Zones as an ED-269 document (root "features"). Where a text comes in several languages the English one is kept, or
/// else the first; a volume of several polygons becomes as many volumes. Errors: unsupported_format, naming the zone,
/// for what ED-269 cannot say: times by a local clock, limits above the ellipsoid.
[[nodiscard]] Expected<nlohmann::ordered_json> to_ed269(const std::vector<PublishedZone>& zones,
                                                        const std::string& title);

/// Zones as an ED-318 document, a GeoJSON FeatureCollection that keeps to its schemas. read_zone_document gives the
/// same zones back, but that texts are cut to 200 characters and reasons unknown to ED-318 become OTHER; an identifier
/// of more than its 7 characters is shortened and stands in full among the extended properties. Errors:
/// unsupported_format, naming the zone, for times by a local clock.
[[nodiscard]] Expected<nlohmann::ordered_json> to_ed318(const std::vector<PublishedZone>& zones,
                                                        const std::string& title);

}  // namespace swiftlet::maps
