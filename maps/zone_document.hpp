#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/published_zone.hpp"

// Private to maps: the JSON formats that zones are published in.
namespace swiftlet::maps {

/// Reads one zone in any of the forms: an ED-269 zone (`geometry` is a list of volumes), or a GeoJSON Feature with the
/// properties of ED-318 or of ED-269. Errors: value_invalid, geometry_invalid, time_invalid, unsupported_format, each
/// naming field, value and what would be right; `where` is left to the caller, but for the volume where a zone has
/// several.
[[nodiscard]] Expected<PublishedZone> read_zone(const nlohmann::json& zone);

/// Reads a document: ED-269 with the root `UASZoneList` or `features`, an ED-318 or plain GeoJSON FeatureCollection, or
/// a single Feature. `where` names the document. The whole of it is refused for one wrong zone. Errors as read_zone,
/// with `where` completed by number and id of the zone.
[[nodiscard]] Expected<std::vector<PublishedZone>> read_zone_document(const nlohmann::json& root,
                                                                      const std::string& where);

}  // namespace swiftlet::maps
