#pragma once

#include <string>

#include "geo/airspace.hpp"
#include "geo/error.hpp"

namespace swiftlet::maps {

/// Reads one zone that is put up at run time: the JSON of an ED-269 zone, or of a GeoJSON feature with the properties
/// of ED-318 or ED-269. Its `published` is that JSON without white space, members in ascending order of their names.
/// `where` names the text in errors. Errors: bad_json, value_invalid, geometry_invalid, time_invalid,
/// unsupported_format.
[[nodiscard]] Expected<geo::LiveZone> read_live_zone(const std::string& text, const geo::Airspace& airspace,
                                                     const std::string& where);

/// The live zones of a version as a document, with which a route that was proven against it can be judged:
/// {"schema":"swiftlet.live_zones/1","base":"sha256:…","removed":["id",…],"zones":[…]}.
[[nodiscard]] std::string live_zones_document(const geo::Airspace& version);

/// The version of `compiled` that a document of live zones describes. Errors: those of read_live_zone, conflict (a zone
/// twice), not_found, value_invalid (another base). Precondition: `compiled` has no live zones of its own.
[[nodiscard]] Expected<geo::AirspacePtr> apply_live_zones(const geo::AirspacePtr& compiled, const std::string& document,
                                                          const std::string& where);

}  // namespace swiftlet::maps
