#pragma once

#include <nlohmann/json_fwd.hpp>

#include "geo/error.hpp"
#include "maps/published_zone.hpp"

// Private to maps: what a zone says of itself besides its volumes.
namespace swiftlet::maps {

/// Members of published zones that ED-318 has no name for; they stand in its `extendedProperties`.
inline constexpr const char* kFullIdentifier = "swiftletIdentifier";

/// Reads identifier, restriction, texts, authorities and times from an ED-269 zone or the properties of a GeoJSON
/// feature, under the names of ED-269 (`restriction`, `type` for COMMON …) or of ED-318 (`type`, `variant`). Errors:
/// value_invalid, time_invalid, unsupported_format.
[[nodiscard]] Expected<PublishedZone> read_properties(const nlohmann::json& source);

}  // namespace swiftlet::maps
