#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "geo/error.hpp"
#include "maps/referee/geos_shapes.hpp"
#include "maps/referee/gis_source.hpp"
#include "maps/referee/zone_reading.hpp"

namespace swiftlet::maps::referee {

/// Reads a `horizontalProjection` into the local frame: polygon edges straight in longitude and latitude, circles
/// geodesic (as polygons that enclose them by under 2 mm up to 16 km of radius). Nothing where it is wholly outside
/// `around`. Errors: value_invalid, geometry_invalid.
[[nodiscard]] Expected<std::optional<Part>> read_footprint(const nlohmann::json& projection, const DegreeBox& around,
                                                           const OGRSpatialReference& local, const GeosContext& context,
                                                           const std::string& where);

/// A finite number, or one written as text. Errors: value_invalid.
[[nodiscard]] Expected<double> read_number(const nlohmann::json& value, const char* field, const std::string& where);

}  // namespace swiftlet::maps::referee
